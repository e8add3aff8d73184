"""Published puzzles through the rule file, beside clauses written by hand; no pictures."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, final

import numpy as np

import nesy
from benchmarks.learning.judging import peak_memory
from benchmarks.sudoku.boards import EMPTY, Board
from benchmarks.sudoku.puzzle_files import Counted, find_puzzles, read_counted, read_solved
from benchmarks.sudoku.rules import solution
from benchmarks.sudoku.searching import BoardSolver, by_hand, by_rules

SIZE = 9
"""All published puzzles are of this size."""


@final
@dataclass(frozen=True, slots=True)
class Solved:
    """What a solver made of the puzzles. right: how many solutions are the known ones."""

    right: int
    seconds: float
    cpu_seconds: float


def figures(folder: Path | None, count: int | None) -> dict[str, Any]:
    """Everything that is recorded. count: how many puzzles are solved, evenly spread; None: all.

    Raises `DataError` where there are no puzzles.
    """
    found = find_puzzles(folder)
    puzzles, solutions = read_solved(found)
    chosen = np.linspace(0, len(puzzles) - 1, count or len(puzzles)).astype(np.int64)
    puzzles, solutions = puzzles[chosen], solutions[chosen]
    start = time.process_time()
    rules = by_rules(SIZE)
    encoding_seconds = time.process_time() - start
    ours, plain = solve_all(rules, puzzles, solutions), solve_all(by_hand(SIZE), puzzles, solutions)
    cases = read_counted(found)
    return {
        "puzzles": len(puzzles),
        "right": ours.right,
        "task_accuracy": ours.right / len(puzzles),
        "encoding_seconds": round(encoding_seconds, 4),
        "solving_seconds": round(ours.seconds, 3),
        "solving_cpu_seconds": round(ours.cpu_seconds, 3),
        "puzzles_per_second": round(len(puzzles) / ours.cpu_seconds, 1),
        "plain_right": plain.right,
        "plain_cpu_seconds": round(plain.cpu_seconds, 3),
        "plain_puzzles_per_second": round(len(puzzles) / plain.cpu_seconds, 1),
        "counted": len(cases),
        "counts_right": sum(count_agrees(rules, case) for case in cases),
        "models_right": sum(models_agree(case) for case in cases),
        "peak_memory": peak_memory(),
    }


def solve_all(solver: BoardSolver, puzzles: Board, solutions: Board) -> Solved:
    """Solve every puzzle, one after the other, and compare with its known solution."""
    start, cpu_start = time.perf_counter(), time.process_time()
    right = 0
    for puzzle, known in zip(puzzles, solutions, strict=True):
        found = solver.solve(puzzle)
        right += found is not None and bool((found == known).all())
    return Solved(right, time.perf_counter() - start, time.process_time() - cpu_start)


def count_agrees(solver: BoardSolver, case: Counted) -> bool:
    """Whether a puzzle has the number of solutions it is known to have, and the known one if it is one."""
    found = list(islice(solver.solutions(case.puzzle), case.solutions + 1))
    if case.solution is not None and not all((each == case.solution).all() for each in found):
        return False
    return len(found) == case.solutions


def models_agree(case: Counted) -> bool:
    """Whether `nesy.models` finds as many worlds of the rule file as a puzzle is known to have solutions.

    Cost: grounding and encoding, each time; then a search for each solution.
    """
    given = {
        f"cell({row},{column},{case.puzzle[row, column]})": True
        for row, column in np.argwhere(case.puzzle != EMPTY).tolist()
    }
    worlds = nesy.models(solution(SIZE), given=given, limit=case.solutions + 1)
    return sum(1 for _ in worlds) == case.solutions


PROTOCOL = (
    "the published puzzles of 17 givens, each solved once, one after the other, by clauses that the rule file"
    " is grounded and encoded to once, and compared with its known solution; then the same by clauses written"
    " by hand, with the same solver; and solutions counted where their number is known, also by nesy.models"
)
"""How the run is made, in words."""


def report(found: Mapping[str, Any]) -> list[str]:
    """The figures for people."""
    return [
        f"solved           {found['right']:,} of {found['puzzles']:,} as they are known to be,"
        f" {found['puzzles_per_second']:,.0f} a second of processor time",
        f"by hand          {found['plain_right']:,}, {found['plain_puzzles_per_second']:,.0f} a second",
        f"counted          {found['counts_right']} of {found['counted']} numbers of solutions right; by"
        f" nesy.models {found['models_right']}",
    ]
