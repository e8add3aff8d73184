"""`python -m benchmarks grounding`: the grounder and the parser, beside ProbLog and clingo in one run."""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from typing import Any

import nesy
from benchmarks.cells import cell
from benchmarks.grounding.measure import best_of, grounded, load_machine
from benchmarks.grounding.programs import WORKS, Work, addition, closure, many_facts, many_rules
from benchmarks.option_types import positive_int
from benchmarks.record import Result
from benchmarks.registry import Benchmark

TOLERANCE = 1e-9
"""Agreement of probabilities: both sum in float64, in different orders."""

SERIES = (64, 125, 250, 500, 1000)
LARGE = (1000, 10_000)
"""Nodes and edges of a graph whose closure has ten million ground rules."""

PROTOCOL = (
    "each program is generated, read by each system, and grounded for its queries; first the probabilities "
    "of a small program of the same rules must agree to 1e-9 with ProbLog's, then the answers of the large "
    "one must be the same atoms; seconds are of grounding alone, the best of --repeat runs (ProbLog: one), "
    "the relational machine loaded before; first_seconds are of the first run of the work; the parser's are "
    "of reading a text and checking it"
)


def add_options(parser: ArgumentParser) -> None:
    """The benchmark's own options."""
    parser.add_argument(
        "--work", nargs="+", choices=[*WORKS, "linear", "parse", "memory"], metavar="NAME", help="only these"
    )
    parser.add_argument(
        "--repeat", type=positive_int, default=5, metavar="N", help="runs of each measurement"
    )
    parser.add_argument("--no-peers", action="store_true", help="measure nesy alone")


def run(options: Namespace) -> Result:
    """Measure each work, print a row for it, and return all rows."""
    wanted = options.work or [*WORKS, "linear", "parse", "memory"]
    rows: list[dict[str, Any]] = []
    load_machine()
    head = f"{'work':<14} {'nesy s':>8} {'first s':>8} {'ProbLog s':>10} {'ratio':>7}"
    print(f"{head} {'clingo s':>9} {'ratio':>6}")
    for name in wanted:
        if name in WORKS:
            rows.append(compare(WORKS[name](), options.repeat, peers=not options.no_peers))
        elif name == "linear":
            rows += [compare(addition(n), options.repeat, peers=False) for n in SERIES]
        elif name == "parse":
            rows += [
                parse(f"parse_{kind}", text, options.repeat, peers=not options.no_peers)
                for kind, text in (("20000_facts", many_facts()), ("2000_rules", many_rules()))
            ]
        else:
            rows.append(memory())
    return Result(
        "none",
        {"work": wanted, "repeat": options.repeat, "peers": not options.no_peers},
        "generated",
        PROTOCOL,
        1,
        {"works": rows},
    )


def compare(work: Work, repeat: int, *, peers: bool) -> dict[str, Any]:
    """The figures of one work. Raises `AssertionError` where systems disagree."""
    ours = grounded(work.text, repeat)
    row: dict[str, Any] = {
        "work": work.name,
        "seconds": ours.seconds,
        "first_seconds": ours.first_seconds,
        "answers": len(ours.answers),
        **ours.figures,
    }
    if peers:
        _check_small(work)
        row |= _problog(work, ours.answers, ours.seconds) | _clingo(work, ours.answers, ours.seconds, repeat)
    _show(row)
    return row


def _problog(work: Work, answers: set[str], seconds: float) -> dict[str, Any]:
    from benchmarks.peers import problog_grounding  # noqa: PLC0415 - an optional extra

    theirs, found = problog_grounding.ground(work.text)
    _same(work, "ProbLog", answers, found)
    return {"problog_seconds": theirs, "problog_ratio": theirs / seconds}


def _clingo(work: Work, answers: set[str], seconds: float, repeat: int) -> dict[str, Any]:
    if work.clingo is None or work.shown is None:
        return {}
    from benchmarks.peers import clingo_grounding  # noqa: PLC0415 - an optional extra

    text, shown = work.clingo, work.shown
    _same(work, "clingo", answers, clingo_grounding.ground(text, shown)[1])
    theirs = best_of(repeat, lambda: clingo_grounding.ground(text, shown)[0])
    return {"clingo_seconds": theirs, "clingo_ratio": theirs / seconds}


def _same(work: Work, peer: str, ours: set[str], theirs: set[str]) -> None:
    if ours != theirs:
        different = sorted(ours ^ theirs)[:3]
        raise AssertionError(f"{work.name}: answers differ from {peer}'s, among them {different}")


def _check_small(work: Work) -> None:
    """The same probabilities as ProbLog on a small program of the same rules."""
    from benchmarks.peers import problog_grounding  # noqa: PLC0415 - an optional extra

    expected = problog_grounding.probabilities(work.small)
    solution = nesy.solve(nesy.parse(work.small))
    found = {name: a.probability for name, a in solution.items() if a.probability > 0}
    names = expected.keys() | found.keys()
    wrong = [n for n in names if abs(expected.get(n, 0) - found.get(n, 0)) > TOLERANCE]
    if wrong:
        raise AssertionError(
            f"{work.name}: P({wrong[0]}) is {found.get(wrong[0])}, not {expected.get(wrong[0])}"
        )


def parse(name: str, text: str, repeat: int, *, peers: bool) -> dict[str, Any]:
    """The figures of reading a text."""

    def once() -> float:
        start = time.perf_counter()
        nesy.parse(text)
        return time.perf_counter() - start

    row: dict[str, Any] = {"work": name, "seconds": best_of(repeat, once)}
    if peers:
        from benchmarks.peers import problog_grounding  # noqa: PLC0415 - an optional extra

        theirs = best_of(repeat, lambda: problog_grounding.parse_seconds(text))
        row |= {"problog_seconds": theirs, "problog_ratio": theirs / row["seconds"]}
    _show(row)
    return row


def memory() -> dict[str, Any]:
    """The closure with ten million ground rules, in a process of its own: its time and its peak memory."""
    from benchmarks.grounding.peak import peak_of  # noqa: PLC0415 - only where it is asked for

    seconds, gibibytes, sizes = peak_of(closure(*LARGE).text)
    row: dict[str, Any] = {"work": "memory", "seconds": seconds, "peak_gib": round(gibibytes, 2), **sizes}
    _show(row)
    print(
        f"  {sizes['ground_rules']:,} ground rules: peak {gibibytes:.2f} GiB of memory, "
        f"{sizes['bytes_per_ground_rule']} bytes a rule in the graph"
    )
    return row


def _show(row: dict[str, Any]) -> None:
    ours = f"{row['work']:<14} {cell(row, 'seconds', 8, '.4f')} {cell(row, 'first_seconds', 8, '.3f')}"
    problog = f"{cell(row, 'problog_seconds', 10, '.2f')} {cell(row, 'problog_ratio', 7, '.0f')}"
    print(
        ours,
        problog,
        f"{cell(row, 'clingo_seconds', 9, '.3f')} {cell(row, 'clingo_ratio', 6, '.1f')}",
        flush=True,
    )


BENCHMARK = Benchmark(example="--json results.jsonl", add_options=add_options, run=run)
