"""Pairs of numbers whose digits are images, and their products: all that training sees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import final

import numpy as np
import torch

from benchmarks.datasets.split import Split
from benchmarks.mnist_addition.data import Pairs, form_pairs


@final
@dataclass(frozen=True, eq=False)
class Task:
    """Pairs to learn from and pairs to be judged by, which share no image.

    Their targets are (P, 2 N) int64, the digits of the products, units first.
    """

    split: Split
    train: Pairs
    unseen: Pairs
    seed: int

    @property
    def protocol(self) -> str:
        """In words, how the pairs were formed."""
        kind, digits = self.split.kind, self.train.digits
        return (
            f"{len(self.train):,} training pairs of {digits}-digit numbers formed from"
            f" {len(self.split.train):,} training images, each used at most once; {len(self.unseen):,} {kind}"
            f" pairs likewise from the {len(self.split.unseen):,} {kind} images; shuffled with seed"
            f" {self.seed}; supervised by the digits of the product only; {kind} pairs used for the final"
            " report only" + ("; test images not used" if kind == "held-out" else "")
        )


def make_task(split: Split, digits: int, seed: int) -> Task:
    """The pairs of a run, from the two parts of a split; each image is used at most once.

    Raises `DataError` (too-few-images).
    """
    train_seed, unseen_seed = np.random.SeedSequence(seed).spawn(2)
    train = form_pairs(split.train, digits, np.random.default_rng(train_seed))
    unseen = form_pairs(split.unseen, digits, np.random.default_rng(unseen_seed))
    return Task(split, _with_products(train), _with_products(unseen), seed)


def _with_products(pairs: Pairs) -> Pairs:
    places = 10 ** torch.arange(2 * pairs.digits)
    first, second = (
        (pairs.shown[images] * places[: pairs.digits]).sum(dim=1) for images in (pairs.a, pairs.b)
    )
    return replace(pairs, targets=(first * second)[:, None] // places % 10)
