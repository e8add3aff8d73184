"""`python -m benchmarks mnist_products`: its options, and what it prints."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from typing import Any

from rich.console import Console

from benchmarks.learning.digit_images import EPOCHS, add_image_options, image_options, load_images
from benchmarks.learning.running import add_run_options, cost_lines, learnt, run_options
from benchmarks.mnist_products.experiment import Settings, figures, run_experiment
from benchmarks.record import Result
from benchmarks.registry import Benchmark

LEARNING_RATE = 5e-3
"""The peak of the cycle."""


def add_options(parser: ArgumentParser) -> None:
    """The benchmark's own options."""
    parser.add_argument(
        "--digits", type=int, choices=(1, 2), default=1, help="digits per number: there are 100 ** N pairs"
    )
    add_image_options(parser)
    epochs = ", ".join(f"{name} {count:g}" for name, count in EPOCHS.items())
    add_run_options(parser, epochs=epochs, batch_size="64 // N")


def run(options: Namespace) -> Result:
    """Run the experiment, print its figures, and return them."""
    images = image_options(options)
    told = run_options(
        options,
        epochs=EPOCHS[images.data],
        learning_rate=LEARNING_RATE,
        batch_size=64 // options.digits,
    )
    settings = Settings(options.digits, images, told)
    outcome = run_experiment(
        settings, load_images(images.data, images.data_dir, told.seed), Console(stderr=True)
    )
    found = figures(outcome)
    print("\n".join([*_lines(found), *cost_lines(found)]))
    return learnt(settings, images.data, outcome.task.protocol, found)


def _lines(found: Mapping[str, Any]) -> list[str]:
    """The figures for people, a line each."""
    kind = "held-out" if "held_out_pairs" in found else "test"
    count = found["held_out_pairs" if kind == "held-out" else "test_pairs"]
    return [
        f"products         {found['task_accuracy']:.2%} of {count:,} {kind} pairs",
        f"digits           {found['concept_accuracy']:.2%}",
        f"calibration      errors {found['task_calibration_error']:.3f} of the digits of products,"
        f" {found['concept_calibration_error']:.3f} of those read",
    ]


BENCHMARK = Benchmark(
    example="--digits 2 --seconds 60 --json results.jsonl",
    add_options=add_options,
    run=run,
)
