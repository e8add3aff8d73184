"""`python -m benchmarks colouring`: its options, and what it prints."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from benchmarks.colouring.experiment import Settings, figures, report, run_experiment
from benchmarks.option_types import positive_float, positive_int, seed
from benchmarks.record import Result, written
from benchmarks.registry import Benchmark

PROTOCOL = (
    "random maps: regions around points drawn uniformly from a square, bordering where a Delaunay"
    " triangulation joins their points, with a random proper colouring; of each region a patch of its colour"
    " with normal noise of known deviation; nothing is learnt"
)
"""How the data are made, in words."""


def add_options(parser: ArgumentParser) -> None:
    """The benchmark's own options."""
    add = parser.add_argument
    add("--maps", type=positive_int, default=50, help="how many are read (default: 50)")
    add("--regions", type=positive_int, default=60, help="of each map, 4 or more (default: 60)")
    add("--noise", type=positive_float, default=0.4, help="deviation of a patch's channels (default: 0.4)")
    add("--seed", type=seed, default=0, help="of maps, colours and noise (default: 0)")


def run(options: Namespace) -> Result:
    """Run the experiment, print its figures, and return them."""
    settings = Settings(options.maps, max(4, options.regions), options.noise, options.seed)
    found = figures(run_experiment(settings))
    print("\n".join(report(found)))
    return Result("sat", written(settings), "random", PROTOCOL, settings.seed, found)


BENCHMARK = Benchmark(
    example="--regions 60 --noise 0.4 --json results.jsonl",
    add_options=add_options,
    run=run,
)
