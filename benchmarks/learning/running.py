"""What every run that learns is told, does and reports: options, training that is watched, its figures."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, final

import torch
from rich.console import Console
from torch import Tensor

import nesy
from benchmarks.learning.examples import AnyExamples, Examples
from benchmarks.learning.judging import evaluating, peak_memory
from benchmarks.learning.progress import Monitor, progress_display
from benchmarks.learning.train import WEIGHT_DECAY, Budget, Recipe, Training, train
from benchmarks.option_types import positive_float, positive_int, seed
from benchmarks.record import Result, written
from nesy.engines.exact import ExactInference

POINTS = 10
"""How often a run looks at its own accuracy while it trains."""

WATCHED = 100
"""On how many training examples it does."""


@final
@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a run learns, in full: no option is left to a default elsewhere."""

    engine: str
    budget: Budget
    recipe: Recipe
    seed: int
    threads: int

    def written(self) -> dict[str, Any]:
        """As they are recorded; engine and seed have places of their own in a record."""
        return written(self)


class LearningSettings(Protocol):
    """What a run that learns is, in full: a dataclass, one of whose fields says how it learns."""

    @property
    def run(self) -> RunOptions:
        """How it learns."""
        ...


def learnt(
    settings: LearningSettings, data: str, protocol: str, figures: Mapping[str, Any], **instead: Any
) -> Result:
    """What is recorded of a run that learns. instead: as for `written`."""
    run = settings.run
    return Result(run.engine, written(settings, **instead), data, protocol, run.seed, figures)


def add_run_options(
    parser: ArgumentParser, *, epochs: str, batch_size: int | str, engines: str | None = None
) -> None:
    """The options of `RunOptions`. epochs: the default, in words; so may be that of the batch size.

    engines: the default of the engine in words, where it is not `exact`; without the option it is None.
    """
    add = parser.add_argument
    default_engine = "exact" if engines is None else None
    add("--engine", default=default_engine, help=f"the inference engine (default: {engines or 'exact'})")
    add("--epochs", type=positive_float, help=f"passes over the training examples (default: {epochs})")
    add("--seconds", type=positive_float, help="a budget of training time; whichever is spent first ends it")
    default = batch_size if isinstance(batch_size, int) else None
    add("--batch-size", type=positive_int, default=default, help=f"examples per step (default: {batch_size})")
    add("--seed", type=seed, default=0, help="of the examples, the weights, the batches (default: 0)")
    add("--threads", type=positive_int, default=1, help="of torch on the CPU (default: 1)")


def run_options(
    options: Namespace,
    *,
    epochs: float,
    learning_rate: float,
    batch_size: int = 1,
    weight_decay: float = WEIGHT_DECAY,
) -> RunOptions:
    """What the options of `add_run_options` stand for. epochs: where no budget is given.

    batch_size: where none is given, and the default was in words.
    """
    bare = options.epochs is None and options.seconds is None
    return RunOptions(
        engine=options.engine,
        budget=Budget(epochs if bare else options.epochs, options.seconds),
        recipe=Recipe(options.batch_size or batch_size, learning_rate, weight_decay),
        seed=options.seed,
        threads=options.threads,
    )


def fit(
    model: nesy.Model,
    examples: Examples,
    options: RunOptions,
    console: Console,
    objective: Callable[..., Tensor] | None = None,
) -> Training:
    """Train a model within its budget and show how it goes, by its accuracy on a few training examples."""
    watched = slice(0, WATCHED)
    targets = examples.targets[watched]

    def accuracy() -> float:
        with evaluating(model):
            guess = model.predict(**examples.inputs(watched))
        return float(((guess == targets) | (targets < 0)).all(dim=1).double().mean())

    return fit_watched(model, examples, options, console, accuracy, objective)


def fit_watched(
    model: nesy.Model | nesy.SequenceModel,
    examples: AnyExamples,
    options: RunOptions,
    console: Console,
    accuracy: Callable[[], float],
    objective: Callable[..., Tensor] | None = None,
) -> Training:
    """Train a model within its budget, and show how it goes by an accuracy that is asked for now and then."""
    with progress_display(console) as display:
        return train(
            model,
            examples,
            options.recipe,
            options.budget,
            seed=options.seed,
            observe=Monitor(accuracy, display, POINTS),
            objective=objective,
        )


def run_figures(model: nesy.Model, training: Training, compile_seconds: float) -> dict[str, Any]:
    """What a run took: times in seconds, memory in bytes, circuits where the engine compiles any."""
    circuits = model.inference.circuits if isinstance(model.inference, ExactInference) else ()
    return {
        **training_figures(training, compile_seconds),
        "circuit_nodes": sum(circuit.size for circuit in circuits) if circuits else None,
        "circuit_edges": sum(circuit.edges for circuit in circuits) if circuits else None,
    }


def training_figures(training: Training, compile_seconds: float) -> dict[str, Any]:
    """What training took: times in seconds, memory in bytes."""
    return {
        "train_seconds": round(training.seconds, 3),
        "train_cpu_seconds": round(training.cpu_seconds, 3),
        "compile_seconds": round(compile_seconds, 4),
        "examples_per_second": round(training.examples / training.seconds, 1),
        "steps": training.steps,
        "epochs_done": round(training.epochs, 3),
        "peak_memory": peak_memory(),
    }


def cost_lines(figures: Mapping[str, Any]) -> list[str]:
    """`run_figures` for people."""
    size = ""
    if figures["circuit_nodes"] is not None:
        size = f", circuits of {figures['circuit_nodes']:,} nodes and {figures['circuit_edges']:,} edges"
    return [
        f"training         {figures['train_seconds']:.1f} s, {figures['epochs_done']:g} epochs,"
        f" {figures['examples_per_second']:,.0f} examples/s, {figures['peak_memory'] / 1e6:,.0f} MB at most",
        f"compiling        {figures['compile_seconds']:.3f} s{size}",
    ]


def begin(options: RunOptions) -> None:
    """Torch's threads and random numbers, as a run wants them."""
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
