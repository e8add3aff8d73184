"""Augmentation, where it is asked for: training images moved by a few pixels, anew each time."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor, nn

from benchmarks.learning.examples import Examples


@final
class Shifted:
    """Examples whose images are moved by up to `pixels` in each direction; what moves in is 0.

    Inputs are (B, ..., H, W), and each of their images is moved on its own. seed: of the moves.
    """

    def __init__(self, examples: Examples, pixels: int, seed: int) -> None:
        self._examples = examples
        self._pixels = pixels
        self._generator = torch.Generator().manual_seed(seed)

    def __len__(self) -> int:
        return len(self._examples)

    @property
    def targets(self) -> Tensor:
        """Those of the examples."""
        return self._examples.targets

    def inputs(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        """The moved images of some examples."""
        return {name: self._moved(images) for name, images in self._examples.inputs(chosen).items()}

    def _moved(self, images: Tensor) -> Tensor:
        height, width = images.shape[-2:]
        flat = images.reshape(-1, height, width)
        padded = nn.functional.pad(flat, (self._pixels,) * 4)
        moves = torch.randint(0, 2 * self._pixels + 1, (2, len(flat), 1), generator=self._generator)
        down, right = moves.to(images.device)
        rows = down + torch.arange(height, device=images.device)
        columns = right + torch.arange(width, device=images.device)
        each = torch.arange(len(flat), device=images.device)
        return padded[each[:, None, None], rows[:, :, None], columns[:, None, :]].reshape(images.shape)
