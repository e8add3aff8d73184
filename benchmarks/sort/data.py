"""Lists of digits, and which of their items stands where once they are sorted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import one_hot


@final
@dataclass(frozen=True, eq=False)
class Lists:
    """E lists of N digits, (E, N) int64."""

    digits: Tensor

    def __len__(self) -> int:
        return len(self.digits)

    @property
    def targets(self) -> Tensor:
        """(E, N) int64: the number of the item at each place, from the least; -1 where items are equal."""
        order = self.digits.argsort(dim=1, stable=True)
        placed = self.digits.gather(1, order)
        equal = (placed[:, :, None] == placed[:, None, :]).sum(dim=2) > 1
        return order.masked_fill(equal, -1)

    def inputs(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        """The items of some lists, one-hot: x, (B, N, 10)."""
        return {"x": one_hot(self.digits[chosen], 10).float()}

    def concepts(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        """Of each two items whether the first is the greater; -1 where they are equal."""
        digits, found = self.digits[chosen], {}
        for i in range(digits.shape[1]):
            for j in range(i + 1, digits.shape[1]):
                first, second = digits[:, i], digits[:, j]
                found[f"swap(x({i}),x({j}))"] = (first > second).long().masked_fill(first == second, -1)
        return found


def random_lists(count: int, length: int, rng: np.random.Generator) -> Lists:
    """Lists whose digits are drawn evenly; a list may come again."""
    return Lists(torch.from_numpy(rng.integers(10, size=(count, length))))
