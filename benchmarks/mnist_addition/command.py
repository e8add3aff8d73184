"""`python -m benchmarks mnist_addition`: its options, and what it prints."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from typing import Any

from rich.console import Console

from benchmarks.learning.digit_images import (
    EPOCHS,
    IMAGES_PER_STEP,
    add_image_options,
    image_options,
    load_images,
)
from benchmarks.learning.running import add_run_options, cost_lines, learnt, run_options
from benchmarks.mnist_addition.experiment import LEVELS, Outcome, Settings, figures, run_experiment
from benchmarks.option_types import natural, positive_int
from benchmarks.record import Result
from benchmarks.registry import Benchmark

LEARNING_RATE = 5e-3
"""The peak of the cycle; the README says how it was chosen."""

WEIGHT_DECAY = 0.1
"""So is this."""

POINTS = 40
"""How often accuracy is measured during training, to time when a level is reached."""


def add_options(parser: ArgumentParser) -> None:
    """The benchmark's own options."""
    add = parser.add_argument
    add("--digits", type=positive_int, default=1, metavar="N", help="digits per number (default: 1)")
    add(
        "--shift",
        type=natural,
        default=0,
        metavar="PIXELS",
        help="augmentation: move training images by up to so many pixels, anew each time (default: 0)",
    )
    add_image_options(parser)
    epochs = " or ".join(f"{count:g} ({name})" for name, count in EPOCHS.items())
    add_run_options(parser, epochs=epochs, batch_size=f"{IMAGES_PER_STEP // 2} // N")


def settings_from(options: Namespace) -> Settings:
    """The settings that options stand for, defaults filled in."""
    return Settings(
        digits=options.digits,
        images=image_options(options),
        run=run_options(
            options,
            epochs=EPOCHS[options.data],
            learning_rate=LEARNING_RATE,
            weight_decay=WEIGHT_DECAY,
            batch_size=max(1, IMAGES_PER_STEP // (2 * options.digits)),
        ),
        shift=options.shift,
    )


def run(options: Namespace) -> Result:
    """Run the experiment, print its figures, and return them."""
    settings = settings_from(options)
    images = load_images(settings.images.data, settings.images.data_dir, settings.run.seed)
    outcome = run_experiment(settings, images, Console(stderr=True), points=POINTS)
    result = result_of(settings, outcome)
    print(report(outcome))
    return result


def result_of(settings: Settings, outcome: Outcome) -> Result:
    """What is recorded of a run."""
    moved = f"; training images moved by up to {settings.shift} pixels each time" if settings.shift else ""
    return learnt(settings, settings.images.data, outcome.task.protocol + moved, figures(outcome))


def report(outcome: Outcome) -> str:
    """The figures for people, a line each."""
    values, unseen, kind = figures(outcome), outcome.task.unseen, outcome.task.split.kind
    return "\n".join(
        [
            f"sum accuracy     {values['task_accuracy']:.2%}  of {len(unseen):,} {kind} pairs",
            f"digit accuracy   {values['concept_accuracy']:.2%}  of their images",
            f"calibration      off by {values['task_calibration_error']:.4f} (digits of sums),"
            f" {values['concept_calibration_error']:.4f} (images)",
            *cost_lines(values),
            *_reached(values),
            f"a step           {values['step_milliseconds']:.2f} ms, of it engine"
            f" {values['engine_share']:.0%}; {values['graph_bytes'] / 1e6:,.1f} MB kept for going back",
            f"a query          {values['query_milliseconds']:.4f} ms in batches of {values['query_batch']},"
            f" {values['query_engine_milliseconds']:.4f} ms without the network",
        ]
    )


def _reached(values: Mapping[str, Any]) -> list[str]:
    found = {level: values[name] for name, level in LEVELS.items() if values[name] is not None}
    times = ", ".join(f"{level:.1%} at {seconds:.1f} s" for level, seconds in found.items())
    return [f"reached          {times}, on {values['reached_on']}"] if times else []


BENCHMARK = Benchmark(
    example="--digits 2 --seconds 40 --json results.jsonl",
    add_options=add_options,
    run=run,
)
