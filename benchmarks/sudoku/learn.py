"""Learning to read digits from solved boards, of which nothing is known but that they are solved."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np
import torch
from rich.console import Console
from torch import Tensor, nn

import nesy
from benchmarks.datasets.images import Images, ImageSet
from benchmarks.datasets.split import Split
from benchmarks.learning.digit_images import ImageOptions, split_of
from benchmarks.learning.judging import evaluating
from benchmarks.learning.matching import confusion, permuted_accuracy
from benchmarks.learning.progress import Monitor, progress_display
from benchmarks.learning.running import POINTS, RunOptions, begin, run_figures
from benchmarks.learning.train import Step, Training, train
from benchmarks.sudoku.boards import Board, valid
from benchmarks.sudoku.carving import solved_board
from benchmarks.sudoku.naming import names_from, renamed
from benchmarks.sudoku.networks import CellNetwork
from benchmarks.sudoku.pictures import Pictures, Supply, pictured
from benchmarks.sudoku.reading import labelled, share_read, train_reader
from benchmarks.sudoku.rules import cells_model
from benchmarks.sudoku.searching import by_rules
from benchmarks.sudoku.units import UnitsInference
from nesy.engines.inference import Engine
from nesy.nn.targets import UNOBSERVED
from nesy.nn.training.evaluation import calibration_error

WATCHED = 50
"""On how many training boards a run watches itself: the share read as valid boards, which needs no label."""

BATCH = 20
"""Boards that are read at a time when they are judged."""


@final
@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is, in full.

    units_until: the part of the budget that units are learnt from one by one; then whole boards are, by
    abduction. test_boards: at most; None: as many as there are images for. supervised: whether a network
    with labels is trained beside. engine: that of the model; `run` has its name.
    """

    size: int
    units_until: float
    test_boards: int | None
    supervised: bool
    images: ImageOptions
    run: RunOptions
    engine: str | Engine


@final
@dataclass(frozen=True, eq=False)
class Outcome:
    """What a run gave.

    counts: how often each digit on unseen boards was read as each, (n, n). names: the digit that each value
    of the network stands for, from one labelled training board. sure: of every unseen picture, how probable
    what was read is. read, solved: the unseen boards as read one by one, and the most probable valid ones.
    supervised: the accuracy of the network that had labels, and what its training took.
    """

    split: Split
    model: nesy.Model
    training: Training
    compile_seconds: float
    boards: int
    unseen: Pictures
    counts: Tensor
    names: Board
    sure: Tensor
    read: Board
    solved: Board
    supervised: tuple[float, Training] | None


@final
class FromRules(nn.Module):
    """The objective: at first every unit's digits shall differ; later the best valid board is the label.

    Abduction alone does not begin: where all digits are about as probable, the best valid board is an
    arbitrary one. What units say of the digits is exact and has no such choice in it.
    """

    def __init__(self, model: nesy.Model, size: int, units_until: float) -> None:
        super().__init__()
        self.model = model
        self.progress = 0.0
        self._units_until = units_until
        self._units = UnitsInference(size)

    def forward(self, targets: Tensor, /, **inputs: Tensor) -> Tensor:
        """Scalar: the mean over boards."""
        beliefs = self.model.beliefs(**inputs)
        if self.progress < self._units_until:
            return -self._units.log_valid(beliefs).mean()
        return self.model.loss_of(beliefs, targets)


def run_experiment(settings: Settings, images: ImageSet, console: Console) -> Outcome:
    """Form solved boards of training images, learn from them, and judge by unseen images."""
    begin(settings.run)
    split = split_of(settings.images, images)
    rngs = [np.random.default_rng(s) for s in np.random.SeedSequence(settings.run.seed).spawn(2)]
    boards = solved_boards(split.train, settings.size, None, rngs[0])
    unseen = solved_boards(split.unseen, settings.size, settings.test_boards, rngs[1])
    start = time.perf_counter()
    network = CellNetwork(images.size, settings.size)
    model = cells_model(network, settings.size, settings.engine)
    objective = FromRules(model, settings.size, settings.units_until)
    compile_seconds = time.perf_counter() - start
    training = _train(objective, boards, settings.run, console)
    names = names_from(
        _most_probable(_beliefs(model, boards.first(1)), settings.size)[0], boards.digits[:1].numpy()
    )
    beliefs = _beliefs(model, unseen)
    read, sure = _most_probable(beliefs, settings.size)
    solved = _solved(model, beliefs, settings.size)
    return Outcome(
        split=split,
        model=model,
        training=training,
        compile_seconds=compile_seconds,
        boards=len(boards),
        unseen=unseen,
        counts=confusion(model, unseen, settings.size, batch=BATCH),
        names=names,
        sure=sure,
        read=renamed(read, names),
        solved=renamed(solved, names),
        supervised=_supervised(settings, split, images.size) if settings.supervised else None,
    )


