"""Networks of two hidden layers, their weights drawn from numbers of the engine's own."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import nn


def layers(inputs: int, hidden: int, outputs: int, generator: torch.Generator) -> nn.Sequential:
    """Linear layers with ReLU between; the global random numbers are left alone. Cost: O(weights)."""
    with torch.random.fork_rng(devices=[]):
        widths = pairwise([inputs, hidden, hidden, outputs])
        made = [nn.Linear(a, b, dtype=torch.float32) for a, b in widths]
    with torch.no_grad():
        for layer in made:
            bound = 1.0 / layer.in_features**0.5
            for parameter in layer.parameters():
                parameter.uniform_(-bound, bound, generator=generator)
    return nn.Sequential(made[0], nn.ReLU(), made[1], nn.ReLU(), made[2])
