"""What reads a cell: a digit network that looks at no blank pictures, and trains on distorted ones."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor, nn

from benchmarks.learning.networks import DigitNetwork, digit_network


@final
class CellNetwork(nn.Module):
    """Scores of the n digits of a board: (N, 1, H, W) to logits (N, n). A blank picture says nothing.

    distorted: while training, each picture is turned, scaled, slanted and moved a little at random.
    """

    def __init__(self, image_size: int, values: int, *, distorted: bool = False) -> None:
        super().__init__()
        self.digits: DigitNetwork = digit_network(image_size)
        self.values = values
        self.distorted = distorted

    def forward(self, pictures: Tensor) -> Tensor:
        """Logits, (N, n); all alike where a picture is blank."""
        written = pictures.amax(dim=(1, 2, 3)) > pictures.amin(dim=(1, 2, 3))
        if bool(written.all()):
            return self._read(pictures)
        scores = pictures.new_zeros(len(pictures), self.values)
        scores[written] = self._read(pictures[written])
        return scores

    def _read(self, pictures: Tensor) -> Tensor:
        if self.distorted and self.training:
            pictures = distort(pictures)
        scores: Tensor = self.digits(pictures)[:, : self.values]
        return scores


TURN, SCALE, SLANT, MOVE = 0.2, 0.1, 0.15, 0.12
"""How far pictures are distorted at most: radians, fractions, and fractions of half a picture's width."""


def distort(pictures: Tensor) -> Tensor:
    """Each of (N, 1, H, W) pictures under a small affine map of its own, from torch's random numbers."""
    turn, scale, slant, right, down = 2 * torch.rand(5, len(pictures), device=pictures.device) - 1
    scale, turn = 1 + SCALE * scale, TURN * turn
    cosine, sine = scale * turn.cos(), scale * turn.sin()
    maps = torch.stack([cosine, SLANT * slant - sine, MOVE * right, sine, cosine, MOVE * down], dim=1)
    shape = list(pictures.shape)
    grid = nn.functional.affine_grid(maps.reshape(-1, 2, 3), shape, align_corners=False)
    background = pictures.amin()
    found: Tensor = nn.functional.grid_sample(pictures - background, grid, align_corners=False)
    return found + background
