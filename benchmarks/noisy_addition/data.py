"""Pairs of images and labels of their sums, some of which are made up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import final

import numpy as np
import torch
from torch import Tensor

from benchmarks.datasets.images import Images
from benchmarks.datasets.split import Split
from nesy.errors import DataError

SUMS = 19
"""How many sums two digits can have: 0 to 18."""


@final
@dataclass(frozen=True, eq=False)
class LabelledPairs:
    """P pairs of images, each with a label that says what their digits sum to.

    pixels: (n, 1, H, W) float32, the images the pairs draw on. shown: (n,) int64, the digit on each: it
    judges what has been learnt, and no training sees it.
    a, b: (P,) int64, which image is the first and which the second.
    targets: (P, 1) int64, the label; it is also its own index among the sums.
    """

    pixels: Tensor
    shown: Tensor
    a: Tensor
    b: Tensor
    targets: Tensor

    def __len__(self) -> int:
        return len(self.targets)

    @property
    def sums(self) -> Tensor:
        """(P, 1) int64: what the digits do sum to."""
        return (self.shown[self.a] + self.shown[self.b])[:, None]

    def inputs(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        """The images of some pairs, as the model takes them: a and b, each (B, 1, H, W)."""
        return {"a": self.pixels[self.a[chosen]], "b": self.pixels[self.b[chosen]]}

    def concepts(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        """The digits of some pairs, (B,) each, by the symbols that stand for them."""
        return {"digit(a,_)": self.shown[self.a[chosen]], "digit(b,_)": self.shown[self.b[chosen]]}

    def truthful(self) -> LabelledPairs:
        """The same pairs, every label the sum."""
        return replace(self, targets=self.sums)

    def to(self, device: torch.device) -> LabelledPairs:
        """The same pairs on a device."""
        return LabelledPairs(
            *(part.to(device) for part in (self.pixels, self.shown, self.a, self.b, self.targets))
        )


@final
@dataclass(frozen=True, eq=False)
class Task:
    """Pairs to learn from and pairs to be judged by, which share no image; both have noisy labels.

    made_up: the fraction of training labels that are not the sum by any means but chance.
    """

    train: LabelledPairs
    unseen: LabelledPairs
    made_up: float
    protocol: str


def make_task(split: Split, noise: float, seed: int) -> Task:
    """The pairs of a run. noise: the probability that a label is made up, drawn for each on its own."""
    train_seed, unseen_seed = np.random.SeedSequence(seed).spawn(2)
    train, made_up = form_pairs(split.train, noise, np.random.default_rng(train_seed))
    unseen, _ = form_pairs(split.unseen, noise, np.random.default_rng(unseen_seed))
    return Task(train, unseen, float(made_up.double().mean()), _protocol(split, train, unseen, noise, seed))


def form_pairs(images: Images, noise: float, rng: np.random.Generator) -> tuple[LabelledPairs, Tensor]:
    """As many pairs as the images allow, each image at most once; and (P,) bool, which labels are made up.

    A made-up label is each of the 19 sums with the same probability, so that it may be right by chance.
    Raises `DataError` (too-few-images) where the images do not make one pair.
    """
    count = len(images) // 2
    if count == 0:
        raise DataError("too-few-images", f"{len(images)} images do not make one pair")
    a, b = torch.from_numpy(rng.permutation(len(images))[: 2 * count]).reshape(2, count)
    made_up = torch.from_numpy(rng.random(count) < noise)
    invented = torch.from_numpy(rng.integers(SUMS, size=count))
    sums = images.digits[a] + images.digits[b]
    labels = torch.where(made_up, invented, sums)
    return LabelledPairs(images.pixels, images.digits, a, b, labels[:, None]), made_up


def _protocol(split: Split, train: LabelledPairs, unseen: LabelledPairs, noise: float, seed: int) -> str:
    kind = split.kind
    return (
        f"{len(train):,} training pairs of digits formed from {len(split.train):,} training images, each used"
        f" at most once; each label is made up with probability {noise:g}, uniformly from 0 to 18, and else"
        f" the sum; {len(unseen):,} {kind} pairs likewise from the {len(split.unseen):,} {kind} images;"
        f" shuffled with seed {seed}; no image comes with its digit, no label says whether it is made up;"
        f" {kind} pairs used for the final report only: accuracy on true sums, likelihood and calibration on"
        " labels as noisy as those of training" + ("; test images not used" if kind == "held-out" else "")
    )
