"""`python -m benchmarks engines`: one task, every engine that supports it, side by side."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.drawing import write_picture
from benchmarks.engines.drawing import comparison
from benchmarks.engines.experiment import Compared, compare
from benchmarks.learning.digit_images import add_image_options, load_images
from benchmarks.learning.running import add_run_options
from benchmarks.mnist_addition.command import POINTS, settings_from
from benchmarks.option_types import positive_int
from benchmarks.record import Result
from benchmarks.registry import Benchmark
from nesy.engines.registry import names

COLUMNS = {
    "task_accuracy": "sums",
    "concept_accuracy": "digits",
    "task_calibration_error": "ECE sums",
    "concept_calibration_error": "ECE digits",
    "train_seconds": "seconds",
    "examples_per_second": "pairs/s",
    "gradient_cosine_at_start": "cos start",
    "gradient_cosine_at_end": "cos end",
}
"""What is printed of each engine, and its heading. ECE: expected calibration error."""


def add_options(parser: ArgumentParser) -> None:
    """The benchmark's own options."""
    add = parser.add_argument
    add("--digits", type=positive_int, default=1, metavar="N", help="digits per number (default: 1)")
    add("--engines", nargs="+", metavar="NAME", help="which to compare (default: all there are)")
    add("--picture", type=Path, metavar="FILE", help="draw learning curves and gradients into a PNG")
    add_image_options(parser)
    add_run_options(
        parser,
        epochs="those of mnist_addition",
        batch_size="64 // N",
        engines="--engines; given, the only one",
    )


def run(options: Namespace) -> Result:
    """Train with every engine, print the table, and return all figures."""
    engines = options.engines or ([options.engine] if options.engine else names())
    options.engine, options.shift = "exact", 0
    settings = settings_from(options)
    images = load_images(settings.images.data, settings.images.data_dir, settings.run.seed)
    compared = compare(settings, engines, images, Console(stderr=True), points=POINTS)
    print(table(compared))
    if options.picture is not None:
        write_picture(comparison(compared, settings.digits), options.picture)
    figures: dict[str, Any] = {}
    for one in compared:
        figures |= one.figures()
    written = {
        "digits": settings.digits,
        "engines": engines,
        **settings.images.written(),
        **settings.run.written(),
    }
    trained = next(one.outcome for one in compared if one.outcome is not None)
    protocol = f"{trained.task.protocol}; the same pairs, initial weights, batches and budget for each engine"
    return Result("several", written, settings.images.data, protocol, settings.run.seed, figures)


def table(compared: Sequence[Compared]) -> str:
    """A line for each engine."""
    lines = ["engine      " + "".join(f"{heading:>12}" for heading in COLUMNS.values())]
    for one in compared:
        if one.outcome is None:
            lines.append(f"{one.engine:12}{one.reason}")
            continue
        found = one.figures()
        cells = (found[f"{one.engine}_{name}"] for name in COLUMNS)
        lines.append(f"{one.engine:12}" + "".join(f"{cell:12.4g}" for cell in cells))
    return "\n".join(lines)


BENCHMARK = Benchmark(
    example="--data digits --epochs 5 --json results.jsonl", add_options=add_options, run=run
)
