"""The digit readers: LeNet-5 for images of 28x28 pixels, and one of its kind for 8x8."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from nesy.errors import ModelError


class DigitNetwork(nn.Module):
    """Scores of the ten digits: (n, 1, H, W) float32 to logits (n, 10)."""

    def __init__(self, layers: nn.Sequential) -> None:
        super().__init__()
        self.layers = layers.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, images: Tensor) -> Tensor:
        """Logits, (n, 10)."""
        # Convolutions of few channels run a fifth faster with the channels innermost.
        scores: Tensor = self.layers(images.contiguous(memory_format=torch.channels_last))
        return scores


def digit_network(size: int) -> DigitNetwork:
    """The network for square images of a size: 28 (61,706 weights) or 8 (38,282 weights)."""
    if size == 28:
        return DigitNetwork(_lenet5())
    if size == 8:
        return DigitNetwork(_small())
    raise ModelError("unknown-image-size", f"no network for images of {size}x{size}", hint="use 28 or 8")


def _lenet5() -> nn.Sequential:
    """LeNet-5 with ReLU and maximum pooling; two pixels of padding, as its 32x32 input had."""
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5, padding=2), nn.MaxPool2d(2), nn.ReLU()),
        *(nn.Conv2d(6, 16, 5), nn.MaxPool2d(2), nn.ReLU(), nn.Flatten()),
        *(nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)),
    )


def _small() -> nn.Sequential:
    """Two convolutions; dropout, because the embedded digits are only a few hundred pairs.

    Dropout of 0, 0.3 and 0.5 differ by less than the noise on held-out images: see the README.
    """
    return nn.Sequential(
        *(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(16, 32, 3, padding=1), nn.MaxPool2d(2), nn.ReLU(), nn.Flatten()),
        *(nn.Dropout(0.3), nn.Linear(512, 64), nn.ReLU(), nn.Dropout(0.3), nn.Linear(64, 10)),
    )
