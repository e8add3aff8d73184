"""Pairs of numbers whose digits are images, and the digits of their sums: all that training sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
import torch
from torch import Tensor

from benchmarks.datasets.images import Images
from benchmarks.datasets.split import Split
from nesy.errors import DataError


@final
@dataclass(frozen=True, eq=False)
class Pairs:
    """P pairs of numbers of N digits. Place 0 is the units, everywhere.

    pixels: (n, 1, H, W) float32, the images the pairs draw on. shown: (n,) int64, the digit on each: it
    judges what has been learnt, and no training sees it.
    a, b: (P, N) int64, which image stands at each place of the first and the second number.
    targets: (P, N + 1) int64, the digits of the sum; the last is the final carry, 0 or 1.
    """

    pixels: Tensor
    shown: Tensor
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

    def concepts(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        """The digits on the images of some pairs, (B,) each, by the symbols that stand for them."""
        return {
            f"digit({name}({place}),_)": self.shown[images[chosen, place]]
            for name, images in (("a", self.a), ("b", self.b))
            for place in range(self.digits)
        }

    def to(self, device: torch.device) -> Pairs:
        """The same pairs on a device."""
        return Pairs(*(part.to(device) for part in (self.pixels, self.shown, self.a, self.b, self.targets)))

    def first(self, count: int) -> Pairs:
        """The first of them, `count` at most."""
        return Pairs(self.pixels, self.shown, self.a[:count], self.b[:count], self.targets[:count])


@final
@dataclass(frozen=True, eq=False)
class Task:
    """Pairs to learn from and pairs to be judged by, which share no image.

    split: the images of both. protocol: in words, how they were formed.
    """

    split: Split
    train: Pairs
    unseen: Pairs
    protocol: str


def make_task(split: Split, digits: int, seed: int) -> Task:
    """The pairs of a benchmark, from the two parts of a split.

    Each image is used at most once: n images make n // (2 * digits) pairs. The seed shuffles both.
    """
    train_seed, unseen_seed = np.random.SeedSequence(seed).spawn(2)
    train = form_pairs(split.train, digits, np.random.default_rng(train_seed))
    unseen = form_pairs(split.unseen, digits, np.random.default_rng(unseen_seed))
    return Task(split, train, unseen, _protocol(split, train, unseen, seed))


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
    return Pairs(images.pixels, images.digits, a, b, sum_digits(images.digits[a], images.digits[b]))


def sum_digits(a: Tensor, b: Tensor) -> Tensor:
    """The digits of a + b: (P, N) and (P, N) int64 to (P, N + 1), units first."""
    carry = torch.zeros_like(a[:, 0])
    columns = []
    for place in range(a.shape[1]):
        total = a[:, place] + b[:, place] + carry
        columns.append(total % 10)
        carry = total // 10
    return torch.stack([*columns, carry], dim=1)


def _protocol(split: Split, train: Pairs, unseen: Pairs, seed: int) -> str:
    validating = split.kind == "held-out"
    kept = f" ({len(split.unseen):,} more held out)" if validating else ""
    return (
        f"{len(train):,} training pairs of {train.digits}-digit numbers formed from"
        f" {len(split.train):,} training images{kept}, each used at most once; {len(unseen):,} {split.kind}"
        f" pairs likewise from the {len(split.unseen):,} {split.kind} images; shuffled with seed {seed};"
        f" supervised by the digits of the sum only; {split.kind} pairs used for the final report only"
        + ("; test images not used" if validating else "")
    )
