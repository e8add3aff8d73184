"""What some nodes of a graph say in one line: that so many of some literals hold.

A node that says so is built of other nodes, as every node is, and whatever reads the graph may read those.
A `Count` beside it says the same in a form for which better ways of reasoning are known, such as encodings
into clauses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import final

_TRUE, _FALSE = 1, -1
"""As literals of a graph."""


@final
@dataclass(frozen=True, slots=True)
class Count:
    """`low` <= the sum of the weights of those literals that hold <= `high`; None is no bound.

    terms: (weight, literal), the weights not 0; each literal once, and neither TRUE nor FALSE.
    """

    terms: tuple[tuple[int, int], ...]
    low: int | None
    high: int | None

    @staticmethod
    def over(terms: Iterable[tuple[int, int]], low: int | None, high: int | None) -> Count:
        """The count of any literals: constants are taken into the bounds, repeated literals added up."""
        weights: Counter[int] = Counter()
        for weight, literal in terms:
            weights[literal] += weight
        certain = weights.pop(_TRUE, 0)
        weights.pop(_FALSE, 0)
        return Count(
            tuple((weight, literal) for literal, weight in weights.items() if weight),
            None if low is None else low - certain,
            None if high is None else high - certain,
        )

    def negated(self) -> Count | None:
        """The count that holds exactly where this one does not; None where that is no single count."""
        if self.low is None and self.high is not None:
            return Count(self.terms, self.high + 1, None)
        if self.high is None and self.low is not None:
            return Count(self.terms, None, self.low - 1)
        return None

    def mapped(self, image: Callable[[int], int]) -> Count:
        """The same about the images of its literals."""
        return Count.over(((weight, image(literal)) for weight, literal in self.terms), self.low, self.high)
