"""The parts of a run put together: pairs, model, training, judgement."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

from rich.console import Console

import nesy
from benchmarks.datasets.images import ImageSet
from benchmarks.learning.digit_images import ImageOptions, find_device, split_of
from benchmarks.learning.judging import Judged, judge
from benchmarks.learning.networks import digit_network
from benchmarks.learning.running import RunOptions, begin, fit, run_figures
from benchmarks.learning.train import Training
from benchmarks.mnist_products.data import Task, make_task

RULES = Path(__file__).with_name("rules.nesy")
"""The one rule file, for any number of digits."""


@final
@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is, in full."""

    digits: int
    images: ImageOptions
    run: RunOptions


@final
@dataclass(frozen=True, eq=False)
class Outcome:
    """What a run gave; it is judged on images that training never saw."""

    task: Task
    model: nesy.Model
    training: Training
    compile_seconds: float
    judged: Judged


def run_experiment(settings: Settings, images: ImageSet, console: Console) -> Outcome:
    """Form the pairs, train a model on their products, and judge it on unseen pairs."""
    device = find_device(settings.images.device)
    task = make_task(split_of(settings.images, images), settings.digits, settings.run.seed)
    begin(settings.run)
    model, compile_seconds = build_model(settings, images.size)
    model = model.to(device)
    training = fit(model, task.train.to(device), settings.run, console)
    judged = judge(model, task.unseen.to(device), batch=100)
    return Outcome(task, model, training, compile_seconds, judged)


def build_model(settings: Settings, image_size: int) -> tuple[nesy.Model, float]:
    """The model of products of so many digits, and the seconds that took."""
    network = digit_network(image_size)
    start = time.perf_counter()
    model = nesy.Model(
        nesy.load(RULES),
        networks={"digit_net": nesy.logits(network)},
        query=f"product({settings.digits}, I, D)",
        output="D",
        engine=settings.run.engine,
    )
    return model, time.perf_counter() - start


def figures(outcome: Outcome) -> dict[str, Any]:
    """What is recorded: accuracies are fractions, times in seconds, memory in bytes."""
    task, judged = outcome.task, outcome.judged.figures()
    count = judged.pop("examples")
    return {
        **judged,
        **run_figures(outcome.model, outcome.training, outcome.compile_seconds),
        "train_pairs": len(task.train),
        "held_out_pairs" if task.split.kind == "held-out" else "test_pairs": count,
    }
