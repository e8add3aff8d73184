"""The network that reads a digit."""

from torch import Tensor, nn


class DigitNet(nn.Module):
    """Logits of ten digits from an image of 8 by 8 pixels."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 8, 3, padding=1),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(8 * 64, hidden),
            nn.ReLU(),
            nn.Linear(hidden, 10),
        )

    def forward(self, images: Tensor) -> Tensor:
        """(B, 10) from (B, 1, 8, 8)."""
        return self.layers(images)
