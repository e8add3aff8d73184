"""Published puzzles with known answers: 49,151 of 17 givens, and cases with known numbers of solutions."""

from __future__ import annotations

import gzip
import os
from dataclasses import dataclass
from pathlib import Path
from typing import final

import numpy as np

from benchmarks.sudoku.boards import Board
from nesy.errors import DataError

SOLVED = "sudoku17_solutions.csv.gz"
"""Gordon Royle's puzzles of 17 givens: a puzzle and its solution on every line."""

COUNTED = "tdoku_test_puzzles.txt"
"""The test cases of tdoku: a puzzle, its number of solutions, and the solution where there is one."""

BESIDE_CHECKOUT = Path(__file__).resolve().parents[3] / "shared" / "data" / "sudoku"
"""A folder that a shared machine may keep next to the checkout."""

CELLS = 81


@final
@dataclass(frozen=True, slots=True)
class Counted:
    """A puzzle with a known number of solutions, and the solution where there is exactly one."""

    puzzle: Board
    solutions: int
    solution: Board | None


def find_puzzles(folder: Path | None = None) -> Path:
    """The folder of the two files: the one given, else `$NESY_DATA/sudoku`, else beside the checkout.

    Raises `DataError` (missing-data) where it lacks one of them.
    """
    home = os.environ.get("NESY_DATA")
    candidates = [folder] if folder else [*([Path(home) / "sudoku"] if home else []), BESIDE_CHECKOUT]
    found = next((each for each in candidates if each.is_dir()), None)
    if found is None or not all((found / name).is_file() for name in (SOLVED, COUNTED)):
        raise DataError(
            "missing-data",
            f"there is no folder with {SOLVED} and {COUNTED} among {', '.join(map(str, candidates))}",
            hint="name one with --puzzle-dir",
        )
    return found


def read_solved(folder: Path) -> tuple[Board, Board]:
    """(P, 9, 9) puzzles and their solutions. Raises `DataError` (corrupt-data)."""
    path = folder / SOLVED
    with gzip.open(path, "rt", encoding="ascii") as file:
        rows = [line.strip().split(",") for line in file]
    if not rows or any(len(row) != 2 for row in rows):
        raise _corrupt(path, "a puzzle and its solution on every line")
    return _boards(path, [row[0] for row in rows]), _boards(path, [row[1] for row in rows])


def read_counted(folder: Path) -> list[Counted]:
    """The cases whose number of solutions is known. Raises `DataError` (corrupt-data)."""
    path = folder / COUNTED
    rows = [line.split(":") for line in path.read_text(encoding="ascii").split()]
    if any(len(row) not in (2, 3) or not row[1].isdigit() for row in rows):
        raise _corrupt(path, "puzzle:count or puzzle:count:solution on every line")
    return [
        Counted(
            _boards(path, [row[0]])[0],
            int(row[1]),
            _boards(path, [row[2]])[0] if len(row) == 3 else None,
        )
        for row in rows
    ]


def _boards(path: Path, texts: list[str]) -> Board:
    """Boards written row by row, empty cells as 0 or a dot."""
    if any(len(text) != CELLS for text in texts):
        raise _corrupt(path, f"boards of {CELLS} characters")
    characters = np.frombuffer("".join(texts).replace(".", "0").encode("ascii"), dtype=np.uint8)
    digits = characters.astype(np.int64) - ord("0")
    if ((digits < 0) | (digits > 9)).any():
        raise _corrupt(path, "digits and dots")
    return digits.reshape(-1, 9, 9)


def _corrupt(path: Path, wanted: str) -> DataError:
    return DataError("corrupt-data", f"{path} does not hold {wanted}", hint="replace it by a fresh copy")
