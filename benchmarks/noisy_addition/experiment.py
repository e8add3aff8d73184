"""The parts of a run put together: noisy labels, the model that expects them, training, judgement."""

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
from benchmarks.noisy_addition.data import Task, make_task

RULES = Path(__file__).with_name("rules.nesy")


@final
@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is, in full. noise: the probability that a label is made up."""

    noise: float
    images: ImageOptions
    run: RunOptions


@final
@dataclass(frozen=True, eq=False)
class Outcome:
    """What a run gave, on images that training never saw.

    on_sums: judged by true sums. on_labels: by labels as noisy as those that were learnt from.
    """

    settings: Settings
    task: Task
    model: nesy.Model
    compile_seconds: float
    training: Training
    on_sums: Judged
    on_labels: Judged


def run_experiment(settings: Settings, images: ImageSet, console: Console) -> Outcome:
    """Form the pairs, build the model, train it within its budget, and judge it on unseen pairs.

    Raises `NesyError` where data, engine or device cannot do what was asked.
    """
    device = find_device(settings.images.device)
    task = make_task(split_of(settings.images, images), settings.noise, settings.run.seed)
    begin(settings.run)
    start = time.perf_counter()
    model = build_model(settings.run.engine, images.size).to(device)
    compile_seconds = time.perf_counter() - start
    training = fit(model, task.train.to(device), settings.run, console)
    unseen = task.unseen.to(device)
    on_sums, on_labels = judge(model, unseen.truthful()), judge(model, unseen)
    return Outcome(settings, task, model, compile_seconds, training, on_sums, on_labels)


def build_model(engine: str, image_size: int) -> nesy.Model:
    """The model of a label that may be made up, for images of a size."""
    networks = {"digit_net": nesy.logits(digit_network(image_size))}
    return nesy.Model(nesy.load(RULES), networks, query="label(a, b, S)", output="S", engine=engine)


def learnt_noise(model: nesy.Model) -> float:
    """What the model holds the probability of a made-up label to be."""
    return model.learned.probabilities()["noisy"]["true"]


def figures(outcome: Outcome) -> dict[str, Any]:
    """The run's figures, as they are recorded.

    Accuracies are of true sums and digits. The calibration error of the task and the likelihood are those of
    noisy labels, which is what the model speaks of.
    """
    on_sums, on_labels = outcome.on_sums, outcome.on_labels
    return {
        "task_accuracy": on_sums.task_accuracy,
        "concept_accuracy": on_sums.concept_accuracy,
        "task_calibration_error": on_labels.task_calibration_error,
        "concept_calibration_error": on_sums.concept_calibration_error,
        "negative_log_likelihood": on_labels.negative_log_likelihood,
        "noisy_label_accuracy": on_labels.task_accuracy,
        "true_noise": outcome.settings.noise,
        "made_up_labels": outcome.task.made_up,
        "learnt_noise": learnt_noise(outcome.model),
        **run_figures(outcome.model, outcome.training, outcome.compile_seconds),
        "train_pairs": len(outcome.task.train),
        "held_out_pairs" if outcome.settings.images.validate else "test_pairs": len(outcome.task.unseen),
    }
