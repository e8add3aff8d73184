"""The command line of the benchmarks: list them, run one, record what it measured."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from benchmarks.learning.seeds import add_seeds, describe, each_seed, summary
from benchmarks.record import append_line, check_destination, record
from benchmarks.registry import BENCHMARKS, Benchmark
from nesy.errors import NesyError

PROGRAM = "python -m benchmarks"
EXAMPLE = "mnist_addition --digits 2 --json results.jsonl"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code: 0, or 1 with the diagnostic on standard error.

    Wrong usage exits with 2 (by `SystemExit`), as argparse does.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0].startswith("-"):
        return _overview(words)
    name, *rest = words
    if name not in BENCHMARKS:
        _front_parser().error(_unknown(name))
    return _run(name, rest)


def _overview(words: Sequence[str]) -> int:
    parser = _front_parser()
    options = parser.parse_args(words)
    if not options.list:
        parser.error("name a benchmark, or ask for --list")
    width = max(map(len, BENCHMARKS))
    for name, entry in BENCHMARKS.items():
        print(f"{name:{width}}  {entry.summary}")
    return 0


def _front_parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog=PROGRAM,
        description="Run one benchmark.",
        usage=f"{PROGRAM} [--list] [NAME [options]]",
        epilog=f"example:\n  {PROGRAM} {EXAMPLE}\n\n{PROGRAM} NAME --help explains the options of one",
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--list", action="store_true", help="name the benchmarks and stop")
    return parser


def _unknown(name: str) -> str:
    near = get_close_matches(name, BENCHMARKS, n=1)
    meant = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(BENCHMARKS)}"
    return f"no benchmark is called {name!r}{meant}"


def _run(name: str, words: Sequence[str]) -> int:
    benchmark = BENCHMARKS[name].load()
    options = _parser(name, benchmark).parse_args(words)
    try:
        _run_and_record(name, benchmark, options)
    except NesyError as mistake:
        print(mistake, file=sys.stderr)
        return 1
    return 0


def _parser(name: str, benchmark: Benchmark) -> ArgumentParser:
    parser = ArgumentParser(
        prog=f"{PROGRAM} {name}",
        description=BENCHMARKS[name].summary,
        epilog=f"example:\n  {PROGRAM} {name} {benchmark.example}",
        formatter_class=RawDescriptionHelpFormatter,
    )
    benchmark.add_options(parser)
    add_seeds(parser)
    parser.add_argument("--json", type=Path, metavar="OUT", help="append one JSON object, on a line, to OUT")
    return parser


def _run_and_record(name: str, benchmark: Benchmark, options: Namespace) -> None:
    """Run, once for each seed; record every run as soon as it is done, and several in the mean."""
    for destination in (options.json, getattr(options, "picture", None)):
        if destination is not None:
            check_destination(destination)
    records = []
    for chosen in each_seed(options):
        start = time.perf_counter()
        result = benchmark.run(chosen)
        seconds = time.perf_counter() - start
        if options.json is not None or chosen is not options:
            records.append(record(name, result, seconds))
            _append(options.json, records[-1])
    if len(records) > 1:
        summed = summary(records)
        print(describe(summed))
        _append(options.json, summed)


def _append(path: Path | None, content: Mapping[str, Any]) -> None:
    if path is not None:
        append_line(path, content)
