"""Gradient accumulation: parts of a batch one after the other, weighted by their share of it."""

import torch
from points import accuracy, batches, make_model
from torch import Tensor

import nesy


def accumulate(model: nesy.Model, a: Tensor, b: Tensor, sums: Tensor, parts: int = 4) -> None:
    """Add the gradient of the whole batch's loss, holding the graph of one part at a time."""
    for x, y, s in zip(a.chunk(parts), b.chunk(parts), sums.chunk(parts), strict=True):
        (model.loss(s, a=x, b=y) * len(s) / len(sums)).backward()


def train(steps: int = 80) -> float:
    model = make_model()
    optimiser = torch.optim.Adam(model.parameters(), lr=0.03)
    for a, b, sums in batches(steps):
        optimiser.zero_grad()
        accumulate(model, a, b, sums)
        optimiser.step()
    return accuracy(model)


if __name__ == "__main__":
    print(f"sums right: {train():.3f}")
