"""`python -m benchmarks sort`: its options, and what it prints."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from rich.console import Console

from benchmarks.learning.running import add_run_options, cost_lines, learnt, run_options
from benchmarks.option_types import positive_int
from benchmarks.record import Result
from benchmarks.registry import Benchmark
from benchmarks.sort.experiment import Settings, figures, protocol, run_experiment

EPOCHS = 20.0
"""Passes over the training lists when no budget is given."""

LEARNING_RATE = 1e-2
"""The peak of the cycle."""

EXAMPLES, TESTED = 2_000, 100
"""Lists to learn from, and lists of every length to test on."""

LONGER = (8, 64)
"""Items of the lists that are tested on."""


def add_options(parser: ArgumentParser) -> None:
    """The benchmark's own options."""
    add = parser.add_argument
    add("--length", type=int, choices=(2, 3, 4, 5), default=3, help="of the lists learnt from (default: 3)")
    add("--examples", type=positive_int, default=EXAMPLES, help=f"training lists (default: {EXAMPLES:,})")
    add(
        "--tested",
        type=positive_int,
        default=TESTED,
        help=f"test lists of each length (default: {TESTED})",
    )
    add(
        "--longer",
        type=positive_int,
        nargs="+",
        default=LONGER,
        metavar="N",
        help=f"items of the lists tested on (default: {' '.join(map(str, LONGER))})",
    )
    add_run_options(parser, epochs=f"{EPOCHS:g}", batch_size=50)


def run(options: Namespace) -> Result:
    """Run the experiment, print its figures, and return them."""
    settings = Settings(
        length=options.length,
        longer=tuple(options.longer),
        examples=options.examples,
        tested=options.tested,
        run=run_options(options, epochs=EPOCHS, learning_rate=LEARNING_RATE),
    )
    outcome = run_experiment(settings, Console(stderr=True))
    found, judged = figures(settings, outcome), outcome.judged
    lines = [
        f"sorted           {judged.task_accuracy:.2%} of {judged.examples:,} lists of {settings.length};"
        f" swaps {judged.concept_accuracy:.2%}, calibration errors {judged.task_calibration_error:.3f} and"
        f" {judged.concept_calibration_error:.3f}",
        *(f"  of length {n:2}   {share:.2%} of {settings.tested:,}" for n, share in outcome.longer.items()),
        f"decisions        {outcome.decisions:.2%} of the 90 pairs of different digits",
    ]
    print("\n".join([*lines, *cost_lines(found)]))
    return learnt(settings, "random", protocol(settings), found)


BENCHMARK = Benchmark(
    example="--length 3 --longer 8 64 --json results.jsonl",
    add_options=add_options,
    run=run,
)
