"""`python -m benchmarks add`: its options, and what it prints."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from rich.console import Console

from benchmarks.add.experiment import Settings, figures, protocol, run_experiment
from benchmarks.learning.running import add_run_options, cost_lines, learnt, run_options
from benchmarks.option_types import positive_int
from benchmarks.record import Result
from benchmarks.registry import Benchmark

EPOCHS = 20.0
"""Passes over the training pairs when no budget is given."""

LEARNING_RATE = 1e-2
"""The peak of the cycle."""

EXAMPLES, TESTED = 4_000, 500
"""Pairs to learn from, and pairs of every length to test on."""

LONGER = (8, 64)
"""Digits of the numbers that are tested on."""


def add_options(parser: ArgumentParser) -> None:
    """The benchmark's own options."""
    add = parser.add_argument
    add("--digits", type=positive_int, default=2, metavar="N", help="of the numbers learnt from (default: 2)")
    add(
        "--examples", type=positive_int, default=EXAMPLES, help=f"pairs to learn from (default: {EXAMPLES:,})"
    )
    add(
        "--tested",
        type=positive_int,
        default=TESTED,
        help=f"pairs of each length to test on (default: {TESTED})",
    )
    add(
        "--longer",
        type=positive_int,
        nargs="+",
        default=LONGER,
        metavar="N",
        help=f"digits of the numbers tested on (default: {' '.join(map(str, LONGER))})",
    )
    add_run_options(parser, epochs=f"{EPOCHS:g}", batch_size=50)


def run(options: Namespace) -> Result:
    """Run the experiment, print its figures, and return them."""
    settings = Settings(
        digits=options.digits,
        longer=tuple(options.longer),
        examples=options.examples,
        tested=options.tested,
        run=run_options(options, epochs=EPOCHS, learning_rate=LEARNING_RATE),
    )
    outcome = run_experiment(settings, Console(stderr=True))
    found = figures(settings, outcome)
    lines = [
        f"sums             {judged.task_accuracy:.2%} of {judged.examples:,} with {digits} digits each;"
        f" columns {judged.concept_accuracy:.2%}, calibration errors {judged.task_calibration_error:.3f} and"
        f" {judged.concept_calibration_error:.3f}"
        for digits, judged in outcome.judged.items()
    ]
    print("\n".join([*lines, *cost_lines(found)]))
    return learnt(settings, "random", protocol(settings), found)


BENCHMARK = Benchmark(
    example="--digits 2 --longer 8 64 --json results.jsonl",
    add_options=add_options,
    run=run,
)
