"""The parts of an addition experiment put together: data, model, training, evaluation."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, final

import torch
from rich.console import Console

import nesy
from benchmarks.datasets.digits import load_digits
from benchmarks.datasets.images import ImageSet
from benchmarks.datasets.mnist import load_mnist
from benchmarks.learning.progress import Monitor, Point, progress_display
from benchmarks.learning.train import Budget, Recipe, Training, train
from benchmarks.mnist_addition.data import Pairs, Task, make_task
from benchmarks.mnist_addition.evaluate import Evaluation, evaluate, predict_sums
from benchmarks.mnist_addition.networks import DigitNetwork, digit_network
from benchmarks.mnist_addition.split import Split, final_split, held_out_split
from nesy.circuit.circuit import Circuit
from nesy.engines.exact import ExactInference
from nesy.errors import ModelError

RULES = Path(__file__).with_name("rules.nesy")
"""The one rule file, for any number of digits."""

DataName = Literal["digits", "mnist"]

HELD_OUT: Mapping[DataName, int] = {"mnist": 5_000, "digits": 400}
"""How many training images a validating run holds out."""


@final
@dataclass(frozen=True, slots=True)
class Settings:
    """What an experiment is, in full: no option is left to a default elsewhere.

    validate: judge the run by training images held out, and leave the test images alone.
    """

    digits: int
    data: DataName
    data_dir: Path | None
    validate: bool
    engine: str
    budget: Budget
    recipe: Recipe
    seed: int
    device: str
    threads: int


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
    """What an experiment gave; the evaluation is on images that training never saw."""

    task: Task
    built: Built
    training: Training
    curve: list[Point]
    evaluation: Evaluation


def run_experiment(settings: Settings, images: ImageSet, console: Console, *, points: int) -> Outcome:
    """Form the pairs, build the model, train it within its budget, and evaluate it on unseen pairs.

    points: how often during training loss and accuracy are measured and shown; not counted as training time.
    Raises `NesyError` where data, engine or device cannot do what was asked.
    """
    device = find_device(settings.device)
    torch.set_num_threads(settings.threads)
    task = make_task(split_of(settings, images), settings.digits, settings.seed)
    torch.manual_seed(settings.seed)
    built = build_model(settings, images.size, device)
    train_pairs = task.train.to(device)
    sample = _first(train_pairs, 100)
    with progress_display(console) as display:
        monitor = Monitor(lambda: _accuracy(built.model, sample), display, points)
        training = train(
            built.model, train_pairs, settings.recipe, settings.budget, seed=settings.seed, observe=monitor
        )
    evaluation = evaluate(built.model, built.network, task.unseen.to(device), task.split.unseen)
    return Outcome(task, built, training, monitor.curve, evaluation)


def load_images(settings: Settings) -> ImageSet:
    """The images the settings name."""
    if settings.data == "digits":
        return load_digits(settings.seed)
    return load_mnist(settings.data_dir)


def split_of(settings: Settings, images: ImageSet) -> Split:
    """The images to learn from and those to be judged by."""
    return held_out_split(images, HELD_OUT[settings.data]) if settings.validate else final_split(images)


def build_model(settings: Settings, image_size: int, device: torch.device) -> Built:
    """The model for sums of `settings.digits` digits, on a device."""
    network = digit_network(image_size)
    start = time.perf_counter()
    model = nesy.Model(
        nesy.load(RULES),
        networks={"digit_net": nesy.logits(network)},
        query=f"sum({settings.digits}, I, S)",
        output="S",
        engine=settings.engine,
    )
    return Built(model.to(device), network, time.perf_counter() - start)


def find_device(name: str) -> torch.device:
    """The device of that name. Raises `ModelError` (unknown-device)."""
    try:
        device = torch.device(name)
    except RuntimeError:
        raise ModelError("unknown-device", f"there is no device {name!r}", hint="use cpu or cuda") from None
    if device.type == "cuda" and not torch.cuda.is_available():
        raise ModelError("unknown-device", "torch finds no CUDA device here", hint="use --device cpu")
    return device


def figures(outcome: Outcome) -> dict[str, Any]:
    """The task's figures, as they are recorded. Accuracies are fractions; times are in seconds.

    The pairs that judged the run are counted as `test_pairs`, or as `held_out_pairs` where it validates.
    """
    task, training, evaluation = outcome.task, outcome.training, outcome.evaluation
    circuits = _circuits(outcome.built.model)
    return {
        "sum_accuracy": evaluation.sum_accuracy,
        "digit_accuracy": evaluation.digit_accuracy,
        "train_seconds": round(training.seconds, 3),
        "train_cpu_seconds": round(training.cpu_seconds, 3),
        "compile_seconds": round(outcome.built.compile_seconds, 4),
        "examples_per_second": round(training.examples / training.seconds, 1),
        "steps": training.steps,
        "epochs_done": round(training.epochs, 3),
        "train_pairs": len(task.train),
        "test_pairs" if task.split.kind == "test" else "held_out_pairs": len(task.unseen),
        "circuit_nodes": sum(circuit.size for circuit in circuits) if circuits else None,
        "circuit_edges": sum(circuit.edges for circuit in circuits) if circuits else None,
    }


def _circuits(model: nesy.Model) -> tuple[Circuit, ...]:
    """The circuits an engine compiled; empty for engines that work without."""
    return model.inference.circuits if isinstance(model.inference, ExactInference) else ()


def _first(pairs: Pairs, count: int) -> Pairs:
    return Pairs(pairs.pixels, pairs.a[:count], pairs.b[:count], pairs.targets[:count])


def _accuracy(model: nesy.Model, pairs: Pairs) -> float:
    training = model.training
    model.eval()
    right = (predict_sums(model, pairs) == pairs.targets).all(dim=1)
    model.train(training)
    return float(right.double().mean())
