"""From pictures of a puzzle's givens to the solved board, and what that takes."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console
from torch import Tensor

import nesy
from benchmarks.datasets.images import ImageSet
from benchmarks.datasets.split import Split
from benchmarks.learning.digit_images import ImageOptions, split_of
from benchmarks.learning.judging import evaluating
from benchmarks.learning.running import RunOptions, begin, run_figures
from benchmarks.learning.train import Training
from benchmarks.sudoku.boards import EMPTY, Board, valid
from benchmarks.sudoku.carving import puzzle
from benchmarks.sudoku.confidence import board_calibration
from benchmarks.sudoku.networks import CellNetwork
from benchmarks.sudoku.pictures import Pictures, Supply, pictured
from benchmarks.sudoku.proper import ProperSearch
from benchmarks.sudoku.reading import labelled, share_read, train_reader
from benchmarks.sudoku.rules import cells_model
from benchmarks.sudoku.searching import BoardSolver, by_rules
from nesy.nn.training.evaluation import calibration_error

BATCH = 50
"""Boards that are read and solved at a time."""


@final
@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is, in full. givens: how many digits each puzzle shows; None: minimal puzzles."""

    size: int
    givens: int | None
    boards: int
    images: ImageOptions
    run: RunOptions


@final
@dataclass(frozen=True, eq=False)
class Puzzles:
    """Pictures of puzzles and their solutions, (E, n, n)."""

    pictures: Pictures
    solutions: Board


@final
@dataclass(frozen=True, eq=False)
class Attempt:
    """What was made of the puzzles: boards, (E, n, n), 0 in every cell where no board was found.

    seconds, cpu_seconds: for all of them together.
    """

    boards: Board
    seconds: float
    cpu_seconds: float

    def figures(self, puzzles: Puzzles, prefix: str = "") -> dict[str, Any]:
        """By name, as they are recorded; fractions of boards and of cells, milliseconds a board."""
        agrees = self.boards == puzzles.solutions
        count = len(puzzles.solutions)
        return {
            f"{prefix}boards_right": float(agrees.all(axis=(1, 2)).mean()),
            f"{prefix}cells_right": float(agrees.mean()),
            f"{prefix}violations": int((~valid(self.boards)).sum()),
            f"{prefix}milliseconds": round(1e3 * self.seconds / count, 3),
            f"{prefix}cpu_milliseconds": round(1e3 * self.cpu_seconds / count, 3),
        }


@final
@dataclass(frozen=True, eq=False)
class Outcome:
    """What a run gave. read: (E, n, n), the most probable digit of every given, on its own.

    joint: the most probable valid board, by the engine; proper: the most probable one whose givens have no
    other solution; one_by_one: the digits as read, then solved as they are. sure: of each given the
    probability of what was read. reading_seconds: the network on all pictures.
    calibration_error: of the most probable boards.
    """

    split: Split
    model: nesy.Model
    network: CellNetwork
    training: Training
    compile_seconds: float
    reader_accuracy: float
    puzzles: Puzzles
    read: Board
    sure: Tensor
    reading_seconds: float
    calibration_error: float | None
    joint: Attempt
    proper: Attempt
    one_by_one: Attempt


def run_experiment(settings: Settings, images: ImageSet, console: Console) -> Outcome:
    """Train a reader on labelled pictures, then solve pictured puzzles of unseen images with it."""
    begin(settings.run)
    split = split_of(settings.images, images)
    network = CellNetwork(images.size, settings.size)
    start = time.perf_counter()
    model = cells_model(network, settings.size, settings.run.engine)
    compile_seconds = time.perf_counter() - start
    training = train_reader(network, labelled(split.train, settings.size), settings.run, console)
    solver = by_rules(settings.size)
    puzzles = make_puzzles(settings, split, solver)
    beliefs, reading_seconds = read_pictures(model, puzzles.pictures)
    read, sure = most_probable(beliefs, puzzles.pictures)
    joint = solve_jointly(model, beliefs, settings.size)
    return Outcome(
        split=split,
        model=model,
        network=network,
        training=training,
        compile_seconds=compile_seconds,
        reader_accuracy=share_read(network, labelled(split.unseen, settings.size)),
        puzzles=puzzles,
        read=read,
        sure=sure,
        reading_seconds=reading_seconds,
        calibration_error=board_calibration(model.inference, beliefs, puzzles.solutions),
        joint=joint,
        proper=solve_properly(joint, solver, beliefs, read != EMPTY),
        one_by_one=solve_as_read(solver, read),
    )


def make_puzzles(settings: Settings, split: Split, solver: BoardSolver) -> Puzzles:
    """Puzzles of one solution, and pictures of their givens from images that the reader never saw."""
    rng = np.random.default_rng(settings.run.seed)
    made = [puzzle(solver, settings.givens, rng) for _ in range(settings.boards)]
    givens, solutions = (np.stack(boards) for boards in zip(*made, strict=True))
    supply = Supply(split.unseen, settings.size, rng)
    targets = torch.from_numpy(solutions.reshape(len(solutions), -1) - 1)
    return Puzzles(pictured(split.unseen, givens, supply, targets), solutions)


