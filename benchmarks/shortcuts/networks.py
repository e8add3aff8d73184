"""The reader of digits: that of MNIST addition, with as many values as the task has digits."""

from __future__ import annotations

from torch import nn

from benchmarks.learning.networks import DigitNetwork, digit_network


def reader(size: int, values: int) -> DigitNetwork:
    """Scores of `values` digits for square images of a size, 28 or 8."""
    *layers, last = digit_network(size).layers
    assert isinstance(last, nn.Linear)
    return DigitNetwork(nn.Sequential(*layers, nn.Linear(last.in_features, values)))
