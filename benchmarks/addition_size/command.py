"""`python -m benchmarks addition_size`: the cost of N-digit addition, N by N, its answers checked first."""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from typing import Any

import numpy as np

from benchmarks.mnist_addition.experiment import RULES
from benchmarks.option_types import positive_int
from benchmarks.record import Result
from benchmarks.registry import Benchmark
from nesy.engines.exact import Exact, ExactInference
from nesy.grounding import Template, ground
from nesy.language import load

SERIES = (1, 2, 4, 8, 16, 32)
TOLERANCE = 1e-9
"""Agreement of probabilities in float64 with those of adding known numbers: rounding alone differs."""

PROTOCOL = (
    "the rule file of mnist_addition for numbers of N digits; for each N: parse, ground, compile the values "
    "of every output and their joint relation; then the log-probability of a known sum is checked"
)


def add_options(parser: ArgumentParser) -> None:
    """The benchmark's own options."""
    parser.add_argument(
        "--digits", type=positive_int, nargs="+", default=SERIES, metavar="N", help="the series of N"
    )


def run(options: Namespace) -> Result:
    """Measure each N, print a row for it, and return all rows."""
    print(f"{'N':>4} {'ground s':>9} {'compile s':>10} {'graph':>7} {'nodes':>7} {'edges':>7} {'edges/N':>8}")
    rows = []
    for digits in options.digits:
        row = measure(digits)
        rows.append(row)
        print(
            f"{digits:>4} {row['ground_seconds']:>9.3f} {row['compile_seconds']:>10.3f} "
            f"{row['graph_nodes']:>7,} {row['nodes']:>7,} {row['edges']:>7,} {row['edges'] / digits:>8.0f}"
        )
    return Result("exact", {"digits": list(options.digits)}, "none", PROTOCOL, 0, {"series": rows})


def measure(digits: int) -> dict[str, Any]:
    """The figures of one N. Nodes and edges: of the circuit of the joint relation, which training uses."""
    start = time.perf_counter()
    program = ground(load(RULES), Template.parse(f"sum({digits}, I, S)", "S"))
    grounded = time.perf_counter()
    inference = Exact().build(program)
    inference.warm_up()
    compiled = time.perf_counter()
    check(inference, digits)
    return {
        "digits": digits,
        "ground_seconds": grounded - start,
        "compile_seconds": compiled - grounded,
        "graph_nodes": len(program.graph),
        "nodes": inference.joint.size,
        "edges": inference.joint.edges,
        "value_nodes": inference.values.size,
        "value_edges": inference.values.edges,
    }


def check(inference: ExactInference, digits: int) -> None:
    """Where every image shows 9 for certain, 99...9 + 99...9 has one sum. Raises `AssertionError` else."""
    program = inference.program
    beliefs = np.full((1, program.width), -np.inf)
    beliefs[0, np.array(program.offsets[:-1]) + 9] = 0.0
    total = 2 * int("9" * digits)
    targets = np.array([[total // 10**place % 10 for place in range(digits + 1)]])
    right = float(inference.log_prob(beliefs, targets)[0])
    targets[0, 0] = (targets[0, 0] + 1) % 10
    wrong = float(inference.log_prob(beliefs, targets)[0])
    if abs(right) > TOLERANCE or wrong != -np.inf:
        raise AssertionError(f"N={digits}: log P(right) = {right}, log P(wrong) = {wrong}")


BENCHMARK = Benchmark(example="--digits 1 2 4 8 16 32 --json results.jsonl", add_options=add_options, run=run)
