"""Images dealt by the digit they show, none twice before all have been."""

from __future__ import annotations

from typing import final

import numpy as np
from numpy.typing import NDArray

from benchmarks.datasets.images import Images
from nesy.errors import DataError


@final
class Deck:
    """The images of a set, by digit, in random order. What is dealt are their indices."""

    def __init__(self, images: Images, rng: np.random.Generator) -> None:
        self.images = images
        self.rng = rng
        order = rng.permutation(len(images))
        digits = images.digits.numpy()[order]
        self._of_digit = [order[digits == digit] for digit in range(10)]
        self._dealt = [0] * 10

    def deal(self, digit: int, count: int, *, again: bool = False) -> NDArray[np.int64]:
        """`count` images of a digit: of those that were not dealt yet and, with `again`, then from the first.

        Raises `DataError` (too-few-images).
        """
        pool, start = self._of_digit[digit], self._dealt[digit]
        if not len(pool) or (start + count > len(pool) and not again):
            raise DataError(
                "too-few-images",
                f"{start + count:,} images of the digit {digit} are wanted, and there are {len(pool):,}",
                hint="ask for fewer examples",
            )
        self._dealt[digit] += count
        dealt: NDArray[np.int64] = pool[np.arange(start, start + count) % len(pool)]
        return dealt

    def deal_each(self, digits: NDArray[np.int64], *, again: bool = False) -> NDArray[np.int64]:
        """An image of each digit of an array, of its shape. Raises `DataError` (too-few-images)."""
        dealt = np.empty_like(digits)
        for digit in np.unique(digits):
            where = digits == digit
            dealt[where] = self.deal(int(digit), int(where.sum()), again=again)
        return dealt
