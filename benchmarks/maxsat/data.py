"""Noisy beliefs about boards, as a network that reads some cells, and errs now and then, would give them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.sudoku.boards import Board, shuffled

Floats = NDArray[np.float64]

SIZE = 9


def solved_boards(count: int, rng: np.random.Generator) -> list[Board]:
    """Valid boards: one pattern under random symmetries."""
    rows, columns = np.divmod(np.arange(SIZE * SIZE).reshape(SIZE, SIZE), SIZE)
    pattern = (3 * rows + rows // 3 + columns) % SIZE + 1
    return [shuffled(pattern, rng) for _ in range(count)]


def noisy_beliefs(board: Board, givens: int, misread: float, rng: np.random.Generator) -> Floats:
    """(81, 9) log-probabilities: uniform but for `givens` cells at random.

    A given is misread with a chance of `misread`: a wrong digit is then likelier (0.45 to 0.95) than the
    right one (most of the rest). Else the right digit lacks between 0.3 and 0.00001 of certainty.
    """
    beliefs = np.full((SIZE * SIZE, SIZE), 1 / SIZE)
    for cell in rng.choice(SIZE * SIZE, givens, replace=False):
        right = board.reshape(-1)[cell] - 1
        row = rng.dirichlet(np.full(SIZE, 0.3)) + 1e-9
        if rng.random() < misread:
            wrong = (right + rng.integers(1, SIZE)) % SIZE
            sure = rng.uniform(0.45, 0.95)
            known = {wrong: sure, right: (1 - sure) * rng.uniform(0.3, 0.98)}
        else:
            known = {right: 1 - 10 ** -rng.uniform(0.5, 5)}
        row *= 1 - sum(known.values())
        for digit, share in known.items():
            row[digit] += share
        beliefs[cell] = row / row.sum()
    logs: Floats = np.log(beliefs)
    return logs
