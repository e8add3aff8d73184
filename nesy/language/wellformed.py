"""What every statement must meet: it nests within limits, and its ranges are in place."""

from __future__ import annotations

from nesy.errors import Span
from nesy.language.malformed import Malformed
from nesy.language.ranges import is_range
from nesy.language.syntax import Callable, Clause, Constraint, Directive, Evidence, Query, Statement, Term
from nesy.language.terms import parts_of
from nesy.language.traversal import calls, statement_terms

MAX_GOAL_DEPTH = 100
"""How deep negations, conjunctions, disjunctions and conditionals may nest inside one another."""
MAX_OPEN_BRACKETS = 5_000
"""How many brackets may be open at once while reading, those that only group among them."""


def too_deep(span: Span, limit: int) -> Malformed:
    """The refusal of a term or body that nests too deep."""
    return Malformed(
        "term-too-deep",
        f"more than {limit} levels stand inside one another here",
        Span(span.source, span.start, min(span.end, span.start + 1)),
        "split it with further variables or rules; lists and conjunctions may have any length",
    )


def check_ranges(statement: Statement | Callable) -> None:
    """Raise `Malformed` for a range that stands outside a list and outside the domain of nn/4.

    Those in place are written out already. Cost: linear in the statement.
    """
    stack = list(_terms(statement))
    while stack:
        term = stack.pop()
        if is_range(term):
            assert term.span is not None
            raise Malformed(
                "misplaced-range",
                "a range stands in a list or in the domain of nn/4",
                term.span,
                "to count in a body: between(0, 9, X)",
            )
        stack.extend(reversed(parts_of(term)))


def _terms(statement: Statement | Callable) -> list[Term]:
    """The terms of a statement, the last one first."""
    if isinstance(statement, (Clause, Constraint)):
        return list(statement_terms(statement))[::-1]
    if isinstance(statement, Directive):
        return [statement.term]
    if isinstance(statement, (Query, Evidence)):
        return [*reversed([atom for atom, _ in calls(statement.body)]), statement.atom]
    return [statement]