def read_pictures(model: nesy.Model, pictures: Pictures) -> tuple[Tensor, float]:
    """(E, V): what the network believes of all boards, and the seconds it took."""
    start = time.perf_counter()
    with evaluating(model):
        parts = [
            model.beliefs(**pictures.inputs(slice(at, at + BATCH))) for at in range(0, len(pictures), BATCH)
        ]
    return torch.cat(parts), time.perf_counter() - start


def most_probable(beliefs: Tensor, pictures: Pictures) -> tuple[Board, Tensor]:
    """(E, n, n) digits as they are read one by one, 0 in empty cells; of the givens, how probable each is."""
    size = pictures.digits.shape[1]
    best, read = beliefs.reshape(len(beliefs), size, size, size).max(dim=3)
    given = pictures.digits != EMPTY
    return torch.where(given, read + 1, EMPTY).numpy(), best[given].exp()


def solve_jointly(model: nesy.Model, beliefs: Tensor, size: int) -> Attempt:
    """The most probable valid board for each row of beliefs."""
    start, cpu_start = time.perf_counter(), time.process_time()
    with evaluating(model):
        found = torch.cat([model.inference.predict(rows) for rows in torch.split(beliefs, BATCH)])
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu_start
    return Attempt(found.numpy().reshape(-1, size, size) + 1, seconds, cpu_seconds)


def solve_properly(joint: Attempt, solver: BoardSolver, beliefs: Tensor, given: NDArray[np.bool_]) -> Attempt:
    """The boards of a joint attempt, those replaced whose givens would have several solutions.

    The time is that of both steps together.
    """
    search = ProperSearch(solver)
    start, cpu_start = time.perf_counter(), time.process_time()
    boards = search.boards(joint.boards, beliefs.double().numpy(), given)
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu_start
    return Attempt(boards, joint.seconds + seconds, joint.cpu_seconds + cpu_seconds)


def solve_as_read(solver: BoardSolver, read: Board) -> Attempt:
    """Boards from the digits as they were read, right or wrong; empty where they have no solution."""
    start, cpu_start = time.perf_counter(), time.process_time()
    found = [solver.solve(board) for board in read]
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu_start
    nothing = np.full_like(read[0], EMPTY)
    return Attempt(np.stack([nothing if each is None else each for each in found]), seconds, cpu_seconds)


def figures(outcome: Outcome) -> dict[str, Any]:
    """What is recorded: accuracies are fractions, times in seconds, memory in bytes."""
    puzzles, pictures = outcome.puzzles, outcome.puzzles.pictures
    given = pictures.digits.numpy() != EMPTY
    right = (outcome.read == pictures.digits.numpy())[given]
    proper = outcome.proper.figures(puzzles)
    return {
        "test_boards": len(puzzles.solutions),
        "mean_givens": float(given.sum(axis=(1, 2)).mean()),
        "task_accuracy": proper["boards_right"],
        "concept_accuracy": float(right.mean()),
        "task_calibration_error": outcome.calibration_error,
        "concept_calibration_error": calibration_error(outcome.sure, torch.from_numpy(right)),
        "digit_accuracy": outcome.reader_accuracy,
        "corrected_accuracy": float((outcome.proper.boards == pictures.digits.numpy())[given].mean()),
        **proper,
        **outcome.joint.figures(puzzles, "map_"),
        **outcome.one_by_one.figures(puzzles, "as_read_"),
        "reading_milliseconds": round(1e3 * outcome.reading_seconds / len(puzzles.solutions), 3),
        **run_figures(outcome.model, outcome.training, outcome.compile_seconds),
    }


def protocol(settings: Settings, outcome: Outcome) -> str:
    """How the run was made, in words."""
    split, kind = outcome.split, outcome.split.kind
    shown = "minimal puzzles" if settings.givens is None else f"puzzles of {settings.givens} givens"
    return (
        f"a reader trained on labelled single pictures, {len(split.train):,} training images without those of"
        f" 0 or of digits above {settings.size}, for {outcome.training.epochs:.2f} epochs;"
        f" {settings.boards:,} generated {shown} of {settings.size}x{settings.size} cells, each with one"
        f" solution, givens pictured by {kind} images, which the reader never saw, all images of a digit"
        f" taken once before any is taken again; an empty cell is a blank picture and says nothing; the board"
        f" is the most probable valid one whose givens have no other solution; seed {settings.run.seed}"
        + ("; test images not used" if kind == "held-out" else "")
    )


def report(found: Mapping[str, Any]) -> list[str]:
    """The figures for people."""
    return [
        f"boards right     {found['boards_right']:.2%} of {found['test_boards']:,} with"
        f" {found['mean_givens']:.1f} givens; cells {found['cells_right']:.2%}; violations"
        f" {found['violations']}; {found['cpu_milliseconds']:.1f} ms a board",
        f"  most probable  {found['map_boards_right']:.2%} of boards, whether or not givens have other"
        f" solutions; {found['map_cpu_milliseconds']:.1f} ms",
        f"  as read        {found['as_read_boards_right']:.2%} of boards, solved from the digits as read;"
        f" {found['as_read_violations']} without a solution",
        f"givens read      {found['concept_accuracy']:.2%}, {found['corrected_accuracy']:.2%} once solved;"
        f" the reader reads {found['digit_accuracy']:.2%} of all unseen images",
    ]
