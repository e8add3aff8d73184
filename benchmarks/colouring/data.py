"""Maps: regions around random points, properly coloured, and noisy patches of their colours."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

COLOURS = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0]], dtype=np.float64)
"""Red, green, blue and yellow, in the order of the rules."""

Indices = NDArray[np.int64]


@final
@dataclass(frozen=True, eq=False)
class Map:
    """borders: (E, 2), regions that touch.

    colours: (n,), indices into `COLOURS`; no two that touch are equal.
    patches: (n, 3), what is seen of each region: its colour and noise.
    """

    borders: Indices
    colours: Indices
    patches: NDArray[np.float64]

    def violations(self, colours: Indices) -> int:
        """How many borders have one colour on both sides."""
        return int((colours[self.borders[:, 0]] == colours[self.borders[:, 1]]).sum())


def random_map(regions: int, noise: float, rng: np.random.Generator) -> Map:
    """A map of the regions around random points; those touch that a Delaunay triangulation joins."""
    from scipy.spatial import Delaunay  # noqa: PLC0415 - slow to import

    corners = Delaunay(rng.random((regions, 2))).simplices
    pairs = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
    borders = np.unique(np.sort(pairs, axis=1), axis=0).astype(np.int64)
    colours = proper_colouring(regions, borders, rng)
    return Map(borders, colours, COLOURS[colours] + noise * rng.normal(size=(regions, 3)))


def proper_colouring(regions: int, borders: Indices, rng: np.random.Generator) -> Indices:
    """Colours at random, then mended: a region that clashes takes the colour that fewest neighbours have.

    Ends with a proper colouring, after starting again where mending goes on for too long.
    """
    neighbours: list[list[int]] = [[] for _ in range(regions)]
    for a, b in borders.tolist():
        neighbours[a].append(b)
        neighbours[b].append(a)
    while True:
        colours = rng.integers(len(COLOURS), size=regions)
        waiting = deque(rng.permutation(regions).tolist())
        for _ in range(200 * regions):
            if not waiting:
                return colours
            region = waiting.popleft()
            counts = np.bincount(colours[neighbours[region]], minlength=len(COLOURS))
            if counts[colours[region]]:
                fewest = np.flatnonzero(counts == counts.min())
                colours[region] = rng.choice(fewest)
                waiting.extend(n for n in neighbours[region] if colours[n] == colours[region])
                if counts.min():
                    waiting.append(region)
