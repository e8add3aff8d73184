"""Names for what a network tells apart: rules say which digits differ, never which is which."""

from __future__ import annotations

import numpy as np

from benchmarks.sudoku.boards import Board


def names_from(read: Board, digits: Board) -> Board:
    """(n + 1,): the digit that each of the values 1 to n stands for, one to one; 0 for 0.

    read, digits: (E, n, n) boards as a network reads them, and as they are. Of all renamings the one is
    taken that makes most cells right.
    """
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - slow to import

    size = digits.shape[-1]
    counts = np.zeros((size + 1, size + 1), dtype=np.int64)
    np.add.at(counts, (read.reshape(-1), digits.reshape(-1)), 1)
    values, names = linear_sum_assignment(counts[1:, 1:], maximize=True)
    found = np.zeros(size + 1, dtype=np.int64)
    found[values + 1] = names + 1
    return found


def renamed(read: Board, names: Board) -> Board:
    """Boards under the names that `names_from` gives."""
    found: Board = names[read]
    return found
