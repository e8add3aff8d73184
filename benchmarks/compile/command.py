"""`python -m benchmarks compile`: the compiler beside ProbLog, pysdd and d4, answers checked first."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Any

from benchmarks.cells import cell
from benchmarks.compile import ours
from benchmarks.compile.clauses import weighted
from benchmarks.compile.isolated import Figures, isolated
from benchmarks.compile.programs import Clauses
from benchmarks.compile.works import WORKS, Work
from benchmarks.option_types import positive_float, positive_int
from benchmarks.record import Result
from benchmarks.registry import Benchmark

TOLERANCE = 1e-9
"""Agreement of probabilities: all sum in float64, in different orders."""

PROTOCOL = (
    "each work in a process of its own for each system, one thread, under a time limit; nesy's seconds are "
    "from the ground program to the circuit, the best of --repeat runs, compiled code loaded before; a "
    "peer's are of one run after its grounding, or from clauses in memory (pysdd: in a file); grounding "
    "and evaluation apart; the answers of all systems must agree to 1e-9"
)


def add_options(parser: ArgumentParser) -> None:
    """The benchmark's own options."""
    parser.add_argument("--work", nargs="+", choices=list(WORKS), metavar="NAME", help="only these groups")
    parser.add_argument(
        "--repeat", type=positive_int, default=5, metavar="N", help="runs of each of our measurements"
    )
    parser.add_argument(
        "--limit", type=positive_float, default=60.0, metavar="S", help="seconds a system may take for a work"
    )
    parser.add_argument("--no-peers", action="store_true", help="measure nesy alone")


def run(options: Namespace) -> Result:
    """Measure each work, print a row for each system, and return all rows."""
    wanted = options.work or list(WORKS)
    head = f"{'work':<14} {'system':<7} {'ground s':>9} {'compile s':>10} {'ratio':>8}"
    print(f"{head} {'evaluate s':>10} {'edges':>9}")
    rows = [
        row
        for group in wanted
        for work in WORKS[group]
        for row in compare(work, options.repeat, options.limit, peers=not options.no_peers)
    ]
    settings = {
        "work": wanted,
        "repeat": options.repeat,
        "limit": options.limit,
        "peers": not options.no_peers,
    }
    return Result(
        "exact", settings, "generated, and networks of bnlearn's repository", PROTOCOL, 1, {"works": rows}
    )


def compare(work: Work, repeat: int, limit: float, *, peers: bool) -> list[dict[str, Any]]:
    """A row for each system. Raises `AssertionError` where two that finish give different answers."""
    made = work.make()
    mine = isolated(ours.measure, made, repeat, work.template, limit=limit + ours.LOADING)
    rows = [_row(work, "nesy", mine, mine)]
    for peer in work.peers if peers else ():
        theirs = _peer(peer, made, limit)
        if "failed" not in theirs and "failed" not in mine:
            _same(f"{work.name}, {peer}", mine["answers"], theirs["answers"])
        rows.append(_row(work, peer, theirs, mine))
    return rows


def _peer(peer: str, made: str | Clauses, limit: float) -> Figures:
    if peer in ("sdd", "ddnnf"):
        from benchmarks.peers import problog_compiling  # noqa: PLC0415 - an optional extra

        return isolated(problog_compiling.measure, made, peer, limit=limit)
    from benchmarks.peers import clause_compilers  # noqa: PLC0415 - an optional extra

    compiler = clause_compilers.d4 if peer == "d4" else clause_compilers.pysdd
    return isolated(compiler, *weighted(made), limit=limit)


def _same(what: str, mine: dict[str, float], theirs: dict[str, float]) -> None:
    """A query that is missing has probability 0; quotes are where systems write them."""
    found, expected = ({n.replace("'", ""): p for n, p in answers.items()} for answers in (mine, theirs))
    for name in found.keys() | expected.keys():
        value, other = found.get(name, 0.0), expected.get(name, 0.0)
        if abs(value - other) > TOLERANCE:
            raise AssertionError(f"{what}: P({name}) is {other}, ours is {value}")


def _row(work: Work, system: str, figures: Figures, mine: Figures) -> dict[str, Any]:
    row = {"work": work.name, "system": system, **{k: v for k, v in figures.items() if k != "answers"}}
    if system != "nesy" and "seconds" in figures and "seconds" in mine:
        row["ratio"] = figures["seconds"] / mine["seconds"]
    _show(row)
    return row


def _show(row: dict[str, Any]) -> None:
    head = f"{row['work']:<14} {row['system']:<7} {cell(row, 'ground_seconds', 9, '.4f')}"
    if "failed" in row:
        print(f"{head} {row['failed']:>10}", flush=True)
        return
    print(
        head,
        cell(row, "seconds", 10, ".5f"),
        cell(row, "ratio", 8, ".1f"),
        cell(row, "evaluate_seconds", 10, ".5f"),
        cell(row, "edges", 9, ",d"),
        flush=True,
    )


BENCHMARK = Benchmark(example="--json results.jsonl", add_options=add_options, run=run)
