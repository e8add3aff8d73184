"""`python -m benchmarks scheduling`: its options, and what it prints."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from benchmarks.option_types import natural, positive_float, positive_int, seed
from benchmarks.record import Result, written
from benchmarks.registry import Benchmark
from benchmarks.scheduling.experiment import Settings, figures, report, run_experiment
from nesy.errors import DataError

PROTOCOL = (
    "random tasks that have a timetable: one is drawn first, and conflicts and orders are kept that it"
    " fulfils; every student sits three exams; wishes are independent of it and of each other; nothing is"
    " learnt"
)
"""How the data are made, in words."""


def add_options(parser: ArgumentParser) -> None:
    """The benchmark's own options."""
    add = parser.add_argument
    add("--tasks", type=positive_int, default=20, help="timetables to be made (default: 20)")
    add("--exams", type=positive_int, default=30, help="of each (default: 30)")
    add("--slots", type=positive_int, default=8, help="times there are (default: 8)")
    add("--rooms", type=positive_int, default=6, help="exams there may be at a time (default: 6)")
    add("--students", type=natural, default=25, help="with three exams each (default: 25)")
    add("--orders", type=natural, default=5, help="exams that must come before others (default: 5)")
    add("--time-limit", type=positive_float, metavar="SECONDS", help="for each timetable (default: none)")
    add("--seed", type=seed, default=0, help="of the tasks (default: 0)")


def run(options: Namespace) -> Result:
    """Run the experiment, print its figures, and return them."""
    if options.slots * options.rooms < options.exams:
        message = f"{options.slots} slots of {options.rooms} rooms do not hold {options.exams} exams"
        raise DataError("too-few-rooms", message, hint="give more --slots or --rooms, or fewer --exams")
    settings = Settings(
        tasks=options.tasks,
        exams=options.exams,
        slots=options.slots,
        rooms=options.rooms,
        students=options.students,
        orders=options.orders,
        time_limit=options.time_limit,
        seed=options.seed,
    )
    found = figures(run_experiment(settings))
    print("\n".join(report(found)))
    return Result("sat", written(settings), "random", PROTOCOL, settings.seed, found)


BENCHMARK = Benchmark(
    example="--exams 30 --slots 8 --rooms 6 --json results.jsonl",
    add_options=add_options,
    run=run,
)
