"""`python -m benchmarks kinship`: its options, and what it prints."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from typing import Any

from rich.console import Console

from benchmarks.kinship.experiment import Settings, figures, protocol, run_experiment
from benchmarks.learning.running import add_run_options, cost_lines, learnt, run_options
from benchmarks.option_types import positive_int
from benchmarks.record import Result
from benchmarks.registry import Benchmark

TRAIN_LENGTHS = (2, 3)
LENGTHS = tuple(range(4, 11))

STORIES = 4_000
"""To learn from, half of each length."""

EPOCHS = 5.0
"""Passes over them when no budget is given."""

LEARNING_RATE = 5e-3
"""The peak of the cycle."""


def add_options(parser: ArgumentParser) -> None:
    """The benchmark's own options."""
    add = parser.add_argument
    add("--stories", type=positive_int, default=STORIES, help=f"to learn from (default: {STORIES})")
    add(
        "--train-lengths",
        type=positive_int,
        nargs="+",
        default=TRAIN_LENGTHS,
        metavar="N",
        help="sentences of the stories to learn from (default: 2 3)",
    )
    add(
        "--lengths",
        type=positive_int,
        nargs="+",
        default=LENGTHS,
        metavar="N",
        help="sentences of the stories that judge (default: 4 to 10)",
    )
    add("--validate", action="store_true", help="judge by other paraphrases than those of the test")
    add_run_options(parser, epochs=f"{EPOCHS:g}", batch_size=32)


def settings_from(options: Namespace) -> Settings:
    """The settings that options stand for, defaults filled in."""
    return Settings(
        stories=options.stories,
        train_lengths=tuple(options.train_lengths),
        lengths=tuple(options.lengths),
        validate=options.validate,
        run=run_options(options, epochs=EPOCHS, learning_rate=LEARNING_RATE),
    )


def run(options: Namespace) -> Result:
    """Run the experiment, print its figures, and return them."""
    settings = settings_from(options)
    outcome = run_experiment(settings, Console(stderr=True))
    found = figures(outcome)
    print("\n".join([*_lines(settings, found), *cost_lines(found)]))
    return learnt(settings, "generated stories", protocol(outcome), found)


def _lines(settings: Settings, found: Mapping[str, Any]) -> list[str]:
    """The figures for people, a line each."""
    by_length = [f"{n}: {found[f'task_accuracy_of_{n}']:.1%}" for n in settings.lengths]
    return [
        f"stories          {found['task_accuracy']:.2%} ({', '.join(by_length)})",
        f"sentences        {found['concept_accuracy']:.2%}",
        f"calibration      errors {found['task_calibration_error']:.3f} of stories,"
        f" {found['concept_calibration_error']:.3f} of sentences",
    ]


BENCHMARK = Benchmark(
    example="--lengths 4 7 10 --json results.jsonl",
    add_options=add_options,
    run=run,
)
