"""The predicates whose clauses must stay as they are, because a goal is about all solutions of theirs.

A list of all solutions is another one for each combination of what is uncertain: were the rows of a
collected table in question, there would be exponentially many lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import final

from nesy.language.checks.metacalls import argument_goals, is_opaque
from nesy.language.library import COLLECTING
from nesy.language.syntax import (
    Callable,
    Clause,
    Compound,
    Evidence,
    Goal,
    Indicator,
    Program,
    Query,
    indicator,
)
from nesy.language.terms import AGGREGATE
from nesy.language.traversal import body_of, calls

ABOUT_ALL: frozenset[Indicator] = frozenset(COLLECTING) | {
    ("findall", 3),
    ("all", 3),
    ("all_or_none", 3),
    ("subquery", 2),
    ("subquery", 3),
    ("include", 3),
    ("exclude", 3),
    ("partition", 4),
    ("partition", 5),
    ("predsort", 3),
}
"""Goals that are about all solutions of another."""

CLAUSE: Indicator = ("clause", 2)


def must_be_certain(program: Program) -> frozenset[Indicator] | None:
    """The predicates that collecting goals and the bodies of queries and evidence lead to.

    None, for all of them, where it cannot be told, and where the program reads its own clauses.
    Cost: O(size of the program).
    """
    uses = _Uses(program)
    try:
        return uses.reached(uses.roots())
    except _UntoldError:
        return None


def aggregates(clause: Clause) -> bool:
    """Whether a clause has an aggregate in its head, as in `total(G, sum<X>)`."""
    atoms = [h.atom for h in clause.heads if isinstance(h.atom, Compound)]
    return any(isinstance(a, Compound) and a.functor == AGGREGATE for atom in atoms for a in atom.args)


class _UntoldError(Exception):
    """What a goal calls cannot be told. Never shown."""


@final
class _Uses:
    """Which predicates the clauses of a program call."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._clauses: dict[Indicator, list[Clause]] = {}
        for clause in program.clauses:
            for key in dict.fromkeys(indicator(h.atom) for h in clause.heads):
                self._clauses.setdefault(key, []).append(clause)

    def roots(self) -> list[Indicator]:
        """What goals collect, and what the bodies of queries and evidence call. Raises `_UntoldError`."""
        found: list[Indicator] = []
        for statement in self._program.statements:
            body = body_of(statement)
            if isinstance(statement, (Query, Evidence)) or (
                isinstance(statement, Clause) and aggregates(statement)
            ):
                found.extend(indicator(atom) for atom in _every_call(body, strict=True))
                continue
            for atom in _every_call(body):
                if indicator(atom) == CLAUSE and CLAUSE not in self._clauses:
                    raise _UntoldError
                if indicator(atom) in ABOUT_ALL and indicator(atom) not in self._clauses:
                    found.extend(_collected(atom))
        return found

    def reached(self, roots: Iterable[Indicator]) -> frozenset[Indicator]:
        """The predicates that some lead to, they among them. Raises `_UntoldError`."""
        seen: set[Indicator] = set()
        stack = list(roots)
        while stack:
            key = stack.pop()
            if key in seen:
                continue
            seen.add(key)
            for clause in self._clauses.get(key, ()):
                stack.extend(indicator(atom) for atom in _every_call(clause.body, strict=True))
        return frozenset(seen)


def _collected(atom: Callable) -> Iterator[Indicator]:
    """The predicates that a collecting goal is about. Raises `_UntoldError`."""
    goals = argument_goals(atom)
    if not goals:
        raise _UntoldError
    for goal in goals:
        yield from (indicator(called) for called in _every_call(goal, strict=True))


def _every_call(goal: Goal | None, *, strict: bool = False) -> Iterator[Callable]:
    """The atoms that a body calls, those in arguments of others too.

    strict: raise `_UntoldError` for a call of what is known only later.
    """
    stack = [] if goal is None else [goal]
    while stack:
        for atom, _ in calls(stack.pop()):
            if strict and is_opaque(atom):
                raise _UntoldError
            yield atom
            stack.extend(argument_goals(atom))
