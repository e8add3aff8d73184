"""Pairs of numbers whose digits are images, and the digits of their sums: all that training sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
import torch
from torch import Tensor

from benchmarks.datasets.images import Images, ImageSet
from nesy.errors import DataError


@final
@dataclass(frozen=True, eq=False)
class Pairs:
    """P pairs of numbers of N digits. Place 0 is the units, everywhere.

    pixels: (n, 1, H, W) float32, the images the pairs draw on.
    a, b: (P, N) int64, which image stands at each place of the first and the second number.
    targets: (P, N + 1) int64, the digits of the sum; the last is the final carry, 0 or 1.
    """

    pixels: Tensor
    a: Tensor
    b: Tensor
    targets: Tensor

    def __len__(self) -> int:
        return len(self.targets)

    @property
    def digits(self) -> int:
        """N, the number of digits of each number."""
        return int(self.a.shape[1])

    def inputs(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        """The images of some pairs, as the model takes them: a and b, each (B, N, 1, H, W)."""
        return {"a": self.pixels[self.a[chosen]], "b": self.pixels[self.b[chosen]]}

    def to(self, device: torch.device) -> Pairs:
        """The same pairs on a device."""
        return Pairs(*(part.to(device) for part in (self.pixels, self.a, self.b, self.targets)))


@final
@dataclass(frozen=True, eq=False)
class Task:
    """Training and test pairs that share no image; `protocol` says in words how they were formed."""

    train: Pairs
    test: Pairs
    protocol: str


def make_task(images: ImageSet, digits: int, seed: int) -> Task:
    """The pairs of a benchmark: training pairs from training images, test pairs from test images.

    Each image is used at most once: n images make n // (2 * digits) pairs. The seed shuffles both.
    """
    train_seed, test_seed = np.random.SeedSequence(seed).spawn(2)
    train = form_pairs(images.train, digits, np.random.default_rng(train_seed))
    test = form_pairs(images.test, digits, np.random.default_rng(test_seed))
    return Task(train, test, _protocol(images, train, test, seed))


def form_pairs(images: Images, digits: int, rng: np.random.Generator) -> Pairs:
    """As many pairs as the images allow, each image at most once, in random order.

    Raises `DataError` (too-few-images) where they do not make one pair.
    """
    count = len(images) // (2 * digits)
    if count == 0:
        message = f"{len(images)} images do not make one pair of {digits}-digit numbers"
        raise DataError("too-few-images", message, hint=f"--digits can be at most {len(images) // 2}")
    order = torch.from_numpy(rng.permutation(len(images))[: count * 2 * digits])
    a, b = order.reshape(count, 2, digits).unbind(dim=1)
    return Pairs(images.pixels, a, b, sum_digits(images.digits[a], images.digits[b]))


def sum_digits(a: Tensor, b: Tensor) -> Tensor:
    """The digits of a + b: (P, N) and (P, N) int64 to (P, N + 1), units first."""
    carry = torch.zeros_like(a[:, 0])
    columns = []
    for place in range(a.shape[1]):
        total = a[:, place] + b[:, place] + carry
        columns.append(total % 10)
        carry = total // 10
    return torch.stack([*columns, carry], dim=1)


def _protocol(images: ImageSet, train: Pairs, test: Pairs, seed: int) -> str:
    return (
        f"{len(train):,} training pairs of {train.digits}-digit numbers formed from the"
        f" {len(images.train):,} training images, each used at most once; {len(test):,} test pairs likewise"
        f" from the {len(images.test):,} test images; shuffled with seed {seed}; supervised by the digits"
        " of the sum only; test pairs used for the final report only"
    )
