"""Puzzles have one solution: a reading of the givens that leaves several is not what the puzzle says.

No rule can say so, for it is about all solutions at once. The most probable reading that leaves one is
found by going through readings from the most probable on: each that fails is cut out of what is left, in
parts that exclude each other (Murty, "An algorithm for ranking all the assignments", 1968).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count, islice
from typing import final

import numpy as np
from numpy.typing import NDArray

from benchmarks.sudoku.boards import EMPTY, Board
from benchmarks.sudoku.rules import question
from benchmarks.sudoku.searching import BoardSolver
from nesy.engines.sat import Sat
from nesy.grounding import Template, ground

READINGS = 30
"""How many readings of a puzzle are tried before the first, whatever it leaves, is taken after all."""

Beliefs = NDArray[np.float64]
"""(V,), or (E, V): the log-probabilities of the digits of all cells, cell by cell."""


@final
@dataclass(frozen=True, eq=False)
class Part:
    """A set of readings: beliefs in which the others are impossible.

    fixed: how many of the givens, in the order they are gone through, all of its readings share.
    board: the most probable valid board among them; None before it is searched for.
    """

    beliefs: Beliefs
    fixed: int
    board: Board | None = None


@final
class ProperSearch:
    """Looks for boards whose givens have no other solution."""

    def __init__(self, solver: BoardSolver) -> None:
        self._solver = solver
        self._inference = Sat().build(ground(question(solver.size), Template.parse("valid", None)))

    def boards(self, best: Board, beliefs: Beliefs, given: NDArray[np.bool_]) -> Board:
        """(E, n, n): the most probable board of each puzzle whose reading has no other solution.

        best: (E, n, n), the most probable boards of all; beliefs: (E, V); given: (E, n, n), where a cell's
        picture is not blank.
        Cost: two searches for each puzzle; for each reading that fails, one for each part of what is left
        that may hold the next best.
        """
        found: Board = best.copy()
        for index, board in enumerate(best):
            if not is_proper(self._solver, np.where(given[index], board, EMPTY)):
                found[index] = self._next_proper(board, beliefs[index], given[index])
        return found

    def _next_proper(self, best: Board, beliefs: Beliefs, given: NDArray[np.bool_]) -> Board:
        # Givens that are surely read come first: parts without such a reading are never searched.
        cells = np.flatnonzero(given)
        cells = cells[np.argsort(-beliefs.reshape(given.size, -1)[cells].max(axis=1))]
        tickets, part = count(), Part(beliefs, 0, best)
        waiting: list[tuple[float, int, Part]] = []
        for _ in range(READINGS):
            for other in _without_best(part, cells):
                heapq.heappush(waiting, (-_bound(other), next(tickets), other))
            found = self._most_probable(waiting, tickets)
            if found is None:
                break
            part = found
            assert part.board is not None
            if is_proper(self._solver, np.where(given, part.board, EMPTY)):
                return part.board
        return best

    def _most_probable(self, waiting: list[tuple[float, int, Part]], tickets: Iterator[int]) -> Part | None:
        """The part whose best board is the most probable; only those are searched that may have it."""
        while waiting:
            part = heapq.heappop(waiting)[2]
            if part.board is not None:
                return part
            worlds = self._inference.best_worlds(part.beliefs[None], targets=np.ones((1, 1), dtype=np.int64))
            score = float(worlds.scores[0, 0])
            if np.isfinite(score):
                size = self._solver.size
                board = worlds.values[0, 0].reshape(size, size) + 1
                heapq.heappush(waiting, (-score, next(tickets), replace(part, board=board)))
        return None


def is_proper(solver: BoardSolver, givens: Board) -> bool:
    """Whether a puzzle has exactly one solution. Cost: two searches."""
    return len(list(islice(solver.solutions(givens), 2))) == 1


def _without_best(part: Part, cells: Board) -> Iterator[Part]:
    """A part without its best board's reading, as parts that exclude each other."""
    assert part.board is not None
    size = part.board.shape[0]
    read = part.board.reshape(-1)[cells] - 1
    kept = part.beliefs.reshape(-1, size).copy()
    for index in range(part.fixed, len(cells)):
        other = kept.copy()
        other[cells[index], read[index]] = -np.inf
        yield Part(other.reshape(-1), index)
        kept[cells[index], np.arange(size) != read[index]] = -np.inf


def _bound(part: Part) -> float:
    """No board of a part is more probable than this, in nats."""
    size = round(len(part.beliefs) ** (1 / 3))
    return float(part.beliefs.reshape(-1, size).max(axis=1).sum())
