"""Sequences drawn from the chain, each digit as a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from benchmarks.datasets.decks import Deck
from benchmarks.datasets.images import ImageSet
from benchmarks.hmm.tables import MOVES, SHOWS, START, STATES


@final
@dataclass(frozen=True, slots=True)
class Sizes:
    """How many sequences there are: to learn from, held out, to test, and long ones to test."""

    train: int
    held_out: int
    test: int
    long: int


SIZES = {"mnist": Sizes(2_000, 300, 150, 40), "digits": Sizes(40, 6, 6, 2)}
"""By the images."""


@final
@dataclass(frozen=True, eq=False)
class Sequences:
    """E sequences of N pictures.

    pixels: (n, 1, H, W) float32, the images drawn on. labels: (n,) int64, their digits.
    images: (E, N) int64, which are shown. states: (E, N) int64, what is hidden.
    """

    pixels: Tensor
    labels: Tensor
    images: Tensor
    states: Tensor

    def __len__(self) -> int:
        return len(self.states)

    @property
    def length(self) -> int:
        """N."""
        return int(self.states.shape[1])

    @property
    def targets(self) -> Tensor:
        """(E, 1): the last states, which are all that training is told."""
        return self.states[:, -1:]

    def inputs(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        """The pictures of some sequences, (B, N, 1, H, W)."""
        return {"x": self.pixels[self.images[chosen]]}

    def concepts(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        """The digits of some sequences."""
        shown = self.labels[self.images[chosen]]
        return {f"digit(x({time}),_)": shown[:, time] for time in range(self.length)}


@final
@dataclass(frozen=True, eq=False)
class Data:
    """The examples of a run. Only `long` may show an image again, once all have been shown."""

    train: Sequences
    held_out: Sequences
    test: Sequences
    long: Sequences


def make_data(images: ImageSet, sizes: Sizes, length: int, test_length: int, seed: int) -> Data:
    """Sequences of `length` pictures, and long ones of `test_length`; the seed draws all.

    Raises `DataError` (too-few-images).
    """
    train_seed, test_seed = np.random.SeedSequence(seed).spawn(2)
    learnt = Deck(images.train, np.random.default_rng(train_seed))
    judging = Deck(images.test, np.random.default_rng(test_seed))
    return Data(
        train=draw(learnt, sizes.train, length),
        held_out=draw(learnt, sizes.held_out, length),
        test=draw(judging, sizes.test, length),
        long=draw(judging, sizes.long, test_length, again=True),
    )


def draw(deck: Deck, count: int, length: int, *, again: bool = False) -> Sequences:
    """Sequences of the chain, and images for their digits."""
    states = np.empty((count, length), dtype=np.int64)
    states[:, 0] = deck.rng.choice(STATES, count, p=START)
    for time in range(1, length):
        states[:, time] = _chosen(deck.rng, MOVES[states[:, time - 1]])
    digits = _chosen(deck.rng, SHOWS[states])
    shown = torch.from_numpy(deck.deal_each(digits, again=again))
    return Sequences(deck.images.pixels, deck.images.digits, shown, torch.from_numpy(states))


def _chosen(rng: np.random.Generator, rows: NDArray[np.float64]) -> NDArray[np.int64]:
    """One value of each distribution: (..., V) to (...)."""
    thresholds = rows.cumsum(axis=-1)
    drawn = rng.random((*rows.shape[:-1], 1)) * thresholds[..., -1:]
    chosen: NDArray[np.int64] = (drawn >= thresholds[..., :-1]).sum(axis=-1)
    return chosen
