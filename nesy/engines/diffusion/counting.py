"""Shares of values among drawn worlds."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from nesy.engines.outputs import value_slices
from nesy.kernels.worlds.outputs import WorldOutputs
from nesy.logic.program import Output


def counted(outputs: Sequence[Output], found: WorldOutputs, weights: Tensor | None = None) -> Tensor:
    """(B, values of all outputs) float64: in how many worlds that meet the condition each value holds.

    weights: (B, S), what a world counts; 1 if not given. Differentiable in them. Cost: O(B * S * m).
    """
    slices = value_slices(outputs)
    total = torch.zeros(
        (len(found.values), slices[-1].stop if slices else 0), dtype=torch.float64, device=found.values.device
    )
    for index, part in enumerate(slices):
        values = found.values[:, :, index]
        counts = (found.consistent & (values >= 0)).double()
        if weights is not None:
            counts = counts * weights
        total.scatter_add_(1, values.clamp(min=0) + part.start, counts)
    return total


def agreeing(found: WorldOutputs, targets: Tensor) -> Tensor:
    """(B, S) bool: the worlds that meet the condition and give every observed output its target."""
    observed = (targets >= 0)[:, None, :]
    right: Tensor = ((found.values == targets[:, None, :]) | ~observed).all(dim=2) & found.consistent
    return right


def share_error(share: Tensor, allowed: Tensor) -> Tensor:
    """The standard error of shares among `allowed` worlds, by Laplace's rule: never 0."""
    smoothed = (share * allowed + 1) / (allowed + 2)
    return (smoothed * (1 - smoothed) / (allowed + 2)).sqrt()


def with_slope(values: Tensor, scores: Tensor, known: Tensor) -> Tensor:
    """Values with the gradient of scores where that is known; elsewhere their gradient is 0.

    values, scores, known: of one shape. Cost: O(values).
    """
    slope = scores.where(known, 0.0)
    return values + (slope - slope.detach())
