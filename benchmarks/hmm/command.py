"""`python -m benchmarks hmm`: its options, and what it prints."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.hmm.experiment import Settings, figures, protocol, run_experiment
from benchmarks.learning.digit_images import load_images
from benchmarks.learning.running import add_run_options, cost_lines, learnt, run_options
from benchmarks.option_types import positive_int
from benchmarks.record import Result
from benchmarks.registry import Benchmark

EPOCHS: Mapping[str, float] = {"known": 5.0, "learnt": 20.0}
"""Passes over the training sequences when no budget is given: moves take longer to learn than digits."""

LEARNING_RATE = 3e-3
"""The peak of the cycle."""


def add_options(parser: ArgumentParser) -> None:
    """The benchmark's own options."""
    add = parser.add_argument
    add("--tables", choices=("known", "learnt"), default="known", help="of the moves (default: known)")
    add("--length", type=positive_int, default=10, help="pictures of a sequence in training (default: 10)")
    add("--test-length", type=positive_int, default=50, help="of the long test sequences (default: 50)")
    add("--data", choices=("digits", "mnist"), default="mnist", help="MNIST, or scikit-learn's 8x8 digits")
    add("--data-dir", type=Path, metavar="DIR", help="the folder of the four MNIST files")
    add("--validate", action="store_true", help="judge by held-out training images, leave test images unused")
    add_run_options(parser, epochs="5, or 20 where moves are learnt", batch_size=16)


def settings_from(options: Namespace) -> Settings:
    """The settings that options stand for, defaults filled in."""
    return Settings(
        tables=options.tables,
        length=options.length,
        test_length=options.test_length,
        data=options.data,
        data_dir=options.data_dir,
        validate=options.validate,
        run=run_options(options, epochs=EPOCHS[options.tables], learning_rate=LEARNING_RATE),
    )


def run(options: Namespace) -> Result:
    """Run the experiment, print its figures, and return them."""
    settings = settings_from(options)
    images = load_images(settings.data, settings.data_dir, settings.run.seed)
    outcome = run_experiment(settings, images, Console(stderr=True))
    found = figures(outcome)
    print("\n".join([*_lines(settings, found), *cost_lines(found)]))
    return learnt(settings, settings.data, protocol(outcome), found)


def _lines(settings: Settings, found: Mapping[str, Any]) -> list[str]:
    """The figures for people, a line each."""
    lines = [
        f"last states      {found['task_accuracy']:.2%} of {found['examples']:,} sequences"
        f" ({found['task_accuracy_digits_known']:.2%} if every digit were known)",
        f"digits           {found['concept_accuracy']:.2%}",
        f"calibration      errors {found['task_calibration_error']:.3f} of last states,"
        f" {found['concept_calibration_error']:.3f} of digits",
    ]
    if found["move_error"] is not None:
        lines.append(f"moves            {found['move_error']:.3f} off in the mean")
    if "smoothed_accuracy" in found:
        lines += [
            f"{question + ' states':16} {found[f'{question}_accuracy']:.2%} of sequences of"
            f" {settings.test_length} ({found[f'{question}_accuracy_digits_known']:.2%} if every digit were"
            f" known; {found['picture_alone_accuracy']:.2%} from each picture alone)"
            for question in ("filtered", "smoothed")
        ]
    return lines


BENCHMARK = Benchmark(
    example="--tables learnt --length 10 --json results.jsonl",
    add_options=add_options,
    run=run,
)
