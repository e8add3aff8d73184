"""Options of every benchmark on images of digits: which images, what judges the run, where it computes."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, final

import torch

from benchmarks.datasets.digits import load_digits
from benchmarks.datasets.images import ImageSet
from benchmarks.datasets.mnist import load_mnist
from benchmarks.datasets.split import Split, final_split, held_out_split
from benchmarks.record import written
from nesy.errors import ModelError

DataName = Literal["digits", "mnist"]

HELD_OUT: Mapping[DataName, int] = {"mnist": 5_000, "digits": 400}
"""How many training images a validating run holds out."""

EPOCHS: Mapping[DataName, float] = {"mnist": 5.0, "digits": 40.0}
"""Passes over the training examples when no budget is given: the embedded digits are few."""

IMAGES_PER_STEP = 128
"""Without --batch-size, a step sees about this many images, however many an example has."""


@final
@dataclass(frozen=True, slots=True)
class ImageOptions:
    """The images of a run.

    validate: judge it by training images held out, and leave the test images alone.
    """

    data: DataName
    data_dir: Path | None
    validate: bool
    device: str

    def written(self) -> dict[str, Any]:
        """As they are recorded."""
        return written(self)


def add_image_options(parser: ArgumentParser) -> None:
    """The options that `image_options` reads."""
    add = parser.add_argument
    add("--data", choices=("digits", "mnist"), default="mnist", help="MNIST, or scikit-learn's 8x8 digits")
    add("--data-dir", type=Path, metavar="DIR", help="the folder of the four MNIST files")
    add(
        "--validate",
        action="store_true",
        help=f"to choose between recipes: hold out {HELD_OUT['mnist']:,} training images (of the 8x8 digits,"
        f" {HELD_OUT['digits']}), report accuracy on them, and leave the test images unused",
    )
    add("--device", default="cpu", help="where torch computes (default: cpu)")


def image_options(options: Namespace) -> ImageOptions:
    """What the options of `add_image_options` stand for."""
    return ImageOptions(options.data, options.data_dir, options.validate, options.device)


def load_images(data: DataName, data_dir: Path | None, seed: int) -> ImageSet:
    """The images of a name. The seed splits the embedded digits, which come in one piece."""
    return load_digits(seed) if data == "digits" else load_mnist(data_dir)


def split_of(options: ImageOptions, images: ImageSet) -> Split:
    """The images to learn from and those to be judged by."""
    return held_out_split(images, HELD_OUT[options.data]) if options.validate else final_split(images)


def find_device(name: str) -> torch.device:
    """The device of that name. Raises `ModelError` (unknown-device)."""
    try:
        device = torch.device(name)
    except RuntimeError:
        raise ModelError("unknown-device", f"there is no device {name!r}", hint="use cpu or cuda") from None
    if device.type == "cuda" and not torch.cuda.is_available():
        raise ModelError("unknown-device", "torch finds no CUDA device here", hint="use --device cpu")
    return device
