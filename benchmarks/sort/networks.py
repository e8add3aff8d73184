"""What fills the hole of the sketch: a small network over two known digits."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor, nn


@final
class SwapNetwork(nn.Module):
    """How likely two digits, one-hot (n, 10) each, are to be swapped: logits (n,)."""

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(20, width), nn.ReLU(), nn.Linear(width, 1))

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """Logits, (n,)."""
        scores: Tensor = self.layers(torch.cat([first, second], dim=1))
        return scores[:, 0]

    @torch.no_grad()
    def decisions(self) -> Tensor:
        """(10, 10) bool: for each two digits whether swapping them is the more probable."""
        digits = torch.eye(10)
        first, second = digits.repeat_interleave(10, dim=0), digits.repeat(10, 1)
        swapped: Tensor = self(first, second) > 0
        return swapped.reshape(10, 10)
