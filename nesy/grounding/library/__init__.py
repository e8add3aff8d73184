"""Predicates that are rules themselves: those that call goals of the program, and so may be uncertain.

Each file holds the rules of one library in the language of rule files. It is read when a program first
calls one of its predicates.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from nesy.errors import Source
from nesy.language.library import APPLY, CONTROL
from nesy.language.parser import parse_program
from nesy.language.syntax import Clause, Indicator, indicator

HIDDEN = "$"
"""How the names of predicates begin that only the library itself calls."""

_FILES: dict[Indicator, str] = {
    **dict.fromkeys(APPLY, "apply"),
    ("predsort", 3): "apply",
    **dict.fromkeys(CONTROL, "control"),
}

PREDICATES: frozenset[Indicator] = frozenset(_FILES)
"""What a program may call."""


def rules_of(key: Indicator) -> tuple[Clause, ...]:
    """The rules of a predicate of the library, none where it has no such predicate.

    Cost: reading a file the first time one of its predicates is asked for.
    """
    name = _FILES.get(key)
    if name is not None:
        return library(name)[key]
    if not key[0].startswith(HIDDEN):
        return ()
    return next((rules[key] for rules in map(library, dict.fromkeys(_FILES.values())) if key in rules), ())


@cache
def library(name: str) -> dict[Indicator, tuple[Clause, ...]]:
    """The rules of one library by predicate."""
    text = (files(__package__) / f"{name}.nesy").read_text(encoding="utf-8")
    program, malformed = parse_program(Source(f"library({name})", text))
    assert not malformed, malformed[0].render()
    rules: dict[Indicator, list[Clause]] = {}
    for clause in program.clauses:
        rules.setdefault(indicator(clause.heads[0].atom), []).append(clause)
    return {key: tuple(clauses) for key, clauses in rules.items()}
