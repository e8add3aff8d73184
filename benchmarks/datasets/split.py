"""Which images a run learns from, and which judge it: test images, or training images held out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, final

import numpy as np
import torch

from benchmarks.datasets.images import Images, ImageSet

HOLD_OUT_SEED = 271_828
"""Fixes which training images are held out: the same in every run, whatever its own seed."""


@final
@dataclass(frozen=True, eq=False)
class Split:
    """The images of one run. `train` and `unseen` share no image; `kind` says where `unseen` is from."""

    train: Images
    unseen: Images
    kind: Literal["test", "held-out"]


def final_split(images: ImageSet) -> Split:
    """All training images to learn from, the test images to be judged by: for final figures."""
    return Split(images.train, images.test, "test")


def held_out_split(images: ImageSet, count: int) -> Split:
    """`count` training images held out to be judged by, the others to learn from: for choosing.

    The test images have no part in it. Pixels are scaled anew to mean 0 and deviation 1 of those that
    are left to learn from, so that nothing of the held-out images reaches training.
    """
    order = np.random.default_rng(HOLD_OUT_SEED).permutation(len(images.train))
    held = torch.zeros(len(images.train), dtype=torch.bool)
    held[torch.from_numpy(order[:count])] = True
    pixels, digits = images.train.pixels, images.train.digits
    deviation, mean = torch.std_mean(pixels[~held], correction=0)
    pixels = (pixels - mean) / deviation
    return Split(Images(pixels[~held], digits[~held]), Images(pixels[held], digits[held]), "held-out")
