"""`python -m benchmarks evaluation`: programs as functions of worlds, and gradients from samples of them."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Any

import torch

from benchmarks.evaluation.gradients import agreement
from benchmarks.evaluation.programs import PROGRAMS
from benchmarks.evaluation.speed import speed
from benchmarks.option_types import positive_int, seed
from benchmarks.record import Result
from benchmarks.registry import Benchmark

SPEED = ("addition_4", "addition_15", "sudoku_4x4", "sudoku_9x9", "markov_50")
GRADIENTS = (
    "addition_1",
    "addition_4",
    "addition_15",
    "known_sum_4",
    "sudoku_4x4",
    "grid_4",
    "markov_10",
    "markov_50",
    "clauses_40_40",
    "clauses_20_60",
)

PROTOCOL = (
    "speed: outputs of random worlds, checked first against plain numpy on 4,096 of them; processor time of "
    "one thread, the best of --repeat turns, from int64 worlds to int64 values; gradients: of the scores "
    "behind random beliefs, eight examples whose targets are outputs of random worlds (of a single output, "
    "each of its values), beside the exact engine's of the same likelihood"
)


def add_options(parser: ArgumentParser) -> None:
    """The benchmark's own options."""
    add = parser.add_argument
    add("--program", nargs="+", choices=list(PROGRAMS), metavar="NAME", help="only these")
    add("--worlds", type=positive_int, default=1 << 17, help="worlds of a turn (default: 131072)")
    add("--repeat", type=positive_int, default=5, help="turns (default: 5)")
    add("--samples", type=positive_int, default=10_000, help="worlds behind a gradient (default: 10000)")
    add("--seed", type=seed, default=0, help="of beliefs, targets and samples (default: 0)")


def run(options: Namespace) -> Result:
    """Measure, print a row for each program, and return all rows."""
    torch.set_num_threads(1)
    chosen = options.program or list(PROGRAMS)
    rows = [
        _shown_speed(speed(name, PROGRAMS[name](), options.worlds, options.repeat))
        for name in SPEED
        if name in chosen
    ]
    gradients = [
        _shown_gradient(row)
        for name in GRADIENTS
        if name in chosen
        for row in agreement(name, PROGRAMS[name](), options.samples, options.seed)
    ]
    written = {
        "program": chosen,
        "worlds": options.worlds,
        "repeat": options.repeat,
        "samples": options.samples,
    }
    figures = {"works": rows, "gradients": gradients}
    return Result("sampling", written, "generated", PROTOCOL, options.seed, figures)


def _shown_speed(row: dict[str, Any]) -> dict[str, Any]:
    print(
        f"{row['program']:<13} {row['rules']:>7,} rules {row['nanoseconds']:>9.1f} ns a world,"
        f" {row['rule_worlds_per_second'] / 1e9:>5.1f} G rules/s; plain numpy"
        f" {row['plain_nanoseconds']:>9,.0f} ns, arrays {row['array_nanoseconds']:>9,.0f} ns,"
        f" gates alone {row['gate_nanoseconds']:.1f} ns, drawn and counted {row['drawn_nanoseconds']:.1f} ns",
        flush=True,
    )
    return row


def _shown_gradient(row: dict[str, Any]) -> dict[str, Any]:
    told = f"{row['program']:<13} {row['estimator']:<10} {row['likelihood']:<10}"
    if row["cosine"] is None:
        print(told, "no world meets the condition", flush=True)
    else:
        print(
            f"{told} cosine {row['cosine']:>8.4f}  {row['milliseconds']:>8.2f} ms an example,"
            f" {row['without_hits']} without hits",
            flush=True,
        )
    return row


BENCHMARK = Benchmark(example="--json results.jsonl", add_options=add_options, run=run)
