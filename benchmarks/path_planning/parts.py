"""Parts of maps that are maps again: what lies around a part of a cheapest way.

A part of a cheapest way is a cheapest way between its ends: if there were a cheaper one, the whole would be
cheaper with it. Where a part stays within the square of which its ends are opposite corners, that square is
a smaller map, whose cheapest way is that part. So large maps teach by small ones, and no label is added.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.path_planning.data import Maps
from benchmarks.path_planning.routes import STEPS
from benchmarks.path_planning.terrain import IntArray


def parts_of(maps: Maps, size: int) -> Maps:
    """All parts of maps that are maps of a size, from the first tile of a part of a way to its last.

    Parts overlap, and some maps have none. Terrain is taken along to judge by; nothing here looks at it.
    """
    places = [
        (number, first, part) for number, way in enumerate(maps.ways) for first, part in _squares(way, size)
    ]
    pictures = [maps.pictures[n, r : r + size, c : c + size] for n, (r, c), _ in places]
    kinds = [maps.kinds[n, r : r + size, c : c + size] for n, (r, c), _ in places]
    ways = [part for _, _, part in places]
    empty = (0, size, size)
    return Maps(
        torch.stack(pictures) if pictures else maps.pictures[:0, :size, :size],
        np.stack(kinds) if kinds else maps.kinds[:0].reshape(empty),
        np.stack(ways) if ways else maps.ways[:0].reshape(empty),
    )


def in_order(way: NDArray[np.bool_]) -> IntArray:
    """(L, 2): the tiles of a cheapest way (N, N), from the first on.

    On such a way tiles that touch follow each other, else it could be cut short: there is but one order.
    """
    left = set(zip(*(places.tolist() for places in np.nonzero(way)), strict=True))
    tiles, at = [], (0, 0)
    while True:
        tiles.append(at)
        left.discard(at)
        beside = [(at[0] + row, at[1] + column) for row, column in STEPS]
        following = [tile for tile in beside if tile in left]
        if not following:
            return np.array(tiles, dtype=np.int64)
        (at,) = following


def _squares(way: NDArray[np.bool_], size: int) -> Iterator[tuple[tuple[int, int], NDArray[np.bool_]]]:
    """The first tiles of a way's parts that have a square to themselves, and the parts in it."""
    tiles = in_order(way)
    for start, first in enumerate(tiles):
        for end in np.flatnonzero((tiles[start:] == first + size - 1).all(axis=1)) + start:
            part = tiles[start : end + 1] - first
            if ((part >= 0) & (part < size)).all():
                square = np.zeros((size, size), dtype=np.bool_)
                square[part[:, 0], part[:, 1]] = True
                yield (int(first[0]), int(first[1])), square
