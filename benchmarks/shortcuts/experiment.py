"""A run put together: data, model, regulariser, training, and what is judged on which pairs."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, final

from rich.console import Console

import nesy
from benchmarks.datasets.images import ImageSet
from benchmarks.learning.judging import Judged, judge
from benchmarks.learning.running import RunOptions, begin, run_figures
from benchmarks.learning.train import Training
from benchmarks.shortcuts.data import SIZES, Data, make_data
from benchmarks.shortcuts.networks import reader
from benchmarks.shortcuts.restarts import SHARE, trained
from benchmarks.shortcuts.tasks import OUTPUT, QUERY, ShortcutTask
from nesy.engines.diffusion import Diffusion
from nesy.engines.diffusion.inference import DiffusionInference
from nesy.engines.inference import Engine

Entropy = Literal["none", "batch", "unconditional", "conditional"]
"""Which entropy is rewarded: that of the mean belief of a batch, of each picture's belief whatever the sum,
or of the pairs of digits that the sum leaves."""


@final
@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is, in full. validate: judge the task by pairs held out of the training images."""

    task: ShortcutTask
    data: Literal["digits", "mnist"]
    data_dir: Path | None
    validate: bool
    entropy: Entropy
    weight: float
    beginnings: int
    run: RunOptions


@final
@dataclass(frozen=True, eq=False)
class Outcome:
    """What a run gave."""

    settings: Settings
    data: Data
    audit: nesy.Audit
    model: nesy.Model
    compile_seconds: float
    training: Training


def run_experiment(settings: Settings, images: ImageSet, console: Console) -> Outcome:
    """Form the pairs, audit the labels, build the model and train it."""
    task, options = settings.task, settings.run
    data = make_data(task, images, SIZES[settings.data], options.seed)
    begin(options)

    def beginning() -> nesy.Objective:
        return objective_of(build_model(settings, images.size), settings.entropy, settings.weight)

    objective, training = trained(beginning, data.train, options, console, beginnings=settings.beginnings)
    model = objective.model
    assert isinstance(model, nesy.Model)
    start = time.perf_counter()
    build_model(settings, images.size)
    compile_seconds = time.perf_counter() - start
    return Outcome(settings, data, task.audit(), model, compile_seconds, training)


def build_model(settings: Settings, size: int) -> nesy.Model:
    """The model of the task, its network with new weights."""
    network = nesy.logits(reader(size, settings.task.values))
    return nesy.Model(settings.task.program(), {"digit_net": network}, QUERY, OUTPUT, engine_of(settings))


def engine_of(settings: Settings) -> str | Engine:
    """The engine of a run; that of diffusion has the regularisers of single pictures in its own loss."""
    if settings.run.engine == "diffusion" and settings.entropy in ("unconditional", "conditional"):
        return Diffusion(entropy=settings.entropy, entropy_weight=settings.weight)
    return settings.run.engine


def objective_of(model: nesy.Model, entropy: Entropy, weight: float) -> nesy.Objective:
    """The engine's loss, less `weight` nats for each nat of the entropy, unless the loss has it already."""
    if isinstance(model.inference, DiffusionInference) and entropy in ("unconditional", "conditional"):
        return nesy.Objective(model)
    match entropy:
        case "none":
            return nesy.Objective(model)
        case "batch":
            return nesy.Objective(model, batch_entropy=weight)
        case "unconditional":
            return nesy.Objective(model, entropy=weight)
        case "conditional":
            return nesy.Objective(model, conditional_entropy=weight)


def figures(outcome: Outcome) -> dict[str, Any]:
    """The task's figures, as they are recorded.

    A run that validates says of held-out pairs how well it adds, and nothing that a digit's label would
    be needed for.
    """
    audit, task = outcome.audit, outcome.settings.task
    found = {
        "wrong_maps": audit.wrong_maps,
        "wrong_maps_guarantee": audit.guarantee,
        "determined_digits": sorted(task.determined(audit)),
        "train_pairs": len(outcome.data.train),
    }
    judged = _held_out(outcome) if outcome.settings.validate else _tested(outcome)
    return found | judged | run_figures(outcome.model, outcome.training, outcome.compile_seconds)


def _held_out(outcome: Outcome) -> dict[str, Any]:
    unlabelled = judge(outcome.model, outcome.data.held_out)
    return {
        "held_out_pairs": unlabelled.examples,
        "task_accuracy": unlabelled.task_accuracy,
        "task_calibration_error": unlabelled.task_calibration_error,
        "negative_log_likelihood": unlabelled.negative_log_likelihood,
    }


def _tested(outcome: Outcome) -> dict[str, Any]:
    model, data, task = outcome.model, outcome.data, outcome.settings.task
    seen, unseen = judge(model, data.test), judge(model, data.unseen)
    settled = task.determined(outcome.audit)
    open_digits = set(range(task.values)) - settled
    return {
        "test_pairs": seen.examples,
        "unseen_pairs": unseen.examples,
        "task_accuracy": seen.task_accuracy,
        "unseen_task_accuracy": unseen.task_accuracy,
        "concept_accuracy": seen.concept_accuracy,
        "determined_concept_accuracy": _of(outcome, settled, "concept_accuracy"),
        "undetermined_concept_accuracy": _of(outcome, open_digits, "concept_accuracy"),
        "task_calibration_error": seen.task_calibration_error,
        "concept_calibration_error": seen.concept_calibration_error,
        "unseen_task_calibration_error": unseen.task_calibration_error,
        "unseen_concept_accuracy": unseen.concept_accuracy,
        "unseen_concept_calibration_error": unseen.concept_calibration_error,
        "negative_log_likelihood": seen.negative_log_likelihood,
    }


def _of(outcome: Outcome, digits: frozenset[int] | set[int], figure: str) -> float | None:
    """A figure of the test pairs' concepts of some digits; None where there are none."""
    if not digits:
        return None
    judged: Judged = judge(outcome.model, outcome.data.test.judged_on(digits))
    found: float = judged.figures()[figure]
    return found


def protocol(outcome: Outcome) -> str:
    """In words, what was learnt from and what was judged."""
    data, settings = outcome.data, outcome.settings
    sizes = SIZES[settings.data]
    formed = (
        f"{len(data.train):,} training pairs, {sizes.train} of each of the {len(settings.task.seen)} ordered"
        f" pairs of digits that are shown, of training images used once, drawn with seed {settings.run.seed};"
        " supervised by the sum only: no digit's label is used" + _chosen(settings)
    )
    if settings.validate:
        return (
            f"{formed}; judged by the sums of {len(data.held_out):,} pairs of other training images;"
            " test images not used, nor labels of held-out digits"
        )
    return (
        f"{formed}; judged on {len(data.test):,} pairs of test images used once, and on {len(data.unseen):,}"
        " pairs of the other pairs of digits, of test images that may come again; concepts are judged on"
        " the test pairs"
    )


def _chosen(settings: Settings) -> str:
    if settings.beginnings == 1:
        return ""
    return (
        f"; the best of {settings.beginnings} beginnings, each trained for {SHARE:.0%} of the budget, by the"
        " objective on the training pairs"
    )