def solved_boards(images: Images, size: int, most: int | None, rng: np.random.Generator) -> Pictures:
    """Solved boards of images, each used once: as many as there are images for, `most` at most.

    Their targets say nothing: not one cell is observed.
    """
    solver, supply = by_rules(size), Supply(images, size, rng)
    count = supply.least // size
    supply.require(size * max(count, 1))
    count = count if most is None else min(count, most)
    boards = np.stack([solved_board(solver, rng) for _ in range(count)])
    return pictured(images, boards, supply, torch.full((count, size * size), UNOBSERVED))


def _train(objective: FromRules, boards: Pictures, options: RunOptions, console: Console) -> Training:
    def accuracy() -> float:
        beliefs = _beliefs(objective.model, boards.first(WATCHED))
        return float(valid(_most_probable(beliefs, boards.digits.shape[1])[0]).mean())

    with progress_display(console) as display:
        monitor = Monitor(accuracy, display, POINTS)

        def observe(step: Step) -> None:
            objective.progress = step.progress
            monitor(step)

        return train(
            objective.model,
            boards,
            options.recipe,
            options.budget,
            seed=options.seed,
            observe=observe,
            objective=objective,
        )


def _beliefs(model: nesy.Model, boards: Pictures) -> Tensor:
    """(E, V): what the network believes of the cells."""
    starts = range(0, len(boards), BATCH)
    with evaluating(model):
        return torch.cat([model.beliefs(**boards.inputs(slice(at, at + BATCH))) for at in starts])


def _most_probable(beliefs: Tensor, size: int) -> tuple[Board, Tensor]:
    """(E, n, n) values as read one by one, and how probable each is."""
    best, read = beliefs.reshape(-1, size, size, size).max(dim=3)
    return read.numpy() + 1, best.exp().reshape(-1)


def _solved(model: nesy.Model, beliefs: Tensor, size: int) -> Board:
    """(E, n, n): the most probable valid boards."""
    with evaluating(model):
        found = torch.cat([model.inference.predict(rows) for rows in torch.split(beliefs, BATCH)])
    boards: Board = found.numpy().reshape(-1, size, size) + 1
    return boards


def _supervised(settings: Settings, split: Split, image_size: int) -> tuple[float, Training]:
    """A network like the one that learnt from rules, trained as long on the same images with labels."""
    begin(settings.run)
    network = CellNetwork(image_size, settings.size)
    pictures = labelled(split.train, settings.size)
    # As many pictures a step; more steps would be another recipe.
    recipe = replace(settings.run.recipe, batch_size=settings.run.recipe.batch_size * settings.size**2)
    options = replace(settings.run, recipe=recipe)
    training = train_reader(network, pictures, options, Console(quiet=True))
    return share_read(network, labelled(split.unseen, settings.size)), training


def figures(outcome: Outcome) -> dict[str, Any]:
    """What is recorded: accuracies are fractions, times in seconds, memory in bytes.

    How sure a whole board is would take its second most probable valid one, and finding that takes long
    where no cell is in doubt: there is no figure.
    """
    digits = outcome.unseen.digits.numpy()
    right = outcome.read == digits
    found: dict[str, Any] = {
        "train_boards": outcome.boards,
        "test_boards": len(digits),
        "task_accuracy": float((outcome.solved == digits).all(axis=(1, 2)).mean()),
        "as_read_accuracy": float(right.all(axis=(1, 2)).mean()),
        "violations": int((~valid(outcome.solved)).sum()),
        "concept_accuracy": float(right.mean()),
        "concept_accuracy_renamed": permuted_accuracy(outcome.counts),
        "task_calibration_error": None,
        "concept_calibration_error": calibration_error(outcome.sure, torch.from_numpy(right.reshape(-1))),
        **run_figures(outcome.model, outcome.training, outcome.compile_seconds),
    }
    if outcome.supervised is not None:
        accuracy, training = outcome.supervised
        found["supervised_accuracy"] = accuracy
        found["supervised_cpu_seconds"] = round(training.cpu_seconds, 3)
    return found


def protocol(settings: Settings, outcome: Outcome) -> str:
    """How the run was made, in words."""
    split = outcome.split
    return (
        f"{outcome.boards} solved boards of {settings.size}x{settings.size} cells from training images, each"
        f" used at most once, with no label but that they are solved; for {settings.units_until:.0%} of the"
        " budget each row, column and box on its own (exact), then whole boards by abduction; judged by"
        f" solved boards of {split.kind} images, each used once; the network's values are named after the"
        f" digits of one training board, which no training step sees; seed {settings.run.seed}"
        + ("; test images not used" if split.kind == "held-out" else "")
    )


def report(found: Mapping[str, Any]) -> list[str]:
    """The figures for people."""
    lines = [
        f"digits           {found['concept_accuracy']:.2%} of the pictures on {found['test_boards']} unseen"
        f" boards read right ({found['concept_accuracy_renamed']:.2%} under the best renaming)",
        f"boards           {found['as_read_accuracy']:.2%} read right, {found['task_accuracy']:.2%} once they"
        f" are made valid; violations {found['violations']}",
    ]
    if "supervised_accuracy" in found:
        lines.append(f"with labels      {found['supervised_accuracy']:.2%} of digits, trained as long")
    return lines
