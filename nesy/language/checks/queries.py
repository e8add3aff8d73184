"""Warns of a program that asks nothing, and of a query that is misspelled."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from nesy.errors import Diagnostic
from nesy.language.syntax import Program, indicator

_ASKING = ("query", "evidence")


def no_query(program: Program) -> Iterator[Diagnostic]:
    """Warnings `misspelled-query`, at the head, and `no-query`, without a place.

    A program with networks is asked by a template, so it needs no query.
    """
    called = {
        indicator(h.atom): h for c in program.clauses for h in c.heads if c.body is None and len(c.heads) == 1
    }
    for (name, arity), head in called.items():
        if arity == 1 and get_close_matches(name, _ASKING, cutoff=0.8):
            yield Diagnostic(
                "misspelled-query",
                f"{name}/1 is an ordinary predicate",
                head.span,
                f"did you mean {get_close_matches(name, _ASKING)[0]}(...)?",
                "warning",
            )
    if not program.queries and next(program.networks(), None) is None:
        yield Diagnostic(
            "no-query",
            "the program asks nothing",
            None,
            "add query(atom). for each atom whose probability you want",
            "warning",
        )
