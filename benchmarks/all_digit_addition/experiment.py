"""The parts of a run put together: examples, audit, model, training, judgement."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

from rich.console import Console
from torch import Tensor, nn

import nesy
from benchmarks.all_digit_addition.data import Task, make_task
from benchmarks.datasets.images import Images, ImageSet
from benchmarks.learning.digit_images import ImageOptions, find_device, split_of
from benchmarks.learning.judging import Judged, judge
from benchmarks.learning.matching import confusion, permuted_accuracy
from benchmarks.learning.networks import digit_network
from benchmarks.learning.running import RunOptions, begin, fit, run_figures
from benchmarks.learning.train import Training

RULES = Path(__file__).with_name("rules.nesy")
QUERY = "adds(a, b, tens, units)"


@final
@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is, in full.

    spread: the weight of the entropy of the mean belief of a batch, which is rewarded. labels: how many
    images of each digit come with it.
    """

    spread: float
    labels: int
    images: ImageOptions
    run: RunOptions


@final
@dataclass(frozen=True, eq=False)
class Outcome:
    """What a run gave, on images that training never saw.

    wrong_maps: how many wrong readings of the digits the examples allow. permuted_accuracy: of concepts,
    under the best renaming of digits. values_read: how many different digits are ever read.
    """

    settings: Settings
    task: Task
    model: nesy.Model
    compile_seconds: float
    wrong_maps: int
    training: Training
    judged: Judged
    permuted_accuracy: float
    values_read: int


def run_experiment(settings: Settings, images: ImageSet, console: Console) -> Outcome:
    """Form the examples, build the model, train it within its budget, and judge it on unseen examples.

    Raises `NesyError` where data, engine or device cannot do what was asked.
    """
    device = find_device(settings.images.device)
    task = make_task(split_of(settings.images, images), settings.labels, settings.run.seed)
    wrong_maps = count_wrong_maps()
    begin(settings.run)
    start = time.perf_counter()
    network = digit_network(images.size)
    model = build_model(network, settings.run.engine).to(device)
    compile_seconds = time.perf_counter() - start
    labelled = Images(task.labelled.pixels.to(device), task.labelled.digits.to(device))
    objective = make_objective(model, network, settings.spread, labelled)
    training = fit(model, task.train.to(device), settings.run, console, objective)
    unseen = task.unseen.to(device)
    counts = confusion(model, unseen, 10)
    return Outcome(
        settings,
        task,
        model,
        compile_seconds,
        wrong_maps,
        training,
        judged=judge(model, unseen),
        permuted_accuracy=permuted_accuracy(counts),
        values_read=int((counts.sum(dim=0) > 0).sum()),
    )


def build_model(network: nn.Module, engine: str) -> nesy.Model:
    """The model of whether four images belong together."""
    return nesy.Model(nesy.load(RULES), {"digit_net": nesy.logits(network)}, query=QUERY, engine=engine)


def make_objective(
    model: nesy.Model, network: nn.Module, spread: float, labelled: Images
) -> Callable[..., Tensor]:
    """What is minimised: the engine's loss, less the weighted entropy of what a batch shows in the mean, and
    the cross-entropy of the images that come with their digits, if there are any.
    """
    of_examples = nesy.Objective(model, batch_entropy=spread)
    if len(labelled) == 0:
        return of_examples

    def with_labels(targets: Tensor, **inputs: Tensor) -> Tensor:
        taught = nn.functional.cross_entropy(network(labelled.pixels), labelled.digits)
        total: Tensor = of_examples(targets, **inputs) + taught
        return total

    return with_labels


def count_wrong_maps() -> int:
    """How many wrong readings of the digits are consistent with all examples there can be."""
    return nesy.audit(nesy.load(RULES), QUERY, labels=[(None, True)]).wrong_maps


def figures(outcome: Outcome) -> dict[str, Any]:
    """The run's figures, as they are recorded. The task: whether four images belong together."""
    judged = outcome.judged.figures()
    del judged["examples"]
    return {
        **judged,
        "permuted_concept_accuracy": outcome.permuted_accuracy,
        "values_read": outcome.values_read,
        "wrong_maps": outcome.wrong_maps,
        **run_figures(outcome.model, outcome.training, outcome.compile_seconds),
        "train_examples": len(outcome.task.train),
        "labelled_images": len(outcome.task.labelled),
        "held_out_examples" if outcome.settings.images.validate else "test_examples": len(
            outcome.task.unseen
        ),
    }
