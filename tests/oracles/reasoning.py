"""Possible worlds, and which parts of a program force what, by looking at every world."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

from tests.oracles.enumeration import Worlds, enumerate_worlds, perfect_models, stratify
from tests.oracles.instances import instantiate
from tests.oracles.program import Atom, Clause, Constraint, Head, Literal, Program


@dataclass(frozen=True)
class Possible:
    """The worlds of a program that have a chance and meet its evidence and constraints, as bits."""

    worlds: Worlds
    holds: dict[Atom, int]
    accepted: int

    def where(self, literal: Literal) -> int:
        worlds = self.holds.get(literal.atom, 0)
        return worlds if literal.positive else self.worlds.all & ~worlds

    def truths(self, atoms: Sequence[Atom]) -> set[tuple[bool, ...]]:
        """The combinations of truths of some atoms that occur."""
        found = set()
        columns = [self.holds.get(a, 0) for a in atoms]
        for number in range(len(self.worlds.weights)):
            if self.accepted >> number & 1:
                found.add(tuple(bool(c >> number & 1) for c in columns))
        return found


def possible(program: Program) -> Possible:
    """Raises NotStratifiedError."""
    ground = instantiate(program)
    worlds = enumerate_worlds(ground)
    holds = perfect_models(ground, stratify(ground), worlds)
    accepted = sum(1 << i for i, weight in enumerate(worlds.weights) if weight)
    found = Possible(worlds, holds, accepted)
    for literal in program.evidence:
        accepted &= found.where(literal)
    for body in ground.constraints:
        broken = worlds.all
        for literal in body:
            broken &= found.where(literal)
        accepted &= ~broken
    return replace(found, accepted=accepted)


Part = int
"""A statement's place among the clauses, then the constraints, then the evidence of a program."""


@dataclass(frozen=True)
class Parts:
    """All ways to leave out parts of a program, each a set of worlds of one larger program."""

    possible: Possible
    count: int

    def _on(self, parts: Iterable[Part]) -> int:
        found = self.possible.accepted
        for part in parts:
            found &= self.possible.holds[_switch(part)]
        return found

    def force(self, parts: Iterable[Part], literal: Literal | None) -> bool:
        """Whether some parts make a literal hold in every world, whichever of the others are left out."""
        against = self._on(parts)
        if literal is not None:
            against &= self.possible.where(Literal(literal.atom, not literal.positive))
        return against == 0

    def consistent_without(self, parts: Iterable[Part]) -> bool:
        """Whether there is a world once exactly these parts are left out."""
        left_out = set(parts)
        found = self._on(p for p in range(self.count) if p not in left_out)
        for part in left_out:
            found &= ~self.possible.holds[_switch(part)]
        return found != 0

    def subsets(self, size: int) -> Iterable[tuple[Part, ...]]:
        return combinations(range(self.count), size)


def parts(program: Program) -> Parts:
    """Raises NotStratifiedError."""
    count = len(program.clauses) + len(program.constraints) + len(program.evidence)
    clauses = [replace(c, body=(*c.body, _when(i))) for i, c in enumerate(program.clauses)]
    constraints = [Constraint((*c.body, _when(len(clauses) + i))) for i, c in enumerate(program.constraints)]
    first = len(clauses) + len(constraints)
    constraints += [
        Constraint((Literal(x.atom, not x.positive), _when(first + i)))
        for i, x in enumerate(program.evidence)
    ]
    switches = [Clause((Head(_switch(i), Fraction(1, 2)),)) for i in range(count)]
    asked = (*program.queries, *map(_switch, range(count)))
    larger = Program((*clauses, *switches), asked, (), tuple(constraints))
    return Parts(possible(larger), count)


def _switch(part: Part) -> Atom:
    return Atom(f"in_force_{part}")


def _when(part: Part) -> Literal:
    return Literal(_switch(part))
