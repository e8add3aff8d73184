"""Ranges `low..high`: written out to numbers as soon as they are read."""

from __future__ import annotations

from nesy.language.malformed import Malformed
from nesy.language.syntax import Compound, Number, Term

MAX_RANGE = 1_000_000
"""The most numbers that one range may stand for."""


def is_range(term: Term) -> bool:
    """Whether a term is `low..high`."""
    return isinstance(term, Compound) and term.functor == ".." and len(term.args) == 2


def expand_ranges(items: list[Term]) -> list[Term]:
    """The items with every range among them written out. Raises `Malformed` for a range of no numbers."""
    if not any(is_range(item) for item in items):
        return items
    expanded: list[Term] = []
    for item in items:
        expanded.extend(numbers(item) if isinstance(item, Compound) and is_range(item) else (item,))
    return expanded


def numbers(term: Compound) -> list[Term]:
    """The numbers from `low` to `high`, both included. Each has the span of the range."""
    low, high = term.args
    span = term.span
    assert span is not None
    for end in (low, high):
        if not (isinstance(end, Number) and isinstance(end.value, int)):
            place = end.span or span
            raise Malformed(
                "malformed-range",
                "a range goes from one whole number to another",
                place,
                "write the numbers out: 0..9",
            )
    assert isinstance(low, Number)
    assert isinstance(high, Number)
    first, last = int(low.value), int(high.value)
    if last < first:
        raise Malformed(
            "malformed-range",
            f"the range {first}..{last} is empty",
            span,
            f"did you mean {last}..{first}?",
        )
    if last - first >= MAX_RANGE:
        raise Malformed(
            "malformed-range",
            f"a range stands for at most {MAX_RANGE:,} numbers",
            span,
        )
    return [Number(value, span) for value in range(first, last + 1)]
