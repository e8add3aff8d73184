"""Boards whose digits are pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
import torch
from torch import Tensor

from benchmarks.datasets.images import Images
from benchmarks.sudoku.boards import EMPTY, Board
from nesy.errors import DataError


@final
@dataclass(frozen=True, eq=False)
class Pictures:
    """E boards of n x n pictures.

    pixels: (k + 1, 1, H, W) float32, the images that boards are made of; the last is blank.
    chosen: (E, n, n) int64, the image in each cell.
    digits: (E, n, n) int64, the digit on it, 0 where it is blank: judges what was learnt, and trains nothing.
    targets: (E, m) int64.
    """

    pixels: Tensor
    chosen: Tensor
    digits: Tensor
    targets: Tensor

    def __len__(self) -> int:
        return len(self.chosen)

    def inputs(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        """The pictures of some boards, as the model takes them: board, (B, n, n, 1, H, W)."""
        return {"board": self.pixels[self.chosen[chosen]]}

    def concepts(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        """The digits on the pictures of some boards, (B,) each, less one; -1 where there is none."""
        digits, size = self.digits[chosen], self.digits.shape[1]
        return {
            f"cell({row},{column},_)": digits[:, row, column] - 1
            for row in range(size)
            for column in range(size)
        }

    def first(self, count: int) -> Pictures:
        """The first of them, `count` at most."""
        return Pictures(self.pixels, self.chosen[:count], self.digits[:count], self.targets[:count])


@final
class Supply:
    """Images by digit in random order, each taken once before any is taken again.

    first: the digit whose images show the value 1; 1 itself, or 0.
    """

    def __init__(self, images: Images, size: int, rng: np.random.Generator, *, first: int = 1) -> None:
        self._images, self._rng = images, rng
        shown = images.digits.numpy()
        self._all = [np.flatnonzero(shown == first + value) for value in range(size)]
        self._left = [rng.permutation(each) for each in self._all]
        if not all(map(len, self._all)):
            raise DataError("too-few-images", "some digit has no image", hint="use a larger set of images")

    @property
    def least(self) -> int:
        """How many images are left of the value that has the fewest."""
        return min(map(len, self._left))

    def require(self, count: int) -> None:
        """Refuse where some value has not so many images left. Raises `DataError` (too-few-images)."""
        if self.least < count:
            message = f"boards need {count} images of every digit, where one has {self.least}"
            raise DataError("too-few-images", message, hint="ask for fewer boards")

    def choose(self, boards: Board) -> Tensor:
        """An image for each cell of (E, n, n) boards, and the blank one for each that is empty."""
        chosen = np.full(boards.shape, len(self._images), dtype=np.int64)
        for index, left in enumerate(self._left):
            cells = boards == index + 1
            wanted = int(cells.sum())
            while len(left) < wanted:
                left = np.concatenate([left, self._rng.permutation(self._all[index])])  # noqa: PLW2901
            chosen[cells], self._left[index] = left[:wanted], left[wanted:]
        return torch.from_numpy(chosen)


def with_blank(images: Images) -> Tensor:
    """(k + 1, 1, H, W): the images, and behind them one of nothing but background."""
    blank = torch.full_like(images.pixels[:1], float(images.pixels.min()))
    return torch.cat([images.pixels, blank])


def pictured(images: Images, boards: Board, supply: Supply, targets: Tensor) -> Pictures:
    """Boards with a picture in every cell that is not empty."""
    digits = torch.from_numpy(np.where(boards == EMPTY, 0, boards))
    return Pictures(with_blank(images), supply.choose(boards), digits, targets)
