"""`python -m benchmarks mnist_addition`: its options, and what it prints."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.learning.train import Budget, Recipe
from benchmarks.mnist_addition.experiment import (
    HELD_OUT,
    Outcome,
    Settings,
    figures,
    load_images,
    run_experiment,
)
from benchmarks.option_types import positive_float, positive_int, seed
from benchmarks.record import Result
from benchmarks.registry import Benchmark

IMAGES_PER_STEP = 128
"""Without --batch-size, a step sees about this many images, whatever the number of digits."""

EPOCHS = {"mnist": 5.0, "digits": 40.0}
"""Passes over the training pairs when no budget is given: the embedded digits are few."""


def add_options(parser: ArgumentParser) -> None:
    """The benchmark's own options."""
    add = parser.add_argument
    add("--digits", type=positive_int, default=1, metavar="N", help="digits per number (default: 1)")
    add("--data", choices=("digits", "mnist"), default="mnist", help="MNIST, or scikit-learn's 8x8 digits")
    add("--data-dir", type=Path, metavar="DIR", help="the folder of the four MNIST files")
    add(
        "--validate",
        action="store_true",
        help=f"to choose between recipes: hold out {HELD_OUT['mnist']:,} training images (of the 8x8 digits,"
        f" {HELD_OUT['digits']}), report accuracy on them, and leave the test images unused",
    )
    add("--engine", default="exact", help="the inference engine (default: exact)")
    add("--epochs", type=positive_float, help="passes over the training pairs")
    add("--seconds", type=positive_float, help="a budget of training time; whichever is spent first ends it")
    add("--batch-size", type=positive_int, help=f"pairs per step (default: {IMAGES_PER_STEP // 2} // N)")
    add("--seed", type=seed, default=0, help="of the split, the pairs, the weights, the batches (default: 0)")
    add("--device", default="cpu", help="where torch computes (default: cpu)")
    # On a machine with other work to do, operations on several threads wait for one another: with one
    # thread the figures are steady, and these small networks gain little from a second.
    add("--threads", type=positive_int, default=1, help="of torch on the CPU (default: 1)")


def settings_from(options: Namespace) -> Settings:
    """The settings that options stand for, defaults filled in."""
    epochs: float | None = options.epochs
    if epochs is None and options.seconds is None:
        epochs = EPOCHS[options.data]
    batch_size: int = options.batch_size or max(1, IMAGES_PER_STEP // (2 * options.digits))
    return Settings(
        digits=options.digits,
        data=options.data,
        data_dir=options.data_dir,
        validate=options.validate,
        engine=options.engine,
        budget=Budget(epochs, options.seconds),
        recipe=Recipe(batch_size),
        seed=options.seed,
        device=options.device,
        threads=options.threads,
    )


def run(options: Namespace) -> Result:
    """Run the experiment, print its figures, and return them."""
    settings = settings_from(options)
    outcome = run_experiment(settings, load_images(settings), Console(stderr=True), points=20)
    result = result_of(settings, outcome)
    print(report(outcome))
    return result


def result_of(settings: Settings, outcome: Outcome) -> Result:
    """What is recorded of a run."""
    written = {
        "digits": settings.digits,
        "data": settings.data,
        "data_dir": None if settings.data_dir is None else str(settings.data_dir),
        "validate": settings.validate,
        "epochs": settings.budget.epochs,
        "seconds": settings.budget.seconds,
        "batch_size": settings.recipe.batch_size,
        "learning_rate": settings.recipe.learning_rate,
        "weight_decay": settings.recipe.weight_decay,
        "warm_up": settings.recipe.warm_up,
        "device": settings.device,
        "threads": settings.threads,
    }
    protocol = outcome.task.protocol
    return Result(settings.engine, written, settings.data, protocol, settings.seed, figures(outcome))


def report(outcome: Outcome) -> str:
    """The figures for people, a line each."""
    values, unseen = figures(outcome), outcome.evaluation
    kind = outcome.task.split.kind
    return "\n".join(
        [
            f"sum accuracy     {values['sum_accuracy']:.2%}  of {len(unseen.pairs):,} {kind} pairs",
            f"digit accuracy   {values['digit_accuracy']:.2%}  of {len(unseen.images):,} {kind} images",
            f"training         {values['train_seconds']:.1f} s, {values['epochs_done']:g} epochs,"
            f" {values['examples_per_second']:,.0f} pairs/s",
            f"compiling        {values['compile_seconds']:.3f} s{_size(values)}",
        ]
    )


def _size(values: Mapping[str, Any]) -> str:
    if values["circuit_nodes"] is None:
        return ""
    return f", circuits of {values['circuit_nodes']:,} nodes and {values['circuit_edges']:,} edges"


BENCHMARK = Benchmark(
    example="--digits 2 --seconds 40 --json results.jsonl",
    add_options=add_options,
    run=run,
)
