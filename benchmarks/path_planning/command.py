"""`python -m benchmarks path_planning`: its options, and what it prints."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace

from rich.console import Console

from benchmarks.learning.running import add_run_options, cost_lines, learnt, run_options
from benchmarks.option_types import positive_int
from benchmarks.path_planning.experiment import Settings, figures, protocol, run_experiment
from benchmarks.record import Result
from benchmarks.registry import Benchmark

LEARNING_RATE = 5e-3
"""The peak of the cycle."""

EPOCHS = 3.0
"""Passes over what is learnt from when no budget is given."""

PART = 12
"""Rows and columns of the maps that are learnt from, at most."""

MAPS, LARGE_MAPS, TESTED = 2_000, 900, 200
"""Maps to learn from, as many of those that are cut into parts, and maps to judge by."""

SAMPLES = 512
"""Worlds for each map and step."""


BATCH_ENTROPY = 10.0
"""Where maps are cut into parts: around ways dear terrain is rare, and soon taken for less dear terrain."""


def map_size(text: str) -> int:
    """Rows and columns of a map: 3 or more."""
    size = positive_int(text)
    if size < 3:
        raise ArgumentTypeError(f"{size} is too small: 3 or more")
    return size


def add_options(parser: ArgumentParser) -> None:
    """The benchmark's own options."""
    add = parser.add_argument
    add("--size", type=map_size, default=12, help="rows and columns of a map (default: 12)")
    add(
        "--part",
        type=map_size,
        help=f"rows and columns of the parts that are learnt from (default: {PART}, or whole maps)",
    )
    add(
        "--maps",
        type=positive_int,
        help=f"training maps (default: {MAPS:,}; {LARGE_MAPS} where they are cut into parts)",
    )
    add("--tested", type=positive_int, default=TESTED, help=f"maps to judge by (default: {TESTED})")
    add("--samples", type=positive_int, default=SAMPLES, help=f"worlds for each map (default: {SAMPLES})")
    add(
        "--batch-entropy",
        type=float,
        metavar="W",
        help=f"weight of the entropy of all readings together (default: {BATCH_ENTROPY:g} for parts, else 0)",
    )
    add("--validate", action="store_true", help="judge by held-out maps, and leave test maps alone")
    add_run_options(parser, epochs=f"{EPOCHS:g}", batch_size=16, engines="sampling")


def run(options: Namespace) -> Result:
    """Run the experiment, print its figures, and return them."""
    options.engine = options.engine or "sampling"
    part = min(options.part or PART, options.size)
    entropy = BATCH_ENTROPY if part < options.size else 0.0
    settings = Settings(
        size=options.size,
        part=part,
        maps=options.maps or (LARGE_MAPS if part < options.size else MAPS),
        tested=options.tested,
        samples=options.samples,
        validate=options.validate,
        batch_entropy=entropy if options.batch_entropy is None else options.batch_entropy,
        run=run_options(options, epochs=EPOCHS, learning_rate=LEARNING_RATE),
    )
    outcome = run_experiment(settings, Console(stderr=True))
    found, judged = figures(settings, outcome), outcome.judged
    lines = [
        f"optimal ways     {judged.task_accuracy:.2%} of {judged.examples:,} maps of {settings.size} by"
        f" {settings.size} ({judged.same_way_accuracy:.2%} are the labelled ones)",
        f"tiles            {judged.concept_accuracy:.2%} read right; calibration errors of ways"
        f" {judged.task_calibration_error:.4f}, of tiles {judged.concept_calibration_error:.4f}",
        f"learnt from      {outcome.examples:,} ways over {settings.part} by {settings.part} tiles",
    ]
    print("\n".join([*lines, *cost_lines(found)]))
    return learnt(settings, "drawn", protocol(settings), found)


BENCHMARK = Benchmark(
    example="--size 12 --json results.jsonl",
    add_options=add_options,
    run=run,
)
