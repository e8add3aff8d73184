"""Pairs of pictures whose digits are given pairs of digits: all that training sees of them is their sum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import final

import numpy as np
import torch
from torch import Tensor

from benchmarks.datasets.decks import Deck
from benchmarks.datasets.images import ImageSet
from benchmarks.shortcuts.tasks import Pair, ShortcutTask


@final
@dataclass(frozen=True, slots=True)
class Sizes:
    """How many examples there are of each ordered pair of digits: to learn from, held out, to test."""

    train: int
    held_out: int
    test: int


SIZES: Mapping[str, Sizes] = {"mnist": Sizes(420, 120, 60), "digits": Sizes(24, 6, 3)}
"""For MNIST those of the published tasks: 2,940, 840, 420 and 1,080 out of distribution of MNIST-Half."""


@final
@dataclass(frozen=True, eq=False)
class Pairs:
    """P pairs of pictures.

    pixels: (n, 1, H, W) float32, the images drawn on. labels: (n,) int64, their digits, -1 for one that is
    not to be judged. a, b: (P,) int64, which images. targets: (P, 1) int64, the sums.
    """

    pixels: Tensor
    labels: Tensor
    a: Tensor
    b: Tensor
    targets: Tensor

    def __len__(self) -> int:
        return len(self.targets)

    def inputs(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        """The images of some pairs, as the model takes them."""
        return {"a": self.pixels[self.a[chosen]], "b": self.pixels[self.b[chosen]]}

    def concepts(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        """The digits of some pairs."""
        return {"digit(a,_)": self.labels[self.a[chosen]], "digit(b,_)": self.labels[self.b[chosen]]}

    def judged_on(self, digits: Iterable[int]) -> Pairs:
        """The same pairs, of whose concepts only these digits are judged."""
        judged = torch.isin(self.labels, torch.tensor(sorted(digits), dtype=torch.int64))
        return replace(self, labels=self.labels.where(judged, -1))


@final
@dataclass(frozen=True, eq=False)
class Data:
    """The examples of a run. `train` and `held_out` are of training images and share none; `test` and
    `unseen`, the pairs of digits that training never shows, are of test images.
    """

    train: Pairs
    held_out: Pairs
    test: Pairs
    unseen: Pairs


def make_data(task: ShortcutTask, images: ImageSet, sizes: Sizes, seed: int) -> Data:
    """The examples of a task, `sizes` of each ordered pair; the seed decides which images.

    Images are used once; only those of `unseen` may come again where the test images are too few.
    Raises `DataError` (too-few-images).
    """
    train_seed, test_seed = np.random.SeedSequence(seed).spawn(2)
    learnt = Deck(images.train, np.random.default_rng(train_seed))
    judging = Deck(images.test, np.random.default_rng(test_seed))
    return Data(
        train=form_pairs(learnt, task.seen, sizes.train),
        held_out=form_pairs(learnt, task.seen, sizes.held_out),
        test=form_pairs(judging, task.seen, sizes.test),
        unseen=form_pairs(judging, task.unseen, sizes.test, again=True),
    )


def form_pairs(deck: Deck, wanted: Sequence[Pair], count: int, *, again: bool = False) -> Pairs:
    """`count` pairs of pictures of each pair of digits, shuffled. Raises `DataError` (too-few-images)."""
    digits = np.repeat(np.array(wanted, dtype=np.int64), count, axis=0)
    order = deck.rng.permutation(len(digits))
    dealt = torch.from_numpy(deck.deal_each(digits, again=again)[order])
    sums = torch.from_numpy(digits.sum(axis=1)[order])
    return Pairs(deck.images.pixels, deck.images.digits, dealt[:, 0], dealt[:, 1], sums[:, None])
