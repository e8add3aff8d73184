"""Independent clauses, each a choice between alternatives, enumerated; shares nothing with the package."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import TypeVar

T = TypeVar("T")


def choices(clauses: Sequence[Sequence[tuple[Fraction, T]]]) -> Iterator[tuple[Fraction, list[T]]]:
    """Every choice of at most one alternative of each clause that is possible, with its probability."""
    for choice in product(*(range(-1, len(clause)) for clause in clauses)):
        probability, taken = Fraction(1), []
        for clause, chosen in zip(clauses, choice, strict=True):
            if chosen < 0:
                probability *= 1 - sum(p for p, _ in clause)
            else:
                probability *= clause[chosen][0]
                taken.append(clause[chosen][1])
        if probability:
            yield probability, taken
