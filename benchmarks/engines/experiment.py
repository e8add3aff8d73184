"""MNIST addition with one engine after the other: the same pairs, weights, batches and budget for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, final

import torch
from rich.console import Console

import nesy
from benchmarks.datasets.images import ImageSet
from benchmarks.engines.gradients import Weights, cosine, gradient, with_weights
from benchmarks.learning.running import begin
from benchmarks.mnist_addition.data import Pairs
from benchmarks.mnist_addition.experiment import Outcome, Settings, build_model, figures, run_experiment

COMPARED = (
    "task_accuracy",
    "concept_accuracy",
    "task_calibration_error",
    "concept_calibration_error",
    "train_seconds",
    "train_cpu_seconds",
    "examples_per_second",
)
"""The figures of a run that are told of every engine."""

BATCH_IMAGES = 128
"""How many images gradients are compared on."""


@final
@dataclass(frozen=True, eq=False)
class Compared:
    """What one engine did.

    outcome: None where it refuses the task, for the `reason`.
    at_start, at_end: the cosine of its gradient with the exact one, with the weights before training, and
    with those that the exact engine ends with.
    """

    engine: str
    outcome: Outcome | None
    reason: str = ""
    at_start: float = 0.0
    at_end: float = 0.0

    def figures(self) -> dict[str, Any]:
        """By name, as they are recorded: each begins with the engine's."""
        if self.outcome is None:
            return {f"{self.engine}_refused": self.reason}
        found = figures(self.outcome)
        return {
            **{f"{self.engine}_{name}": found[name] for name in COMPARED},
            f"{self.engine}_gradient_cosine_at_start": round(self.at_start, 4),
            f"{self.engine}_gradient_cosine_at_end": round(self.at_end, 4),
        }


def compare(
    settings: Settings, engines: Sequence[str], images: ImageSet, console: Console, *, points: int
) -> list[Compared]:
    """Train with each engine. settings: those of all; the engine's name in them does not count.

    An engine that refuses the task is left out, with its reason. Other errors are raised.
    """
    exact = run_experiment(_with(settings, "exact"), images, console, points=points)
    pairs = exact.task.train.first(max(1, BATCH_IMAGES // (2 * settings.digits)))
    states = _initial(settings, images), exact.built.model.networks.state_dict()
    found = []
    for name in engines:
        console.print(f"engine {name}", highlight=False)
        try:
            outcome = (
                exact
                if name == "exact"
                else run_experiment(_with(settings, name), images, console, points=points)
            )
            cosines = [_cosine(settings, name, images, pairs, weights) for weights in states]
        except nesy.NesyError as error:
            if error.code != "unsupported-task":
                raise
            found.append(Compared(name, None, error.message))
            continue
        found.append(Compared(name, outcome, "", *cosines))
    return found


def _initial(settings: Settings, images: ImageSet) -> Weights:
    begin(settings.run)
    return build_model(_with(settings, "exact"), images.size, torch.device("cpu")).model.networks.state_dict()


def _cosine(settings: Settings, name: str, images: ImageSet, pairs: Pairs, weights: Weights) -> float:
    begin(settings.run)
    models = (
        build_model(_with(settings, engine), images.size, torch.device("cpu")).model
        for engine in ("exact", name)
    )
    one, other = (gradient(with_weights(model, weights), pairs) for model in models)
    return cosine(one, other)


def _with(settings: Settings, engine: str) -> Settings:
    return replace(settings, run=replace(settings.run, engine=engine))
