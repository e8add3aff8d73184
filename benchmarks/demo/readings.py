"""What a trained model makes of unseen images, for the demo's pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from torch import Tensor

from benchmarks.datasets.images import Images
from benchmarks.learning.judging import evaluating
from benchmarks.mnist_addition.data import Pairs
from benchmarks.mnist_addition.experiment import Outcome, predict_sums


@final
@dataclass(frozen=True, eq=False)
class Readings:
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
        return (self.sums == self.pairs.targets).all(dim=1)

    @property
    def sum_accuracy(self) -> float:
        """The fraction of sums that are right in all digits."""
        return float(self.sum_right.double().mean())

    @property
    def digit_accuracy(self) -> float:
        """The fraction of images whose digit is read right."""
        return float((self.digits == self.images.digits).double().mean())


def readings_of(outcome: Outcome) -> Readings:
    """What the model of a run on the CPU reads in its unseen images, and the sums it predicts."""
    task, model, network = outcome.task, outcome.built.model, outcome.built.network
    images = task.split.unseen
    with evaluating(model):
        digits = network(images.pixels).argmax(dim=1)
        return Readings(task.unseen, images, predict_sums(model, task.unseen), digits)
