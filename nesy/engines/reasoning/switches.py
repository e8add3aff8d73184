r"""A program whose parts can be left out: each gets a switch, a fact that may hold or not.

A rule `h :- b` becomes `h :- b, $switch(3)`, evidence for `a` the constraint `:- \+a, $switch(4)`. So a
part is in force where its switch is on, whatever the grounder makes of it, recursion included.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import final

import numpy as np

from nesy.engines.reasoning.asking import pattern
from nesy.engines.reasoning.certain import aggregates, must_be_certain
from nesy.engines.reasoning.parts import Part, PartKind, part_of
from nesy.errors import LanguageError
from nesy.language.checks.unknown import nearest
from nesy.language.facts import FactTable
from nesy.language.syntax import (
    Call,
    Clause,
    Compound,
    Conjunction,
    Constraint,
    Evidence,
    Goal,
    Indicator,
    Negation,
    Number,
    Program,
    Statement,
    indicator,
)
from nesy.logic.program import GroundProgram

SWITCH = "$switch"
ON = 1
"""The value of a switch's symbol where its part is in force."""


@final
@dataclass(frozen=True)
class Switched:
    """A program with switches, and the part that each of them turns on, by number."""

    program: Program
    parts: tuple[Part, ...] = field(repr=False)

    def symbols(self, ground: GroundProgram) -> dict[int, Part]:
        """The symbols of a ground program that are switches, and their parts, in order of the text."""
        names = {_name(number): number for number in range(len(self.parts))}
        found = {
            names[symbol.name]: place for place, symbol in enumerate(ground.symbols) if symbol.name in names
        }
        return {found[number]: self.parts[number] for number in sorted(found)}


def switched(program: Program, among: frozenset[PartKind], background: Iterable[str] = ()) -> Switched:
    """A program in which parts of some kinds have switches.

    background: predicates such as `edge/2` whose clauses are always in force; so are those that collecting
    goals are about (see `must_be_certain`), and facts of tables.
    Raises `LanguageError` for a predicate that is none: syntax codes, unknown-predicate.
    Cost: O(size of the program).
    """
    granted = frozenset(_predicate(text, program) for text in background)
    switching = _Switching(among, granted, must_be_certain(program))
    statements = tuple(switching.rewritten(s) for s in program.statements)
    count = len(switching.parts)
    table = FactTable(SWITCH, (np.arange(count),), np.full(count, 0.5), "switches")
    return Switched(
        replace(program, statements=statements, facts=(*program.facts, table)), tuple(switching.parts)
    )


def _predicate(text: str, program: Program) -> Indicator:
    name, arity = key = indicator(pattern(text))
    if key not in program.predicates:
        raise LanguageError(
            "unknown-predicate",
            f"no clause defines {name}/{arity}, which is to be taken for granted",
            hint=nearest(key, program.predicates),
        )
    return key


def _name(number: int) -> str:
    return f"'{SWITCH}'({number})"


@final
@dataclass(frozen=True)
class _Switching:
    """Rewrites statements one by one, and remembers their parts."""

    among: frozenset[PartKind]
    background: frozenset[Indicator]
    certain: frozenset[Indicator] | None
    parts: list[Part] = field(default_factory=list)

    def rewritten(self, statement: Statement) -> Statement:
        """The statement with its switch; itself where it has none."""
        part = part_of(statement)
        if part is None or part.kind not in self.among:
            return statement
        if isinstance(statement, Clause):
            return self._clause(statement, part)
        if isinstance(statement, Constraint):
            return replace(statement, body=_both(statement.body, self._switch(part)))
        if isinstance(statement, Evidence):
            return self._evidence(statement, part)
        return statement

    def _clause(self, clause: Clause, part: Part) -> Clause:
        keys = [indicator(h.atom) for h in clause.heads]
        if aggregates(clause) or any(map(self._fixed, keys)):
            return clause
        return replace(clause, body=_both(clause.body, self._switch(part)))

    def _fixed(self, key: Indicator) -> bool:
        return self.certain is None or key in self.certain or key in self.background

    def _evidence(self, evidence: Evidence, part: Part) -> Constraint:
        """The constraint that what was observed is not otherwise."""
        seen: Goal = Call(evidence.atom, evidence.span)
        otherwise = Negation(seen, evidence.span) if evidence.holds else seen
        body = otherwise if evidence.body is None else _both(evidence.body, otherwise)
        return Constraint(_both(body, self._switch(part)), evidence.span)

    def _switch(self, part: Part) -> Goal:
        self.parts.append(part)
        return Call(Compound(SWITCH, (Number(len(self.parts) - 1),), part.span), part.span)


def _both(first: Goal | None, second: Goal) -> Goal:
    """Two goals, one behind the other."""
    if first is None:
        return second
    goals = first.goals if isinstance(first, Conjunction) else (first,)
    more = second.goals if isinstance(second, Conjunction) else (second,)
    return Conjunction((*goals, *more), first.span)
