"""Cheapest ways over many maps at a time: where labels come from, and what predictions are held against.

A way goes from the first tile of a map to the last, to any of eight neighbours at each step, and pays for
every tile that it enters.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.path_planning.terrain import IntArray

FAR = 1 << 30
"""More than any way costs."""

STEPS = tuple((row, column) for row in (-1, 0, 1) for column in (-1, 0, 1) if (row, column) != (0, 0))
"""From a tile to its neighbours, row by row: of equally good ones a way comes from the first."""


def distances(costs: IntArray) -> IntArray:
    """(E, N, N): what the cheapest way from the first tile to each costs. costs: those of entering a tile.

    Cost: a few array operations for each tile of the longest way.
    """
    found = np.full_like(costs, FAR)
    found[:, 0, 0] = 0
    while True:
        nearest = _beside(found).min(axis=0)
        better = np.minimum(found, nearest + costs)
        if (better == found).all():
            return found
        found = better


def cheapest_ways(costs: IntArray) -> NDArray[np.bool_]:
    """(E, N, N): which tiles lie on the cheapest way of each map.

    Where several are, the way that comes, seen from its end, from the first in the order of `STEPS`.
    """
    before = _beside(distances(costs)).argmin(axis=0)
    steps = np.array(STEPS)
    maps = np.arange(len(costs))
    row, column = np.full((2, len(costs)), costs.shape[1] - 1)
    ways = np.zeros(costs.shape, dtype=np.bool_)
    ways[maps, row, column] = True
    while (row | column).any():
        came = steps[before[maps, row, column]] * ((row | column) > 0)[:, None]
        row, column = row + came[:, 0], column + came[:, 1]
        ways[maps, row, column] = True
    return ways


def optimal(ways: NDArray[np.bool_], costs: IntArray) -> NDArray[np.bool_]:
    """(E,): whether the marked tiles of each map are those of a cheapest way, of which there may be many.

    They are if a way leads over them alone, and they cost together what the cheapest way costs: as every
    tile costs something, no tile is then left over.
    """
    among = distances(np.where(ways, costs, FAR))[:, -1, -1]
    entered = np.where(ways, costs, 0).sum(axis=(1, 2)) - costs[:, 0, 0]
    best = distances(costs)[:, -1, -1]
    joined: NDArray[np.bool_] = ways[:, 0, 0] & ways[:, -1, -1] & (among == best) & (entered == best)
    return joined


def _beside(values: IntArray) -> IntArray:
    """(8, E, N, N): the value of each neighbour, in the order of `STEPS`; `FAR` beyond the edge."""
    size = values.shape[1]
    wide = np.pad(values, ((0, 0), (1, 1), (1, 1)), constant_values=FAR)
    return np.stack([wide[:, 1 + r : 1 + r + size, 1 + c : 1 + c + size] for r, c in STEPS])
