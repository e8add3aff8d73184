"""`python -m benchmarks maxsat`: most probable boards, by engine `sat` and by python-sat's RC2."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from statistics import mean, median
from typing import Any

import numpy as np

from benchmarks.maxsat.data import noisy_beliefs, solved_boards
from benchmarks.maxsat.measure import costs_for, solvers, timed
from benchmarks.option_types import fraction, positive_int, seed
from benchmarks.record import Result
from benchmarks.registry import Benchmark

PROTOCOL = (
    "boards of one pattern under random symmetries; some cells are read, at times wrongly, the others are "
    "uniform; the same clauses and integer costs go to each solver on one core, and the costs of the best "
    "worlds must be equal; times are processor time for each board, RC2's with its own loading of the clauses"
)


def add_options(parser: ArgumentParser) -> None:
    """The benchmark's own options."""
    add = parser.add_argument
    add("--boards", type=positive_int, default=40, metavar="N", help="how many boards (default: 40)")
    add("--givens", type=positive_int, default=36, metavar="N", help="cells that are read (default: 36)")
    add(
        "--misread",
        type=fraction,
        default=0.018,
        metavar="P",
        help="chance of a misread cell (default: 0.018)",
    )
    add("--no-peers", action="store_true", help="measure nesy alone")
    add("--seed", type=seed, default=0, help="of the boards and their noise (default: 0)")


def run(options: Namespace) -> Result:
    """Solve all boards with each solver, print a row for each, and return the figures."""
    rng = np.random.default_rng(options.seed)
    boards = solved_boards(options.boards, rng)
    costs = costs_for([noisy_beliefs(b, options.givens, options.misread, rng) for b in boards])
    figures: dict[str, Any] = {"boards": options.boards}
    expected: list[int] | None = None
    print(f"{'solver':<16} {'mean ms':>9} {'median ms':>10} {'most ms':>9}")
    for solver in solvers(peers=not options.no_peers):
        answers, times = timed(solver, costs)
        expected = expected or answers
        if answers != expected:
            raise AssertionError(f"{solver.name} finds worlds of other costs")
        print(f"{solver.name:<16} {mean(times):>9.2f} {median(times):>10.2f} {max(times):>9.2f}", flush=True)
        figures |= {f"{solver.name}_milliseconds": round(mean(times), 3)}
        figures |= {f"{solver.name}_most_milliseconds": round(max(times), 3)}
    written = {"boards": options.boards, "givens": options.givens, "misread": options.misread}
    return Result("sat", written, "generated", PROTOCOL, options.seed, figures)


BENCHMARK = Benchmark("--givens 36 --misread 0.1 --json out.jsonl", add_options, run)
