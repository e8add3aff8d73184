"""Pairs of numbers with known digits, and the digits of their sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import one_hot

from benchmarks.mnist_addition.data import sum_digits


@final
@dataclass(frozen=True, eq=False)
class Sums:
    """E pairs of numbers of N digits. Place 0 is the units.

    a, b: (E, N) int64, the digits of each number. targets: (E, N + 1) int64, those of the sum.
    """

    a: Tensor
    b: Tensor
    targets: Tensor

    def __len__(self) -> int:
        return len(self.targets)

    def inputs(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        """The digits of some pairs, one-hot: a and b, each (B, N, 10)."""
        return {name: one_hot(digits[chosen], 10).float() for name, digits in (("a", self.a), ("b", self.b))}

    def concepts(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        """What the holes have to say of each column and carry; into the first, only 0 is carried."""
        found = {}
        for place in range(self.a.shape[1]):
            for carry in (0, 1) if place else (0,):
                total = self.a[chosen, place] + self.b[chosen, place] + carry
                column = f"a({place}),b({place}),{carry}"
                found[f"result({column},_)"] = total % 10
                found[f"carried({column},_)"] = total // 10
        return found


def random_sums(count: int, digits: int, rng: np.random.Generator) -> Sums:
    """Pairs of numbers whose digits are drawn evenly; a pair may come again."""
    a, b = (torch.from_numpy(rng.integers(10, size=(count, digits))) for _ in range(2))
    return Sums(a, b, sum_digits(a, b))
