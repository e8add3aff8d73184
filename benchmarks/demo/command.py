"""`python -m benchmarks demo`: watch a network learn digits from sums, then look at what it learnt.

Network, dropout, learning rate and epochs are those of `mnist_addition --data digits`; its README says how
they were chosen, on which images.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from rich.console import Console

from benchmarks.demo.pictures import draw_learning_curve, draw_sheet
from benchmarks.demo.readings import readings_of
from benchmarks.drawing import prepare_folder, write_picture
from benchmarks.learning.digit_images import ImageOptions, load_images
from benchmarks.learning.running import RunOptions
from benchmarks.learning.train import Budget, Recipe
from benchmarks.mnist_addition.command import report, result_of
from benchmarks.mnist_addition.experiment import Outcome, Settings, run_experiment
from benchmarks.option_types import positive_float, positive_int, seed
from benchmarks.record import Result
from benchmarks.registry import Benchmark


def add_options(parser: ArgumentParser) -> None:
    """The demo's own options."""
    add = parser.add_argument
    add("--digits", type=positive_int, default=2, metavar="N", help="digits per number (default: 2)")
    add("--epochs", type=positive_float, default=40.0, help="passes over the training pairs (default: 40)")
    add("--engine", default="exact", help="the inference engine (default: exact)")
    add("--seed", type=seed, default=0, help="of the split, the pairs, the weights, the batches (default: 0)")
    add("--out", type=Path, default=Path("out"), metavar="DIR", help="the pictures' folder (default: out)")


def run(options: Namespace) -> Result:
    """Train, print the accuracies, write the two pictures, and return the figures."""
    prepare_folder(options.out)
    console = Console()
    settings = Settings(
        digits=options.digits,
        images=ImageOptions(data="digits", data_dir=None, validate=False, device="cpu"),
        run=RunOptions(
            engine=options.engine,
            budget=Budget(epochs=options.epochs),
            recipe=Recipe(batch_size=max(1, 64 // options.digits)),
            seed=options.seed,
            threads=1,
        ),
    )
    images = load_images(settings.images.data, settings.images.data_dir, settings.run.seed)
    console.print(_introduction(settings), highlight=False)
    outcome = run_experiment(settings, images, console, points=50)
    console.print(f"\n{report(outcome)}\n", highlight=False)
    for path in write_pictures(outcome, options.out):
        console.print(f"wrote {path}", highlight=False)
    return result_of(settings, outcome)


def write_pictures(outcome: Outcome, folder: Path) -> list[Path]:
    """Draw both pictures, then write them; returns their paths. Raises `DataError` (unwritable-output)."""
    readings = readings_of(outcome)
    figures = {
        folder / "learning_curve.png": draw_learning_curve(outcome.curve, readings),
        folder / "test_pairs.png": draw_sheet(readings),
    }
    for path, figure in figures.items():
        write_picture(figure, path)
    return list(figures)


def _introduction(settings: Settings) -> str:
    return (
        f"Learning to add {settings.digits}-digit numbers of handwritten digits.\n"
        "The network is never told which digit an image shows:\n"
        "it learns from sums and the rules of addition.\n"
    )


BENCHMARK = Benchmark(example="--digits 1 --out pictures", add_options=add_options, run=run)
