"""What fills the holes of the sketch: small networks over two known digits and a carry."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot


@final
class ColumnNetwork(nn.Module):
    """Scores of what a column makes of two digits and a carry.

    Digits come as one-hot (n, 10), the carry as (n,) int64, 0 or 1; the result is logits (n, values).
    """

    def __init__(self, values: int, width: int = 64) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(22, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, values)
        )

    def forward(self, first: Tensor, second: Tensor, carry: Tensor) -> Tensor:
        """Logits, (n, values)."""
        scores: Tensor = self.layers(torch.cat([first, second, one_hot(carry, 2).to(first.dtype)], dim=1))
        return scores
