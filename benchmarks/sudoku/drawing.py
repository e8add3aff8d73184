"""A picture of a board: what is seen, what is read, what the solver corrects, and the solution."""

from __future__ import annotations

from math import isqrt
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from benchmarks.drawing import FAINT, NEUTRAL, RIGHT, WRONG, write_picture
from benchmarks.sudoku.boards import EMPTY, Board
from benchmarks.sudoku.solve import Outcome

Flags = NDArray[np.bool_]


def draw_board(outcome: Outcome, path: Path) -> None:
    """Write a PNG of the solved board that took the most corrections.

    Raises `DataError` (unwritable-output).
    """
    write_picture(board_figure(outcome, most_corrected(outcome)), path)


def most_corrected(outcome: Outcome) -> int:
    """The board that was solved in spite of the most misread givens; the first if none was solved."""
    solved = (outcome.proper.boards == outcome.puzzles.solutions).all(axis=(1, 2))
    misread = (outcome.read != outcome.puzzles.pictures.digits.numpy()).sum(axis=(1, 2))
    return int(np.where(solved, misread, -1).argmax())


def board_figure(outcome: Outcome, index: int) -> Figure:
    """Four boards side by side."""
    pictures, board = outcome.puzzles.pictures, outcome.proper.boards[index]
    read, given = outcome.read[index], pictures.digits[index].numpy() != EMPTY
    corrected = given & (board != read)
    figure = Figure(figsize=(14, 4), layout="constrained")
    seen, as_read, corrections, solved = figure.subplots(1, 4)
    _draw_pictures(seen, pictures.pixels[pictures.chosen[index]].numpy()[:, :, 0])
    seen.set_title("the puzzle, handwritten")
    _draw_digits(as_read, read, given, wrong=read != pictures.digits[index].numpy())
    as_read.set_title("read one by one")
    _draw_digits(corrections, np.where(given, board, EMPTY), given, wrong=corrected, highlight=RIGHT)
    corrections.set_title(f"{corrected.sum()} corrected by the rules")
    _draw_digits(solved, board, given, wrong=board != outcome.puzzles.solutions[index])
    solved.set_title("solved")
    return figure


def _draw_pictures(axes: Axes, cells: NDArray[np.float32]) -> None:
    size, _, height, width = cells.shape
    sheet = cells.transpose(0, 2, 1, 3).reshape(size * height, size * width)
    axes.imshow(sheet, cmap="gray_r", extent=(0.0, float(size), float(size), 0.0))
    _draw_lines(axes, size)


def _draw_digits(axes: Axes, board: Board, given: Flags, *, wrong: Flags, highlight: str = WRONG) -> None:
    """Digits that are given are dark, found ones grey, and those that `wrong` marks stand out."""
    size = len(board)
    axes.set(xlim=(0, size), ylim=(size, 0), aspect="equal")
    for row, column in np.argwhere(board != EMPTY).tolist():
        marked = bool(wrong[row, column])
        axes.text(
            column + 0.5,
            row + 0.5,
            str(board[row, column]),
            ha="center",
            va="center",
            fontsize=110 / size,
            color=highlight if marked else "black" if given[row, column] else NEUTRAL,
            weight="bold" if marked else "normal",
        )
    _draw_lines(axes, size)


def _draw_lines(axes: Axes, size: int) -> None:
    side = isqrt(size)
    for place in range(size + 1):
        thick = place % side == 0
        for draw in (axes.axhline, axes.axvline):
            draw(place, color="black" if thick else FAINT, linewidth=1.5 if thick else 0.5)
    axes.set(xticks=[], yticks=[])
