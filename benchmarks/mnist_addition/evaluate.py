"""Predictions on pairs, and how many of them are right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import torch
from torch import Tensor, nn

import nesy
from benchmarks.datasets.images import Images
from benchmarks.mnist_addition.data import Pairs

BATCH_IMAGES = 2_000
"""How many images go through the network at once: bounds the memory of an evaluation."""


@torch.no_grad()
def predict_sums(model: nesy.Model, pairs: Pairs) -> Tensor:
    """(P, N + 1) int64: the predicted digits of every sum, units first."""
    size = max(1, BATCH_IMAGES // (2 * pairs.digits))
    starts = range(0, len(pairs), size)
    return torch.cat([model.predict(**pairs.inputs(slice(start, start + size))) for start in starts])


@torch.no_grad()
def predict_digits(network: nn.Module, images: Images, device: torch.device) -> Tensor:
    """(n,) int64: the digit the network reads in every image."""
    batches = torch.split(images.pixels, BATCH_IMAGES)
    return torch.cat([network(batch.to(device)).argmax(dim=1).cpu() for batch in batches])


@final
@dataclass(frozen=True, eq=False)
class Evaluation:
    """Predictions and the truth. A sum counts as right when all its digits are.

    sums: (P, N + 1), predicted, against the pairs' targets. digits: (n,), read, against the images' digits.
    """

    pairs: Pairs
    images: Images
    sums: Tensor
    digits: Tensor

    @property
    def sum_right(self) -> Tensor:
        """(P,) bool: which sums are right."""
        return (self.sums == self.pairs.targets.cpu()).all(dim=1)

    @property
    def sum_accuracy(self) -> float:
        """The fraction of sums that are right in all digits."""
        return float(self.sum_right.double().mean())

    @property
    def digit_accuracy(self) -> float:
        """The fraction of images whose digit is read right."""
        return float((self.digits == self.images.digits).double().mean())


def evaluate(model: nesy.Model, network: nn.Module, pairs: Pairs, images: Images) -> Evaluation:
    """Predictions for unseen pairs and images, made in evaluation mode; the mode is then restored."""
    training = model.training
    model.eval()
    device = pairs.targets.device
    sums, digits = predict_sums(model, pairs).cpu(), predict_digits(network, images, device)
    model.train(training)
    return Evaluation(pairs, images, sums, digits)
