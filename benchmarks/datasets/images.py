"""Labelled images, ready for a network: one split for training, one for the final report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


@final
@dataclass(frozen=True, eq=False)
class Images:
    """Grey images and the digits they show.

    pixels: (n, 1, H, W) float32, standardised. digits: (n,) int64, 0 to 9.
    """

    pixels: Tensor
    digits: Tensor

    def __len__(self) -> int:
        return len(self.digits)


@final
@dataclass(frozen=True, eq=False)
class ImageSet:
    """Images in two splits that share no image; `source` says where they came from."""

    name: str
    source: str
    train: Images
    test: Images

    @property
    def size(self) -> int:
        """H, the height (and width) of the images in pixels."""
        return int(self.train.pixels.shape[-1])


def standardised(
    name: str,
    source: str,
    train: tuple[NDArray[np.uint8], NDArray[np.uint8]],
    test: tuple[NDArray[np.uint8], NDArray[np.uint8]],
) -> ImageSet:
    """Splits of (images (n, H, W), digits (n,)), scaled to mean 0 and deviation 1 of the training pixels."""
    mean, deviation = float(train[0].mean()), float(train[0].std())

    def split(images: NDArray[np.uint8], digits: NDArray[np.uint8]) -> Images:
        pixels = (images[:, None].astype(np.float32) - np.float32(mean)) / np.float32(deviation)
        return Images(torch.from_numpy(pixels), torch.from_numpy(digits.astype(np.int64)))

    return ImageSet(name, source, split(*train), split(*test))
