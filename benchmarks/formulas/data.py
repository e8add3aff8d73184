"""Formulas of images of digits and operators, and their values: all that training sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from benchmarks.datasets.images import Images
from benchmarks.datasets.operators import KINDS
from benchmarks.formulas.values import Value, value_of
from nesy.errors import DataError

Indices = NDArray[np.int64]

LENGTHS = (1, 3, 5, 7)
"""How many images a formula has: a digit, and an operator and a digit for each two more."""


@final
@dataclass(frozen=True, eq=False)
class Formulas:
    """E formulas of several lengths.

    digits, operators: the images that are drawn on; the labels of operators are indices into `KINDS`.
    lengths: (E,) int64. digit_at: (E, 4), operator_at: (E, 3) int64, which images, -1 behind the end.
    values: of each formula. targets: (E, 1) int64, the number of each formula, which `values` is asked by.
    """

    digits: Images
    operators: Images
    lengths: Tensor
    digit_at: Tensor
    operator_at: Tensor
    values: tuple[Value, ...]

    def __len__(self) -> int:
        return len(self.values)

    @property
    def targets(self) -> Tensor:
        """(E, 1): values differ in kind, so what stands for them is the formula's number."""
        return torch.arange(len(self))[:, None]

    def values_of(self, targets: Tensor) -> list[Value]:
        """The values that targets stand for."""
        return [self.values[number] for number in targets[:, 0].tolist()]

    def inputs(self, chosen: Tensor | slice) -> dict[str, list[Tensor]]:
        """The images of some formulas, from left to right: one tensor (length, 1, 28, 28) for each."""
        return {"image": [self._images(number) for number in self.targets[chosen, 0].tolist()]}

    def of_length(self, length: int) -> Tensor:
        """The numbers of the formulas of a length."""
        return torch.nonzero(self.lengths == length)[:, 0]

    def _images(self, number: int) -> Tensor:
        length = int(self.lengths[number])
        found = torch.empty(length, *self.digits.pixels.shape[1:])
        found[0::2] = self.digits.pixels[self.digit_at[number, : length // 2 + 1]]
        found[1::2] = self.operators.pixels[self.operator_at[number, : length // 2]]
        return found


def form_formulas(
    digits: Images,
    operators: Images,
    each: int,
    rng: np.random.Generator,
    lengths: Sequence[int] = LENGTHS,
) -> Formulas:
    """`each` formulas of every length, in random order.

    No image of a digit is used twice. An operator's kind is drawn evenly, and its image from a shuffled
    pile of that kind, which is shuffled anew when used up: there are fewer of them than formulas need.
    Raises `DataError` (too-few-images).
    """
    needed = each * sum(length // 2 + 1 for length in lengths)
    if needed > len(digits):
        raise DataError(
            "too-few-images",
            f"{each} formulas of each length take {needed:,} images of digits, and there are {len(digits):,}",
            hint=f"at most {len(digits) * each // needed} of each length can be made",
        )
    numbers = rng.permutation(np.repeat(np.array(lengths), each))
    digit_at = np.full((len(numbers), max(lengths) // 2 + 1), -1)
    operator_at = np.full((len(numbers), max(lengths) // 2), -1)
    places = np.arange(digit_at.shape[1])[None] < numbers[:, None] // 2 + 1
    digit_at[places] = rng.permutation(len(digits))[:needed]
    drawn = places[:, 1:]
    operator_at[drawn] = _piles(operators.digits.numpy(), int(drawn.sum()), rng)
    return Formulas(
        digits,
        operators,
        torch.from_numpy(numbers),
        torch.from_numpy(digit_at),
        torch.from_numpy(operator_at),
        tuple(
            _value(digits, operators, ds[: n // 2 + 1], os[: n // 2])
            for n, ds, os in zip(numbers, digit_at, operator_at, strict=True)
        ),
    )


def _value(digits: Images, operators: Images, ds: Indices, os: Indices) -> Value:
    kinds = [KINDS[kind] for kind in operators.digits[torch.from_numpy(os)].tolist()]
    return value_of(digits.digits[torch.from_numpy(ds)].tolist(), kinds)


def _piles(kinds: Indices, count: int, rng: np.random.Generator) -> Indices:
    """(count,) images, each of a kind drawn evenly; none comes again before all of its kind have come."""
    drawn = rng.integers(len(KINDS), size=count)
    found = np.empty(count, dtype=np.int64)
    for kind in range(len(KINDS)):
        pile, places = np.flatnonzero(kinds == kind), np.flatnonzero(drawn == kind)
        rounds = -(-len(places) // len(pile))
        found[places] = np.concatenate([rng.permutation(pile) for _ in range(rounds)] or [pile])[
            : len(places)
        ]
    return found
