"""`python -m benchmarks sudoku`: its options, and what it prints."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path

from benchmarks.learning.digit_images import add_image_options
from benchmarks.learning.running import add_run_options
from benchmarks.option_types import fraction, positive_int
from benchmarks.record import Result
from benchmarks.registry import Benchmark
from benchmarks.sudoku.rules import SIZES
from benchmarks.sudoku.tasks import MINIMAL, TASKS, UNITS_UNTIL


def add_options(parser: ArgumentParser) -> None:
    """The benchmark's own options."""
    add = parser.add_argument
    add("--task", choices=tuple(TASKS), default="solve", help="what is asked of boards (default: solve)")
    add("--size", type=int, choices=SIZES, default=9, help="rows of a board (default: 9)")
    add(
        "--givens",
        type=_givens,
        metavar="N",
        help=f"solve: digits that a puzzle shows, or '{MINIMAL}' (default: 36, of 4x4 boards 8)",
    )
    add(
        "--boards",
        type=positive_int,
        metavar="N",
        help="boards that judge the run (default: solve 1,000; classify 100 valid ones, or as many as there"
        " are images for, and as many others; learn as many as there are images for)",
    )
    add("--picture", type=Path, metavar="FILE", help="solve: draw a board that was solved, as PNG")
    add(
        "--train-boards",
        type=positive_int,
        default=100,
        metavar="N",
        help="classify: valid boards to learn from, and as many others (default: 100)",
    )
    add(
        "--undistorted",
        action="store_true",
        help="classify: show the network every picture as it is, not slightly distorted",
    )
    add(
        "--units-until",
        type=fraction,
        default=UNITS_UNTIL,
        metavar="PART",
        help="learn: the part of the budget that rows, columns and boxes are learnt from one by one, before"
        f" whole boards are (default: {UNITS_UNTIL})",
    )
    add("--rules-only", action="store_true", help="learn: train no network with labels beside it")
    add("--puzzle-dir", type=Path, metavar="DIR", help="puzzles: the folder of the published puzzles")
    add("--puzzles", type=positive_int, metavar="N", help="puzzles: only so many of them, evenly spread")
    add_image_options(parser)
    words = "sat; classify exact, or units where boards are 9x9"
    add_run_options(parser, epochs="by task", batch_size="by task", engines=words)


def _givens(text: str) -> int | str:
    if text == MINIMAL:
        return text
    try:
        return positive_int(text)
    except ArgumentTypeError:
        raise ArgumentTypeError(f"{text!r} is neither a number of givens nor {MINIMAL!r}") from None


def run(options: Namespace) -> Result:
    """Run a task, print its figures, and return them."""
    return TASKS[options.task](options)


BENCHMARK = Benchmark(
    example="--task solve --givens 36 --picture board.png --json results.jsonl",
    add_options=add_options,
    run=run,
)
