"""The parts of an addition experiment put together: data, model, training, evaluation."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import torch
from rich.console import Console
from torch import Tensor

import nesy
from benchmarks.datasets.images import ImageSet
from benchmarks.learning.digit_images import ImageOptions, find_device, split_of
from benchmarks.learning.examples import Examples
from benchmarks.learning.judging import Judged, evaluating, judge
from benchmarks.learning.networks import DigitNetwork, digit_network
from benchmarks.learning.progress import Monitor, Point, progress_display, seconds_to
from benchmarks.learning.running import RunOptions, begin, run_figures
from benchmarks.learning.shifting import Shifted
from benchmarks.learning.step_cost import query_cost, step_cost
from benchmarks.learning.train import Training, train
from benchmarks.mnist_addition.data import Pairs, Task, make_task

RULES = Path(__file__).with_name("rules.nesy")
"""The one rule file, for any number of digits."""

LEVELS = {"seconds_to_97": 0.97, "seconds_to_98": 0.98, "seconds_to_98_1": 0.981}
"""The sum accuracies whose first reaching is timed."""

WATCHED_IMAGES = 5_000
"""How many images the pairs have on which accuracy is measured during training."""

BATCH_IMAGES = 2_000
"""How many images go through the network at once where nothing is learnt: bounds the memory that takes."""

QUERY_IMAGES = 4_000
"""The most images of a batch of queries that is timed."""


@final
@dataclass(frozen=True, slots=True)
class Settings:
    """What an experiment is, in full.

    shift: by how many pixels at most training images are moved, anew each time; 0 leaves them as they are.
    """

    digits: int
    images: ImageOptions
    run: RunOptions
    shift: int = 0


@final
@dataclass(frozen=True, eq=False)
class Built:
    """A model and the network inside it. compile_seconds: parsing, grounding and compiling."""

    model: nesy.Model
    network: DigitNetwork
    compile_seconds: float


@final
@dataclass(frozen=True, eq=False)
class Outcome:
    """What an experiment gave; judged on images that training never saw.

    costs: what a step and a query cost, measured after training, by the names they are recorded by.
    """

    task: Task
    built: Built
    training: Training
    curve: list[Point]
    judged: Judged
    costs: dict[str, Any]


def run_experiment(settings: Settings, images: ImageSet, console: Console, *, points: int) -> Outcome:
    """Form the pairs, build the model, train it within its budget, and judge it on unseen pairs.

    points: how often during training loss and accuracy are measured and shown; not counted as training time.
    Raises `NesyError` where data, engine or device cannot do what was asked.
    """
    device = find_device(settings.images.device)
    task = make_task(split_of(settings.images, images), settings.digits, settings.run.seed)
    begin(settings.run)
    built = build_model(settings, images.size, device)
    train_pairs, unseen = task.train.to(device), task.unseen.to(device)
    watched = _watched(task).to(device)
    shown = Shifted(train_pairs, settings.shift, settings.run.seed) if settings.shift else train_pairs
    training, curve = _train(built.model, shown, watched, settings.run, console, points)
    judged = judge(built.model, unseen, batch=max(1, BATCH_IMAGES // (2 * settings.digits)))
    costs = _costs(built.model, train_pairs, settings.run.recipe.batch_size)
    return Outcome(task, built, training, curve, judged, costs)


def build_model(settings: Settings, image_size: int, device: torch.device) -> Built:
    """The model for sums of `settings.digits` digits, on a device."""
    network = digit_network(image_size)
    start = time.perf_counter()
    model = nesy.Model(
        nesy.load(RULES),
        networks={"digit_net": nesy.logits(network)},
        query=f"sum({settings.digits}, I, S)",
        output="S",
        engine=settings.run.engine,
    )
    return Built(model.to(device), network, time.perf_counter() - start)


def figures(outcome: Outcome) -> dict[str, Any]:
    """The task's figures, as they are recorded. Accuracies are fractions; times are in seconds.

    The pairs that judged the run are counted as `test_pairs`, or as `held_out_pairs` where it validates.
    """
    task, judged = outcome.task, outcome.judged.figures()
    del judged["examples"]  # under a name that says of which kind they are
    return {
        **judged,
        **run_figures(outcome.built.model, outcome.training, outcome.built.compile_seconds),
        **{name: _rounded(seconds_to(outcome.curve, level)) for name, level in LEVELS.items()},
        "reached_on": f"{len(_watched(task)):,} {_watched_kind(task)} pairs",
        "train_pairs": len(task.train),
        "test_pairs" if task.split.kind == "test" else "held_out_pairs": len(task.unseen),
        **outcome.costs,
    }


def _train(
    model: nesy.Model, shown: Examples, watched: Pairs, options: RunOptions, console: Console, points: int
) -> tuple[Training, list[Point]]:
    with progress_display(console) as display:
        monitor = Monitor(lambda: _accuracy(model, watched), display, points)
        training = train(model, shown, options.recipe, options.budget, seed=options.seed, observe=monitor)
    return training, monitor.curve


def _watched(task: Task) -> Pairs:
    """The pairs that training is watched by: held-out ones, and never those of test images."""
    pairs = task.unseen if task.split.kind == "held-out" else task.train
    return pairs.first(max(1, WATCHED_IMAGES // (2 * pairs.digits)))


def _watched_kind(task: Task) -> str:
    return "held-out" if task.split.kind == "held-out" else "training"


def _costs(model: nesy.Model, pairs: Pairs, batch_size: int) -> dict[str, Any]:
    queries = max(1, min(128, QUERY_IMAGES // (2 * pairs.digits)))
    return {
        **step_cost(model, pairs, batch_size).figures(),
        **query_cost(model, pairs, queries).figures(),
    }


def _accuracy(model: nesy.Model, pairs: Pairs) -> float:
    with evaluating(model):
        right = (predict_sums(model, pairs) == pairs.targets).all(dim=1)
    return float(right.double().mean())


def predict_sums(model: nesy.Model, pairs: Pairs) -> Tensor:
    """(P, N + 1) int64: the predicted digits of every sum, units first. The model's mode is the caller's."""
    size = max(1, BATCH_IMAGES // (2 * pairs.digits))
    starts = range(0, len(pairs), size)
    return torch.cat([model.predict(**pairs.inputs(slice(start, start + size))) for start in starts])


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 2)
