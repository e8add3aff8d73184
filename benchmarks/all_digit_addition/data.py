"""Pictures in fours: two digits, and the tens and units of a number that is their sum, or is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from benchmarks.datasets.images import Images
from benchmarks.datasets.split import Split
from nesy.errors import DataError

PLACES = ("a", "b", "tens", "units")
"""The inputs of the model, in the order of the columns of `Fours.chosen`."""

Integers = NDArray[np.int64]


@final
@dataclass(frozen=True, eq=False)
class Fours:
    """P examples of four images.

    pixels: (n, 1, H, W) float32, the images the examples draw on. shown: (n,) int64, the digit on each: it
    judges what has been learnt.
    chosen: (P, 4) int64, which image stands at each of `PLACES`.
    targets: (P, 1) int64, 1 where the last two images show the sum of the first two, else 0.
    """

    pixels: Tensor
    shown: Tensor
    chosen: Tensor
    targets: Tensor

    def __len__(self) -> int:
        return len(self.targets)

    def inputs(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        """The images of some examples, as the model takes them, each (B, 1, H, W)."""
        return {place: self.pixels[self.chosen[chosen, i]] for i, place in enumerate(PLACES)}

    def concepts(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        """The digits of some examples, (B,) each, by the symbols that stand for them."""
        return {f"digit({place},_)": self.shown[self.chosen[chosen, i]] for i, place in enumerate(PLACES)}

    def to(self, device: torch.device) -> Fours:
        """The same examples on a device."""
        return Fours(*(part.to(device) for part in (self.pixels, self.shown, self.chosen, self.targets)))


@final
@dataclass(frozen=True, eq=False)
class Task:
    """Examples to learn from and to be judged by, which share no image.

    train: all belong together. unseen: half of them do. labelled: (K * 10,), training images of no example,
    K of each digit; the only ones that come with their digits.
    """

    train: Fours
    unseen: Fours
    labelled: Images
    protocol: str


def make_task(split: Split, labels: int, seed: int) -> Task:
    """The examples of a run. labels: how many images of each digit come with it; 0 for none."""
    train_seed, unseen_seed, label_seed = np.random.SeedSequence(seed).spawn(3)
    labelled, others = set_aside(split.train, labels, np.random.default_rng(label_seed))
    train = form_fours(others, 1.0, np.random.default_rng(train_seed))
    unseen = form_fours(split.unseen, 0.5, np.random.default_rng(unseen_seed))
    return Task(train, unseen, labelled, _protocol(split, train, unseen, labels, seed))


def set_aside(images: Images, count: int, rng: np.random.Generator) -> tuple[Images, Images]:
    """`count` images of each digit, and the others. Raises `DataError` (too-few-images)."""
    order = rng.permutation(len(images))
    shown = images.digits.numpy()[order]
    taken = np.concatenate([order[shown == digit][:count] for digit in range(10)])
    if len(taken) < 10 * count:
        raise DataError("too-few-images", f"there are no {count} images of each digit", hint="ask for fewer")
    mine = torch.zeros(len(images), dtype=torch.bool)
    mine[torch.from_numpy(taken)] = True
    return Images(images.pixels[mine], images.digits[mine]), Images(
        images.pixels[~mine], images.digits[~mine]
    )


def form_fours(images: Images, together: float, rng: np.random.Generator) -> Fours:
    """Examples until the images of some digit run out, each image at most once.

    together: the probability that the last two images show the sum; else they show another one, each of
    the 18 others with the same probability. Raises `DataError` (too-few-images) where there is no example.
    """
    wanted, right = _wanted(len(images) // 4, together, rng)
    count = _affordable(wanted, np.bincount(images.digits.numpy(), minlength=10))
    if count == 0:
        raise DataError("too-few-images", f"{len(images)} images do not make one sum")
    chosen = _pictures_of(wanted[:count], images.digits.numpy(), rng)
    return Fours(
        images.pixels,
        images.digits,
        torch.from_numpy(chosen),
        torch.from_numpy(right[:count, None].astype(np.int64)),
    )


def _wanted(count: int, together: float, rng: np.random.Generator) -> tuple[Integers, NDArray[np.bool_]]:
    """(count, 4): the digits of examples; and which of them belong together."""
    pairs = rng.integers(10, size=(count, 2))
    sums = pairs.sum(axis=1)
    right = rng.random(count) < together
    other = (sums + rng.integers(1, 19, size=count)) % 19
    totals = np.where(right, sums, other)
    return np.column_stack([pairs, totals // 10, totals % 10]), right


def _affordable(wanted: Integers, supply: Integers) -> int:
    """How many of the examples, from the first on, can be shown with so many images of each digit."""
    spent = (wanted[:, :, None] == np.arange(10)).sum(axis=1).cumsum(axis=0)
    return int((spent <= supply).all(axis=1).sum())


def _pictures_of(wanted: Integers, shown: Integers, rng: np.random.Generator) -> Integers:
    """For every digit an image of it, none twice."""
    flat = wanted.ravel()
    chosen = np.empty_like(flat)
    for digit in range(10):
        places = np.flatnonzero(flat == digit)
        chosen[places] = rng.permutation(np.flatnonzero(shown == digit))[: len(places)]
    return chosen.reshape(wanted.shape)


def _protocol(split: Split, train: Fours, unseen: Fours, labels: int, seed: int) -> str:
    kind = split.kind
    helped = (
        f"{labels} further training images of each digit come with it" if labels else "no image has a label"
    )
    return (
        f"{len(train):,} training examples of four images, two digits and the tens and units of their sum,"
        f" each pair of digits equally likely, formed from {len(split.train):,} training images, each used at"
        f" most once; all that is said of them is that they belong together; {helped}; {len(unseen):,} {kind}"
        f" examples likewise from the {len(split.unseen):,} {kind} images, half of them with a wrong sum;"
        f" shuffled with seed {seed}; {kind} examples used for the final report only"
        + ("; test images not used" if kind == "held-out" else "")
    )
