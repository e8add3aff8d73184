"""Naive grounding: every clause over every constant, kept only where it can matter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from tests.oracles.program import Atom, Clause, Constant, Constraint, Literal, Program, Var


@dataclass(frozen=True)
class Instance:
    """A ground clause. Each instance with probabilities is one independent choice among its heads.

    probabilities: one for each head; None where the clause holds for certain.
    """

    heads: tuple[Atom, ...]
    probabilities: tuple[Fraction, ...] | None
    body: tuple[Literal, ...]


@dataclass(frozen=True)
class Instances:
    """A ground program: the clauses that the queries, evidence and constraints depend on."""

    clauses: tuple[Instance, ...]
    constraints: tuple[tuple[Literal, ...], ...]

    @property
    def worlds(self) -> int:
        """How many ways there are to make all choices."""
        count = 1
        for clause in self.clauses:
            count *= len(alternatives(clause))
        return count


def alternatives(clause: Instance) -> tuple[tuple[int | None, Fraction], ...]:
    """The ways to choose in an instance: (index of the head, or None for no head, probability)."""
    if clause.probabilities is None:
        return ((0, Fraction(1)),)
    chosen: list[tuple[int | None, Fraction]] = list(enumerate(clause.probabilities))
    rest = 1 - sum(clause.probabilities, Fraction(0))
    return (*chosen, (None, rest)) if rest else tuple(chosen)


def instantiate(program: Program) -> Instances:
    """Ground a program. Cost: (number of constants) to the power of (variables of a clause)."""
    constants = _constants(program)
    clauses = [_instance(c, b) for c in program.clauses for b in _bindings(c, constants)]
    clauses = _possible(clauses)
    derivable = {head for c in clauses for head in c.heads}
    constraints = [
        body
        for k in program.constraints
        for b in _bindings(k, constants)
        if _supported(body := _ground(k.body, b), derivable)
    ]
    asked = [
        *program.queries,
        *(x.atom for x in program.evidence),
        *(x.atom for body in constraints for x in body),
    ]
    return Instances(tuple(_relevant(clauses, asked)), tuple(constraints))


def _constants(program: Program) -> list[Constant]:
    atoms = [h.atom for c in program.clauses for h in c.heads]
    atoms += [x.atom for c in program.clauses for x in c.body]
    atoms += [*program.queries, *(x.atom for x in program.evidence)]
    atoms += [x.atom for k in program.constraints for x in k.body]
    return list(dict.fromkeys(a for atom in atoms for a in atom.args if not isinstance(a, Var)))


def _bindings(statement: Clause | Constraint, constants: list[Constant]) -> Iterator[dict[Var, Constant]]:
    variables = statement.variables()
    return (dict(zip(variables, values, strict=True)) for values in product(constants, repeat=len(variables)))


def _ground(body: tuple[Literal, ...], binding: dict[Var, Constant]) -> tuple[Literal, ...]:
    return tuple(Literal(x.atom.ground(binding), x.positive) for x in body)


def _instance(clause: Clause, binding: dict[Var, Constant]) -> Instance:
    labels = tuple(h.probability for h in clause.heads)
    probabilities = tuple(p for p in labels if p is not None)
    assert len(probabilities) in (0, len(labels)), "a clause labels all of its heads or none"
    heads = tuple(h.atom.ground(binding) for h in clause.heads)
    return Instance(heads, probabilities or None, _ground(clause.body, binding))


def _supported(body: tuple[Literal, ...], derivable: set[Atom]) -> bool:
    return all(x.atom in derivable for x in body if x.positive)


def _possible(clauses: list[Instance]) -> list[Instance]:
    """Drop the instances that no world can use: negation ignored, every head taken."""
    derivable: set[Atom] = set()
    while True:
        supported = [c for c in clauses if _supported(c.body, derivable)]
        heads = {head for c in supported for head in c.heads}
        if heads <= derivable:
            return supported
        derivable |= heads


def _relevant(clauses: list[Instance], asked: Iterable[Atom]) -> list[Instance]:
    """The clauses that the atoms asked for depend on, in order."""
    defining: dict[Atom, list[int]] = defaultdict(list)
    for number, clause in enumerate(clauses):
        for head in clause.heads:
            defining[head].append(number)
    kept: set[int] = set()
    open_atoms, seen = list(asked), set(asked)
    while open_atoms:
        for number in defining[open_atoms.pop()]:
            kept.add(number)
            fresh = {x.atom for x in clauses[number].body} - seen
            seen |= fresh
            open_atoms.extend(fresh)
    return [clauses[number] for number in sorted(kept)]
