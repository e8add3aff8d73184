"""How near an engine's gradient comes to that of the exact likelihood."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

import nesy
from benchmarks.mnist_addition.data import Pairs

Weights = Mapping[str, Tensor]


def gradient(model: nesy.Model, pairs: Pairs) -> Tensor:
    """(P,) float64: the gradient of the engine's loss in the networks' weights, on some pairs at once.

    An engine's own weights are left out: others have none to compare them with.
    """
    model.zero_grad()
    loss = model.loss(pairs.targets, **pairs.inputs(slice(None)))
    loss.backward()  # type: ignore[no-untyped-call]
    parts = [torch.zeros_like(p) if p.grad is None else p.grad for p in model.networks.parameters()]
    return torch.cat([part.flatten() for part in parts]).double()


def cosine(one: Tensor, other: Tensor) -> float:
    """Of the angle between two gradients; 0 where one of them is 0."""
    return float(nn.functional.cosine_similarity(one, other, dim=0))


def with_weights(model: nesy.Model, weights: Weights) -> nesy.Model:
    """The model itself, its networks with other weights, in evaluation mode: nothing is dropped."""
    model.networks.load_state_dict(weights)
    return model.eval()
