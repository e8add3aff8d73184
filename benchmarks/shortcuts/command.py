"""`python -m benchmarks shortcuts`: its options, and what it prints."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from rich.console import Console

from benchmarks.learning.digit_images import load_images
from benchmarks.learning.running import add_run_options, cost_lines, learnt, run_options
from benchmarks.option_types import positive_float, positive_int
from benchmarks.record import Result
from benchmarks.registry import Benchmark
from benchmarks.shortcuts.experiment import (
    Entropy,
    Settings,
    figures,
    protocol,
    run_experiment,
)
from benchmarks.shortcuts.tasks import TASKS

EPOCHS = 15.0
"""Passes over the training pairs when no budget is given."""

LEARNING_RATE = 2e-3
"""The peak of the cycle."""

BEGINNINGS = 8
"""Initial weights that are tried."""

WEIGHTS: Mapping[Entropy, float] = {"none": 0.0, "batch": 8.0, "unconditional": 0.1, "conditional": 0.1}
"""Of each regulariser, when no weight is given: the README says how they were chosen."""


def add_options(parser: ArgumentParser) -> None:
    """The benchmark's own options."""
    add = parser.add_argument
    add("--task", choices=tuple(TASKS), default="half", help="MNIST-Half or MNIST-Even-Odd (default: half)")
    add(
        "--entropy",
        choices=get_args(Entropy),
        default="batch",
        help="what is rewarded: the entropy of a batch's mean belief, that of each picture's belief"
        " (unconditional), or that of the worlds which the sum leaves (conditional) (default: batch)",
    )
    weights = ", ".join(f"{name} {weight:g}" for name, weight in WEIGHTS.items() if weight)
    add("--weight", type=positive_float, metavar="W", help=f"in nats per nat (default: {weights})")
    add(
        "--beginnings",
        type=positive_int,
        default=BEGINNINGS,
        metavar="K",
        help="initial weights to try, each for a fifth of the budget on top of it; what has the least"
        f" objective on the training pairs is trained on (default: {BEGINNINGS})",
    )
    add("--data", choices=("digits", "mnist"), default="mnist", help="MNIST, or scikit-learn's 8x8 digits")
    add("--data-dir", type=Path, metavar="DIR", help="the folder of the four MNIST files")
    add(
        "--validate",
        action="store_true",
        help="to choose weights: report task figures of held-out training images, leave test images unused",
    )
    add_run_options(parser, epochs=f"{EPOCHS:g}", batch_size=64)


def settings_from(options: Namespace) -> Settings:
    """The settings that options stand for, defaults filled in."""
    return Settings(
        task=TASKS[options.task],
        data=options.data,
        data_dir=options.data_dir,
        validate=options.validate,
        entropy=options.entropy,
        weight=WEIGHTS[options.entropy] if options.weight is None else options.weight,
        beginnings=options.beginnings,
        run=run_options(options, epochs=EPOCHS, learning_rate=LEARNING_RATE),
    )


def run(options: Namespace) -> Result:
    """Run the experiment, print its figures, and return them."""
    settings = settings_from(options)
    images = load_images(settings.data, settings.data_dir, settings.run.seed)
    outcome = run_experiment(settings, images, Console(stderr=True))
    found = figures(outcome)
    print(next(outcome.audit.lines()))
    print("\n".join([*_lines(found), *cost_lines(found)]))
    return learnt(settings, settings.data, protocol(outcome), found, task=settings.task.name)


def _lines(found: Mapping[str, Any]) -> list[str]:
    """The figures for people, a line each."""
    if "concept_accuracy" not in found:
        return [
            f"sums             {found['task_accuracy']:.2%} of {found['held_out_pairs']:,} held-out pairs"
        ]
    parts = [
        f"{part} {found[f'{part}_concept_accuracy']:.2%}"
        for part in ("determined", "undetermined")
        if found[f"{part}_concept_accuracy"] is not None
    ]
    return [
        f"sums             {found['task_accuracy']:.2%} of {found['test_pairs']:,} test pairs,"
        f" {found['unseen_task_accuracy']:.2%} of {found['unseen_pairs']:,} out of distribution",
        f"digits           {found['concept_accuracy']:.2%} ({', '.join(parts)})",
        f"calibration      errors {found['task_calibration_error']:.3f} of sums,"
        f" {found['concept_calibration_error']:.3f} of digits",
    ]


BENCHMARK = Benchmark(
    example="--task half --entropy batch --json results.jsonl",
    add_options=add_options,
    run=run,
)
