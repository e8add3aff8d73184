"""`python -m benchmarks formulas`: its options, and what it prints."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.datasets.mnist import load_mnist
from benchmarks.datasets.operators import load_operators
from benchmarks.formulas.data import LENGTHS
from benchmarks.formulas.experiment import Settings, figures, protocol, run_experiment
from benchmarks.learning.running import add_run_options, cost_lines, learnt, run_options
from benchmarks.option_types import positive_int
from benchmarks.record import Result
from benchmarks.registry import Benchmark

EPOCHS = 5.0
"""Passes over the training formulas when no budget is given."""

LEARNING_RATE = 3e-3
"""The peak of the cycle."""

EACH, JUDGED = 2_500, 500
"""Formulas of each length, to learn from and to be judged by."""


def add_options(parser: ArgumentParser) -> None:
    """The benchmark's own options."""
    add = parser.add_argument
    add("--longest", type=int, choices=LENGTHS, default=7, help="of formulas, in images (default: 7)")
    add("--each", type=positive_int, default=EACH, help=f"training formulas of a length (default: {EACH:,})")
    add("--judged", type=positive_int, default=JUDGED, help=f"unseen formulas of each (default: {JUDGED:,})")
    add("--data-dir", type=Path, metavar="DIR", help="the folder of the four MNIST files")
    add("--operators-dir", type=Path, metavar="DIR", help="the folder of mdas_symbols_v1.zip")
    add(
        "--validate",
        action="store_true",
        help="to choose between recipes: judge by training images held out, and leave the test images unused",
    )
    add_run_options(parser, epochs=f"{EPOCHS:g}", batch_size=64)


def run(options: Namespace) -> Result:
    """Run the experiment, print its figures, and return them."""
    settings = Settings(
        longest=options.longest,
        each=options.each,
        judged=options.judged,
        data_dir=options.data_dir,
        operators_dir=options.operators_dir,
        validate=options.validate,
        run=run_options(options, epochs=EPOCHS, learning_rate=LEARNING_RATE),
    )
    digits, operators = load_mnist(settings.data_dir), load_operators(settings.operators_dir)
    outcome = run_experiment(settings, digits, operators, Console(stderr=True))
    found = figures(settings, outcome)
    print("\n".join([*_lines(settings, found), *cost_lines(found)]))
    return learnt(settings, "mnist and operators", protocol(settings, outcome), found)


def _lines(settings: Settings, found: Mapping[str, Any]) -> list[str]:
    """The figures for people, a line each."""
    lengths = [
        f"  of length {n}    {found[f'accuracy_of_length_{n}']:.2%},"
        f" {found['values_by_length'][n]:,} possible values"
        for n in settings.lengths
    ]
    kind = "held-out" if settings.validate else "test"
    count = found["held_out_formulas" if settings.validate else "test_formulas"]
    return [
        f"values           {found['task_accuracy']:.2%} of {count:,} {kind} formulas",
        *lengths,
        f"digits           {found['digit_accuracy']:.2%}, operators {found['operator_accuracy']:.2%}",
        f"calibration      errors {found['task_calibration_error']:.3f} of values,"
        f" {found['concept_calibration_error']:.3f} of digits and operators",
    ]


BENCHMARK = Benchmark(
    example="--longest 7 --epochs 5 --json results.jsonl",
    add_options=add_options,
    run=run,
)
