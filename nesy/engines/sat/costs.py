"""Beliefs as the integer costs that MaxSAT minimises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import final

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

FORBIDDEN = -1
"""Stands for the cost of a value that is impossible."""


@final
@dataclass(frozen=True, eq=False)
class Costs:
    """What it costs to depart from each symbol's best value, for B examples.

    excess: (B, V); round(scale * (belief of the symbol's best value - belief)), so the best value of
    every symbol costs 0. A value of belief -inf is `FORBIDDEN`.
    best: (B, n); the index of each symbol's best value, the first of equals.
    step: (B, n); the least cost above 0 among the symbol's values, 0 where there is none.
    tied: (B, n); whether several values cost 0.
    """

    excess: IntArray
    best: IntArray
    step: IntArray
    tied: NDArray[np.bool_]

    def __len__(self) -> int:
        """B, the number of examples."""
        return len(self.best)

    def rows(self, chosen: Sequence[int]) -> Costs:
        """Those of some examples, in the order given."""
        return Costs(self.excess[chosen], self.best[chosen], self.step[chosen], self.tied[chosen])


def costs_of(beliefs: FloatArray, offsets: Sequence[int], scale: float) -> Costs:
    """The costs of (B, V) log-probabilities; offsets: (n + 1,), where each symbol's values start.

    Cost: a few array operations for each number of values that symbols have; O(B * V) in all.
    """
    batch, count = len(beliefs), len(offsets) - 1
    excess = np.zeros(beliefs.shape, dtype=np.int64)
    best, step = (np.zeros((batch, count), dtype=np.int64) for _ in range(2))
    tied = np.zeros((batch, count), dtype=np.bool_)
    for size, symbols in _by_size(offsets).items():
        columns = np.asarray(offsets)[symbols][:, None] + np.arange(size)
        block = beliefs[:, columns]
        best[:, symbols] = block.argmax(axis=2)
        possible = np.isfinite(block)
        highest = block.max(axis=2, keepdims=True)
        gaps = np.where(possible, highest, 0.0) - np.where(possible, block, 0.0)
        cost = np.where(possible, np.rint(scale * gaps), FORBIDDEN).astype(np.int64)
        excess[:, columns] = cost
        above = np.where(cost > 0, cost, np.iinfo(np.int64).max).min(axis=2)
        step[:, symbols] = np.where((cost > 0).any(axis=2), above, 0)
        tied[:, symbols] = (cost == 0).sum(axis=2) > 1
    return Costs(excess, best, step, tied)


def _by_size(offsets: Sequence[int]) -> dict[int, list[int]]:
    """The symbols that have so many values."""
    found: dict[int, list[int]] = {}
    for symbol, (start, end) in enumerate(pairwise(offsets)):
        found.setdefault(end - start, []).append(symbol)
    return found
