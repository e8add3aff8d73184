"""What reads tiles."""

from __future__ import annotations

from typing import final

from torch import Tensor, nn

from benchmarks.path_planning.terrain import KINDS


@final
class TileNetwork(nn.Module):
    """Scores of the kinds of terrain (n, K) for pictures of tiles (n, 3, 8, 8)."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, 16, 3, padding=1),
            nn.BatchNorm2d(16, momentum=0.3),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1),
            nn.BatchNorm2d(32, momentum=0.3),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(32 * 4, 64),
            nn.ReLU(),
            nn.Linear(64, len(KINDS)),
        )

    def forward(self, tiles: Tensor) -> Tensor:
        """(n, K)."""
        scores: Tensor = self.layers(tiles)
        return scores
