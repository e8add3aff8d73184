"""Puzzles of our own: solved boards from random beginnings, and givens taken out of them."""

from __future__ import annotations

from math import isqrt

import numpy as np

from benchmarks.sudoku.boards import EMPTY, Board, shuffled
from benchmarks.sudoku.searching import BoardSolver
from nesy.errors import DataError

ATTEMPTS = 100
"""How many solved boards are tried until one can be carved down to the number of givens asked for."""


def solved_board(solver: BoardSolver, rng: np.random.Generator) -> Board:
    """A random valid board: boxes on the diagonal filled at random, the rest searched, all shuffled."""
    size, side = solver.size, isqrt(solver.size)
    found = None
    while found is None:  # of 4x4 boards some have no solution
        start = np.full((size, size), EMPTY, dtype=np.int64)
        for corner in range(0, size, side):
            box = 1 + rng.permutation(size).reshape(side, side)
            start[corner : corner + side, corner : corner + side] = box
        found = solver.solve(start)
    return shuffled(found, rng)


def puzzle(solver: BoardSolver, givens: int | None, rng: np.random.Generator) -> tuple[Board, Board]:
    """A puzzle with one solution, and that solution.

    givens: how many digits are left; None: none of those left can go (a minimal puzzle).
    Raises `DataError` (too-few-givens) where random carving does not come down to so few.
    """
    for _ in range(ATTEMPTS):
        board = solved_board(solver, rng)
        carved = _carved(solver, board, givens or 0, rng)
        if givens is None or np.count_nonzero(carved) == givens:
            return carved, board
    message = f"no puzzle of {givens} givens in {ATTEMPTS} attempts"
    raise DataError("too-few-givens", message, hint="ask for more givens, or for minimal ones")


def _carved(solver: BoardSolver, board: Board, least: int, rng: np.random.Generator) -> Board:
    """Cells emptied in random order, each where the others still decide it, until few enough are left."""
    carved: Board = board.copy()
    left = board.size
    for cell in rng.permutation(board.size):
        if left == least:
            break
        place = divmod(int(cell), solver.size)
        carved[place] = EMPTY
        if solver.decided(carved, int(cell), int(board[place])):
            left -= 1
        else:
            carved[place] = board[place]
    return carved
