"""Warns of a program that asks nothing, and of a query that is misspelled."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from nesy.errors import Diagnostic
from nesy.language.checks.survey import Survey
from nesy.language.syntax import Clause, Head, Indicator, Learnable, Neural, indicator

_ASKING = ("query", "evidence")


def no_query(survey: Survey) -> Iterator[Diagnostic]:
    """Warnings `misspelled-query`, at the head, and `no-query`, without a place.

    A program with networks or with probabilities to learn is asked by a template, so it needs no query.
    """
    program = survey.program
    for (name, _), head in misspelled(survey).items():
        yield Diagnostic(
            "misspelled-query",
            f"{name}/1 is an ordinary predicate",
            head.span,
            f"did you mean {get_close_matches(name, _ASKING)[0]}(...)?",
            "warning",
        )
    if not program.queries and not any(map(_learns, program.clauses)):
        yield Diagnostic(
            "no-query",
            "the program asks nothing",
            None,
            "add query(atom). for each atom whose probability you want",
            "warning",
        )


def misspelled(survey: Survey) -> dict[Indicator, Head]:
    """The predicates of one argument whose facts seem to be meant as queries or evidence."""
    facts = (c for c in survey.program.clauses if c.body is None and len(c.heads) == 1)
    last = {indicator(c.heads[0].atom): c.heads[0] for c in facts}
    return {k: h for k, h in last.items() if k[1] == 1 and get_close_matches(k[0], _ASKING, cutoff=0.8)}


def _learns(clause: Clause) -> bool:
    return any(isinstance(h.label, (Neural, Learnable)) for h in clause.heads)
