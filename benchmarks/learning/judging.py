"""How good a model is: of its task, of its concepts, and of what it claims to know."""

from __future__ import annotations

import math
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, final

import torch
from torch import Tensor

import nesy
from benchmarks.learning.examples import LabelledExamples
from nesy.nn.training.evaluation import calibration_error, confidences


@final
@dataclass(frozen=True, slots=True)
class Judged:
    """Figures of a model on examples that training never saw; fractions, but for the likelihood.

    task_accuracy: examples whose observed outputs are all right. concept_accuracy: symbols whose most
    probable value is the true one. The calibration errors are expected ones over 15 intervals, of the
    probability of what is predicted. negative_log_likelihood: mean -log P(observed outputs), in nats.
    """

    examples: int
    task_accuracy: float
    concept_accuracy: float
    task_calibration_error: float
    concept_calibration_error: float
    negative_log_likelihood: float

    def figures(self) -> dict[str, Any]:
        """By name, as they are recorded; a likelihood is None where it is infinite: no estimate of it."""
        found = asdict(self)
        if not math.isfinite(self.negative_log_likelihood):
            found["negative_log_likelihood"] = None
        return found


def judge(model: nesy.Model, examples: LabelledExamples, *, batch: int = 500) -> Judged:
    """Judge a model in evaluation mode; the mode is then restored. batch: examples at a time.

    Cost: one pass through the networks, and the engine's likelihood, marginals and prediction.
    """
    tasks, outputs, concepts, likelihoods = [], _Claims(), _Claims(), []
    with evaluating(model):
        for start in range(0, len(examples), batch):
            chosen = slice(start, start + batch)
            beliefs, targets = model.beliefs(**examples.inputs(chosen)), examples.targets[chosen]
            guess = model.inference.predict(beliefs)[:, : len(model.outputs)]
            observed, right = targets >= 0, guess == targets
            tasks.append((right | ~observed).all(dim=1))
            outputs.add(right[observed], confidences(model, beliefs, guess)[observed])
            likelihoods.append(-model.log_prob_of(beliefs, targets).double())
            believed = model.inference.symbol_marginals(beliefs)
            _add_concepts(concepts, model, believed, examples.concepts(chosen))
    return Judged(
        examples=len(examples),
        task_accuracy=float(torch.cat(tasks).double().mean()),
        concept_accuracy=concepts.accuracy,
        task_calibration_error=outputs.calibration_error,
        concept_calibration_error=concepts.calibration_error,
        negative_log_likelihood=float(torch.cat(likelihoods).mean()),
    )


@final
class _Claims:
    """What has been predicted: whether it was right, and how probable it was said to be."""

    def __init__(self) -> None:
        self._right: list[Tensor] = []
        self._sure: list[Tensor] = []

    def add(self, right: Tensor, sure: Tensor) -> None:
        self._right.append(right)
        self._sure.append(sure)

    @property
    def accuracy(self) -> float:
        return float(torch.cat(self._right).double().mean())

    @property
    def calibration_error(self) -> float:
        return calibration_error(torch.cat(self._sure), torch.cat(self._right)) or 0.0


def _add_concepts(claims: _Claims, model: nesy.Model, beliefs: Tensor, truth: dict[str, Tensor]) -> None:
    sizes = [len(symbol.values) for symbol in model.symbols]
    columns = dict(zip((s.name for s in model.symbols), torch.split(beliefs, sizes, dim=1), strict=True))
    for name, values in truth.items():
        best, guess = columns[name].max(dim=1)
        labelled = values >= 0
        claims.add((guess == values)[labelled], best.exp()[labelled])


@contextmanager
def evaluating(model: nesy.Model) -> Iterator[None]:
    """A block in evaluation mode, without gradients."""
    training = model.training
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        model.train(training)


def peak_memory() -> int:
    """The most bytes of memory that this process has held at a time, since it began."""
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held if sys.platform == "darwin" else 1024 * held
