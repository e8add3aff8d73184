"""Whether a filled board is valid: learnt from boards of which only that is known."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np
import torch
from rich.console import Console

import nesy
from benchmarks.datasets.images import Images, ImageSet
from benchmarks.datasets.split import Split
from benchmarks.learning.digit_images import ImageOptions, split_of
from benchmarks.learning.judging import Judged, judge
from benchmarks.learning.matching import confusion, permuted_accuracy
from benchmarks.learning.running import RunOptions, begin, fit, run_figures
from benchmarks.learning.train import Training
from benchmarks.sudoku.boards import EMPTY, corrupted
from benchmarks.sudoku.carving import solved_board
from benchmarks.sudoku.networks import CellNetwork
from benchmarks.sudoku.pictures import Pictures, Supply, with_blank
from benchmarks.sudoku.rules import question
from benchmarks.sudoku.searching import by_rules
from nesy.engines.inference import Engine

INVALID, VALID = 0, 1
"""The targets: which of the values of the output `valid` a board has."""

TESTED = 100
"""Valid boards that judge a run where nothing is said; as many others judge it, too."""


@final
@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is, in full.

    train_boards, test_boards: how many valid boards there are of each, and as many invalid ones. Without
    test_boards there are as many as the images make, up to `TESTED`.
    distorted: whether the network sees slightly distorted pictures while it learns.
    engine: that of the model; `run` has its name.
    """

    size: int
    train_boards: int
    test_boards: int | None
    distorted: bool
    images: ImageOptions
    run: RunOptions
    engine: str | Engine


@final
@dataclass(frozen=True, eq=False)
class Outcome:
    """What a run gave, judged by unseen boards. renamed: digits right under the best renaming of them.

    valid_right, invalid_right: the fraction right of each kind.
    """

    split: Split
    model: nesy.Model
    training: Training
    compile_seconds: float
    judged: Judged
    renamed: float
    valid_right: float
    invalid_right: float


def run_experiment(settings: Settings, images: ImageSet, console: Console) -> Outcome:
    """Form boards, learn from whether they are valid, and judge unseen ones."""
    begin(settings.run)
    split = split_of(settings.images, images)
    rngs = [np.random.default_rng(s) for s in np.random.SeedSequence(settings.run.seed).spawn(2)]
    train = labelled_boards(split.train, settings.size, settings.train_boards, rngs[0])
    tested = settings.test_boards or most_boards(split.unseen, settings.size)
    unseen = labelled_boards(split.unseen, settings.size, tested, rngs[1])
    start = time.perf_counter()
    network = CellNetwork(images.size, settings.size, distorted=settings.distorted)
    model = nesy.Model(
        question(settings.size),
        {"digit_net": nesy.logits(network)},
        query="valid",
        engine=settings.engine,
    )
    compile_seconds = time.perf_counter() - start
    training = fit(model, train, settings.run, console)
    kinds = [_only(unseen, kind) for kind in (VALID, INVALID)]
    right = [judge(model, boards).task_accuracy for boards in kinds]
    return Outcome(
        split=split,
        model=model,
        training=training,
        compile_seconds=compile_seconds,
        judged=judge(model, unseen),
        renamed=permuted_accuracy(confusion(model, unseen, settings.size)),
        valid_right=right[0],
        invalid_right=right[1],
    )


def labelled_boards(images: Images, size: int, count: int, rng: np.random.Generator) -> Pictures:
    """`count` valid boards of images, each used once, and a corrupted copy of each, in random order.

    The images are those of the digits from 0. A copy shares its images with the board it was made of, but
    for the cells where another digit was put.
    Raises `DataError` (too-few-images) where the images do not make so many valid boards.
    """
    solver = by_rules(size)
    supply = Supply(images, size, rng, first=0)
    supply.require(count * size)
    boards = np.stack([solved_board(solver, rng) for _ in range(count)])
    chosen = supply.choose(boards).numpy()
    made, sources = (np.stack(parts) for parts in zip(*(corrupted(b, rng) for b in boards), strict=True))
    replaced = supply.choose(np.where(sources < 0, made, EMPTY)).numpy()
    copied = np.take_along_axis(chosen.reshape(count, -1), sources.reshape(count, -1), axis=1)
    copies = np.where(sources < 0, replaced, copied.reshape(boards.shape))
    order = rng.permutation(2 * count)
    targets = np.repeat([VALID, INVALID], count)[order]
    return Pictures(
        with_blank(images),
        torch.from_numpy(np.concatenate([chosen, copies])[order]),
        torch.from_numpy(np.concatenate([boards, made])[order]),
        torch.from_numpy(targets)[:, None],
    )


def most_boards(images: Images, size: int) -> int:
    """How many valid boards images make, each used once, up to `TESTED`.

    Of n images of a digit, one in ten is left for the corrupted copies.
    """
    fewest = min(int((images.digits == digit).sum()) for digit in range(size))
    return max(1, min(TESTED, fewest * 9 // (10 * size)))


def _only(boards: Pictures, kind: int) -> Pictures:
    kept = boards.targets[:, 0] == kind
    return Pictures(boards.pixels, boards.chosen[kept], boards.digits[kept], boards.targets[kept])


def figures(outcome: Outcome) -> dict[str, Any]:
    """What is recorded: accuracies are fractions, times in seconds, memory in bytes.

    concept_accuracy: of digits under the names the network gives them, which no label speaks of.
    """
    judged = outcome.judged.figures()
    return {
        "test_boards": judged.pop("examples"),
        **judged,
        "digit_accuracy_renamed": outcome.renamed,
        "valid_right": outcome.valid_right,
        "invalid_right": outcome.invalid_right,
        **run_figures(outcome.model, outcome.training, outcome.compile_seconds),
    }


def protocol(settings: Settings, outcome: Outcome) -> str:
    """How the run was made, in words."""
    split, size, tested = outcome.split, settings.size, outcome.judged.examples // 2
    return (
        f"{settings.train_boards} valid boards of {size}x{size} cells from training images of the digits 0 to"
        f" {size - 1}, each image once, and a corrupted copy of each (cells swapped or digits replaced; after"
        f" each change another with probability 0.5); {tested} and {tested} likewise from"
        f" {split.kind} images; labelled by whether they are valid only, no digit labels; seed"
        f" {settings.run.seed}; {split.kind} boards used for the final report only"
        + ("; test images not used" if split.kind == "held-out" else "")
    )


def report(found: Mapping[str, Any]) -> list[str]:
    """The figures for people."""
    return [
        f"boards right     {found['task_accuracy']:.2%} of {found['test_boards']:,}: of the valid"
        f" {found['valid_right']:.2%}, of the others {found['invalid_right']:.2%}; calibration off by"
        f" {found['task_calibration_error']:.4f}",
        f"digits           {found['digit_accuracy_renamed']:.2%} right, whatever the network calls them",
    ]
