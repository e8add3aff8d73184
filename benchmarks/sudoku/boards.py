"""Boards as arrays: (n, n) int64 of digits 1 to n, 0 where a cell is empty."""

from __future__ import annotations

from functools import lru_cache
from math import isqrt

import numpy as np
from numpy.typing import NDArray

Board = NDArray[np.int64]
"""(n, n) digits, or several boards in one array, (..., n, n)."""

EMPTY = 0
"""Stands in a cell that holds no digit."""

CONTINUE = 0.5
"""After each corruption of a board, the chance of one more."""


@lru_cache
def units(size: int) -> Board:
    """(3 * size, size): the cells of every row, column and box, as places of a board laid out flat."""
    rows, columns = np.divmod(np.arange(size * size), size)
    side = isqrt(size)
    boxes = rows // side * side + columns // side
    return np.stack([np.flatnonzero(each == k) for each in (rows, columns, boxes) for k in range(size)])


def valid(boards: Board) -> NDArray[np.bool_]:
    """(...): which of the (..., n, n) boards are full and hold every digit once in every unit."""
    size = boards.shape[-1]
    cells = boards.reshape(*boards.shape[:-2], size * size)[..., units(size)]
    found: NDArray[np.bool_] = (np.sort(cells, axis=-1) == np.arange(1, size + 1)).all(axis=(-2, -1))
    return found


def shuffled(board: Board, rng: np.random.Generator) -> Board:
    """The board under a random symmetry: digits renamed, rows and columns moved, perhaps mirrored.

    What is valid stays valid, and what has one solution keeps one.
    """
    size = board.shape[0]
    names = np.concatenate([[EMPTY], 1 + rng.permutation(size)])
    moved = names[board][_band_order(size, rng)][:, _band_order(size, rng)]
    return moved.T.copy() if rng.random() < 0.5 else moved


def corrupted(board: Board, rng: np.random.Generator) -> tuple[Board, Board]:
    """An invalid board made of a valid one, and where each cell's digit came from: its place, or -1.

    Either cells swap their digits in pairs, or cells get another digit; after each such change there is one
    more with probability `CONTINUE`, in cells not yet touched. What happens to stay valid is done again.
    """
    change = _swapped if rng.random() < 0.5 else _replaced
    while True:
        made, sources = change(board, rng)
        if not valid(made):
            return made, sources


def _swapped(board: Board, rng: np.random.Generator) -> tuple[Board, Board]:
    cells = board.size
    pairs = rng.permutation(cells)[: 2 * _how_many(cells // 2, rng)].reshape(-1, 2)
    sources = np.arange(cells)
    sources[pairs] = sources[pairs[:, ::-1]]
    return board.reshape(-1)[sources].reshape(board.shape), sources.reshape(board.shape)


def _replaced(board: Board, rng: np.random.Generator) -> tuple[Board, Board]:
    size, cells = board.shape[0], board.size
    chosen = rng.permutation(cells)[: _how_many(cells, rng)]
    made, sources = board.reshape(-1).copy(), np.arange(cells)
    made[chosen] = (made[chosen] - 1 + rng.integers(1, size, len(chosen))) % size + 1
    sources[chosen] = -1
    return made.reshape(board.shape), sources.reshape(board.shape)


def _how_many(most: int, rng: np.random.Generator) -> int:
    return min(int(rng.geometric(1 - CONTINUE)), most, 10)


def _band_order(size: int, rng: np.random.Generator) -> Board:
    """The rows (or columns) in an order that keeps bands together."""
    side = isqrt(size)
    order: Board = np.concatenate([band * side + rng.permutation(side) for band in rng.permutation(side)])
    return order
