"""What every term of a rule file must meet: it nests within limits, and its ranges are in place."""

from __future__ import annotations

from nesy.errors import Span
from nesy.language.malformed import Malformed
from nesy.language.ranges import is_range
from nesy.language.syntax import Compound, ListTerm, Term

MAX_TERM_DEPTH = 150
"""How deep terms may nest, so that no later stage meets one it cannot walk. A list is one level."""
MAX_GOAL_DEPTH = 40
"""How deep negations, conjunctions and disjunctions may nest inside one another."""
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


def check_term(term: Term) -> None:
    """Raise `Malformed` for a term that nests too deep, or holds a range outside a list.

    Cost: linear in the term.
    """
    if not isinstance(term, (Compound, ListTerm)):
        return
    stack: list[tuple[Term, int]] = [(term, 1)]
    while stack:
        current, depth = stack.pop()
        if isinstance(current, Compound):
            parts = current.args
            if current.functor == ".." and is_range(current):
                raise _misplaced(current)
        elif isinstance(current, ListTerm):
            parts = current.items if current.tail is None else (*current.items, current.tail)
        else:
            continue
        if depth > MAX_TERM_DEPTH:
            assert term.span is not None
            raise too_deep(term.span, MAX_TERM_DEPTH)
        stack.extend((part, depth + 1) for part in parts if isinstance(part, (Compound, ListTerm)))


def _misplaced(term: Compound) -> Malformed:
    assert term.span is not None
    return Malformed(
        "misplaced-range",
        "a range stands in a list or in the domain of nn/4",
        term.span,
        "to count in a body: between(0, 9, X)",
    )
