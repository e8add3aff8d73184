"""One run for each of several seeds, and the mean and deviation of what they measured."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from statistics import fmean, stdev
from typing import Any

from benchmarks.option_types import positive_int


def add_seeds(parser: ArgumentParser) -> None:
    """Add `--seeds K` to the options of a benchmark, if it has a `--seed` for them to start from."""
    if parser.get_default("seed") is not None:
        parser.add_argument(
            "--seeds",
            type=positive_int,
            default=1,
            metavar="K",
            help="run K times, with seeds from --seed upwards, and add mean and deviation (default: 1)",
        )


def each_seed(options: Namespace) -> Iterator[Namespace]:
    """The options of every run, in order; of a benchmark without seeds, the options themselves."""
    count = getattr(options, "seeds", 1)
    if count == 1:
        yield options
        return
    for seed in range(options.seed, options.seed + count):
        chosen = copy(options)
        chosen.seed = seed
        yield chosen


def summary(records: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The record of runs that differ in their seed alone: what they share, `seeds`, `mean` and `deviation`.

    Only figures that are numbers in every run have a mean: a level that one of them never reached has none.
    The deviation is that of a sample (over one less than the number of runs); there must be two.
    """
    names = [name for name in records[0] if all(_is_figure(name, record) for record in records)]
    columns = {name: [float(record[name]) for record in records] for name in names}
    shared = {
        name: value
        for name, value in records[0].items()
        if name != "seed" and all(record.get(name) == value for record in records) and name not in columns
    }
    return {
        **shared,
        "seconds": round(sum(record["seconds"] for record in records), 3),
        "seeds": [record["seed"] for record in records],
        "mean": {name: fmean(values) for name, values in columns.items()},
        "deviation": {name: stdev(values) for name, values in columns.items()},
    }


def describe(summed: Mapping[str, Any]) -> str:
    """Mean ± deviation for people, a line for each figure."""
    mean, deviation = summed["mean"], summed["deviation"]
    width = max(map(len, mean))
    lines = [f"  {name:{width}}  {mean[name]:.5g} ± {deviation[name]:.2g}" for name in mean]
    return "\n".join([f"mean ± deviation over seeds {', '.join(map(str, summed['seeds']))}", *lines])


def _is_figure(name: str, record: Mapping[str, Any]) -> bool:
    value = record.get(name)
    return name != "seed" and isinstance(value, int | float) and not isinstance(value, bool)
