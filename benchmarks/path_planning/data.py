"""Maps that are seen tile by tile, and their cheapest ways: all that training sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from benchmarks.path_planning.routes import cheapest_ways
from benchmarks.path_planning.terrain import COSTS, IntArray, random_terrain
from benchmarks.path_planning.tiles import draw_tiles

CHUNK = 1 << 14
"""How many tiles are drawn at a time, which bounds the memory that takes."""


@final
@dataclass(frozen=True, eq=False)
class Maps:
    """E maps of N by N tiles.

    pictures: (E, N, N, 3, 8, 8) uint8. kinds: (E, N, N), the terrain of each tile: it judges what has been
    learnt, and no training sees it. ways: (E, N, N), whether a tile lies on the cheapest way.
    """

    pictures: Tensor
    kinds: IntArray
    ways: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.kinds)

    @property
    def costs(self) -> IntArray:
        """(E, N, N): of entering each tile."""
        found: IntArray = COSTS[self.kinds]
        return found

    @property
    def targets(self) -> Tensor:
        """(E, N * N) int64: 1 where a tile lies on the way, row by row."""
        return torch.from_numpy(self.ways.reshape(len(self), -1).astype(np.int64))

    def inputs(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        """The pictures of some maps: tile, (B, N, N, 3, 8, 8), centred."""
        return {"tile": self.pictures[chosen].float() / 128.0 - 1.0}

    def concepts(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        """The terrain of each tile but the first, which no way enters, by the symbols that stand for it."""
        kinds = torch.from_numpy(self.kinds)[chosen]
        size = kinds.shape[1]
        cells = [(row, column) for row in range(size) for column in range(size)][1:]
        return {f"kind({row},{column},_)": kinds[:, row, column] for row, column in cells}


def make_maps(count: int, size: int, rng: np.random.Generator) -> Maps:
    """Random maps, each with its cheapest way; every tile is drawn anew."""
    kinds = random_terrain(count, size, rng)
    drawn = [to_bytes(draw_tiles(part, rng)) for part in np.split(kinds.reshape(-1), _cuts(kinds.size))]
    pictures = np.concatenate(drawn)
    pictures = pictures.reshape(*kinds.shape, *pictures.shape[1:])
    return Maps(torch.from_numpy(pictures), kinds, cheapest_ways(COSTS[kinds]))


def to_bytes(pictures: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Values from 0 to 1 as bytes; what lies outside is cut off."""
    found: NDArray[np.uint8] = np.rint(255 * pictures.clip(0.0, 1.0)).astype(np.uint8)
    return found


def _cuts(tiles: int) -> list[int]:
    return list(range(CHUNK, tiles, CHUNK))
