"""Programs as the oracle sees them: probabilistic Datalog with negation, evidence and constraints.

`text` prints a program in ProbLog's syntax; that text is all the tested code ever sees of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Union


@dataclass(frozen=True)
class Var:
    """A variable, scoped to its clause or constraint."""

    name: str


Constant = Union[str, int]
Argument = Union[str, int, Var]


@dataclass(frozen=True)
class Atom:
    """A predicate and its arguments; ground when none of them is a `Var`."""

    predicate: str
    args: tuple[Argument, ...] = ()

    def variables(self) -> Iterator[Var]:
        return (a for a in self.args if isinstance(a, Var))

    def ground(self, binding: dict[Var, Constant]) -> Atom:
        return Atom(self.predicate, tuple(binding[a] if isinstance(a, Var) else a for a in self.args))

    def __str__(self) -> str:
        if not self.args:
            return self.predicate
        shown = (a.name if isinstance(a, Var) else str(a) for a in self.args)
        return f"{self.predicate}({','.join(shown)})"


@dataclass(frozen=True)
class Literal:
    """An atom, or its negation."""

    atom: Atom
    positive: bool = True

    def __str__(self) -> str:
        return str(self.atom) if self.positive else f"\\+{self.atom}"


@dataclass(frozen=True)
class Head:
    """One alternative of a clause; a probability of None stands for a plain rule or fact."""

    atom: Atom
    probability: Fraction | None = None

    def __str__(self) -> str:
        return str(self.atom) if self.probability is None else f"{decimal(self.probability)}::{self.atom}"


@dataclass(frozen=True)
class Clause:
    """One head for facts and rules, several for an annotated disjunction."""

    heads: tuple[Head, ...]
    body: tuple[Literal, ...] = ()

    def variables(self) -> tuple[Var, ...]:
        atoms = [h.atom for h in self.heads] + [x.atom for x in self.body]
        return tuple(dict.fromkeys(v for a in atoms for v in a.variables()))

    def __str__(self) -> str:
        heads = "; ".join(map(str, self.heads))
        return f"{heads} :- {_conjunction(self.body)}." if self.body else f"{heads}."


@dataclass(frozen=True)
class Constraint:
    """No world may satisfy this body."""

    body: tuple[Literal, ...]

    def variables(self) -> tuple[Var, ...]:
        return tuple(dict.fromkeys(v for x in self.body for v in x.atom.variables()))

    def __str__(self) -> str:
        return f":- {_conjunction(self.body)}."


@dataclass(frozen=True)
class Program:
    """Clauses and what is asked of them. Queries and evidence are ground."""

    clauses: tuple[Clause, ...]
    queries: tuple[Atom, ...]
    evidence: tuple[Literal, ...] = ()
    constraints: tuple[Constraint, ...] = ()


def text(program: Program) -> str:
    """The program as rule text, one statement a line."""
    evidence = (f"evidence({x.atom}{'' if x.positive else ', false'})." for x in program.evidence)
    queries = (f"query({q})." for q in program.queries)
    return "\n".join([*map(str, program.clauses), *map(str, program.constraints), *evidence, *queries]) + "\n"


def decimal(p: Fraction) -> str:
    """A probability as rule text: a decimal where it is one exactly, a quotient where it is not."""
    for digits in range(1, 10):
        if (p * 10**digits).denominator == 1:
            return f"{float(p):.{digits}f}"
    return f"{p.numerator}/{p.denominator}"


def _conjunction(body: tuple[Literal, ...]) -> str:
    return ", ".join(map(str, body))
