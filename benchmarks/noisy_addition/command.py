"""`python -m benchmarks noisy_addition`: its options, and what it prints."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from rich.console import Console

from benchmarks.learning.digit_images import (
    EPOCHS,
    IMAGES_PER_STEP,
    add_image_options,
    image_options,
    load_images,
)
from benchmarks.learning.running import add_run_options, cost_lines, learnt, run_options
from benchmarks.noisy_addition.experiment import Outcome, Settings, figures, run_experiment
from benchmarks.option_types import fraction
from benchmarks.record import Result
from benchmarks.registry import Benchmark

LEARNING_RATE = 5e-3
"""The peak of the cycle: that of `mnist_addition`."""


def add_options(parser: ArgumentParser) -> None:
    """The benchmark's own options."""
    parser.add_argument(
        "--noise", type=fraction, default=0.2, metavar="P", help="the part of labels made up (default: 0.2)"
    )
    add_image_options(parser)
    epochs = " or ".join(f"{count:g} ({name})" for name, count in EPOCHS.items())
    add_run_options(parser, epochs=epochs, batch_size=IMAGES_PER_STEP // 2)


def run(options: Namespace) -> Result:
    """Run the experiment, print its figures, and return them."""
    settings = Settings(
        noise=options.noise,
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
            f"noise            {values['learnt_noise']:.4f} learnt, {values['made_up_labels']:.4f} of the"
            f" training labels made up, each with probability {values['true_noise']:g}",
            f"sum accuracy     {values['task_accuracy']:.2%}  of {outcome.on_sums.examples:,} unseen pairs",
            f"digit accuracy   {values['concept_accuracy']:.2%}",
            f"calibration      off by {values['task_calibration_error']:.4f} (noisy labels),"
            f" {values['concept_calibration_error']:.4f} (images)",
            *cost_lines(values),
        ]
    )


BENCHMARK = Benchmark(example="--noise 0.4 --json results.jsonl", add_options=add_options, run=run)
