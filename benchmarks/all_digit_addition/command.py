"""`python -m benchmarks all_digit_addition`: its options, and what it prints."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from rich.console import Console

from benchmarks.all_digit_addition.experiment import Outcome, Settings, figures, run_experiment
from benchmarks.learning.digit_images import (
    EPOCHS,
    IMAGES_PER_STEP,
    add_image_options,
    image_options,
    load_images,
)
from benchmarks.learning.running import add_run_options, cost_lines, learnt, run_options
from benchmarks.option_types import natural, natural_float
from benchmarks.record import Result
from benchmarks.registry import Benchmark

LEARNING_RATE = 5e-3
"""The peak of the cycle: that of `mnist_addition`."""


def add_options(parser: ArgumentParser) -> None:
    """The benchmark's own options."""
    add = parser.add_argument
    add(
        "--spread",
        type=natural_float,
        default=0.0,
        metavar="W",
        help="reward the entropy of the mean belief of a batch, by so much for each nat (default: 0)",
    )
    add(
        "--labels",
        type=natural,
        default=0,
        metavar="K",
        help="so many images of each digit come with it (default: 0)",
    )
    add_image_options(parser)
    epochs = " or ".join(f"{count:g} ({name})" for name, count in EPOCHS.items())
    add_run_options(parser, epochs=epochs, batch_size=IMAGES_PER_STEP // 4)


def run(options: Namespace) -> Result:
    """Run the experiment, print its figures, and return them."""
    settings = Settings(
        spread=options.spread,
        labels=options.labels,
        images=image_options(options),
        run=run_options(options, epochs=EPOCHS[options.data], learning_rate=LEARNING_RATE),
    )
    images = load_images(settings.images.data, settings.images.data_dir, settings.run.seed)
    outcome = run_experiment(settings, images, Console(stderr=True))
    print(report(outcome))
    return learnt(settings, settings.images.data, outcome.task.protocol, figures(outcome))


def report(outcome: Outcome) -> str:
    """The figures for people, a line each."""
    values = figures(outcome)
    return "\n".join(
        [
            f"audit            {values['wrong_maps']} wrong reading of digits fits all examples there can be",
            f"task accuracy    {values['task_accuracy']:.2%}  of {outcome.judged.examples:,} unseen examples",
            f"digit accuracy   {values['concept_accuracy']:.2%};"
            f" {values['permuted_concept_accuracy']:.2%} under the best renaming;"
            f" {values['values_read']} different digits are read",
            f"calibration      off by {values['task_calibration_error']:.4f} (task),"
            f" {values['concept_calibration_error']:.4f} (images)",
            *cost_lines(values),
        ]
    )


BENCHMARK = Benchmark(example="--spread 1 --labels 1 --json results.jsonl", add_options=add_options, run=run)
