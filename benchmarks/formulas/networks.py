"""The reader of operators; digits are read by the network of `mnist_addition`."""

from __future__ import annotations

from torch import nn


def operator_network() -> nn.Sequential:
    """Scores of the four operators: (n, 1, 28, 28) float32 to logits (n, 4); LeNet's kind, 9,000 weights."""
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5, padding=2), nn.MaxPool2d(2), nn.ReLU()),
        *(nn.Conv2d(6, 12, 5), nn.MaxPool2d(2), nn.ReLU(), nn.Flatten()),
        *(nn.Linear(300, 24), nn.ReLU(), nn.Linear(24, 4)),
    )
