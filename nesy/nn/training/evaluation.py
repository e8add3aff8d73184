"""How good a model is on examples: the figures of a task."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import final

import torch
from torch import Tensor

from nesy.errors import DataError
from nesy.nn.model import Model
from nesy.nn.training.data import Examples, Part, batches
from nesy.nn.training.random_state import set_aside
from nesy.nn.training.task import Task

BINS = 15
"""Into how many intervals of equal width confidences are sorted for the calibration error."""


@final
@dataclass(frozen=True)
class Figures:
    """What a model makes of examples. What no example tells is None, or not there.

    accuracy: the fraction of examples whose observed outputs are all right. per_output: of each output by
    name, where it is observed. negative_log_likelihood: the mean of -log P(observed outputs), in nats.
    calibration_error: the expected one: how far, in the mean, the probability of what is predicted is from
    how often it is right. concept_accuracy: the fraction of labelled concepts that the networks find most
    probable; per_concept: of each symbol by name.
    """

    examples: int
    accuracy: float | None
    per_output: Mapping[str, float]
    negative_log_likelihood: float
    calibration_error: float | None
    concept_accuracy: float | None
    per_concept: Mapping[str, float]

    def as_json(self) -> dict[str, object]:
        """The figures by name, for machines; None for what no example tells, or what is infinite."""
        found = asdict(self)
        if not math.isfinite(self.negative_log_likelihood):
            found["negative_log_likelihood"] = None
        return found


def held_out_figures(task: Task, part: Part, check: Callable[[], None]) -> tuple[float, float]:
    """The objective's mean and the accuracy, in evaluation mode; the run's random numbers are left alone.

    check: called between batches, and may raise. Cost: two passes through the networks.
    """
    total, seen, right, judged = 0.0, 0, 0, 0
    with evaluating(task):
        for batch in _batches(task, part):
            targets = target_indices(batch.targets)
            total += float(task.objective(targets, **batch.inputs)) * len(batch)
            seen += len(batch)
            some = (targets >= 0).any(dim=1)
            right += int((_all_right(task.model.predict(**batch.inputs), targets) & some).sum())
            judged += int(some.sum())
            check()
    return total / max(seen, 1), right / max(judged, 1)


def figures(task: Task, part: Part) -> Figures:
    """All figures of a model on examples with targets.

    Raises `DataError`: missing-targets, soft-targets, unknown-concept, no-examples.
    Cost: one pass through the networks, and the engine's likelihood, marginals and prediction.
    """
    if len(part) == 0:
        raise DataError("no-examples", "there are no examples to judge a model by")
    tally = _Tally(task.model)
    with evaluating(task):
        for batch in _batches(task, part):
            tally.add(batch)
    return tally.figures()


class _Tally:
    """Counts batch by batch; columns are outputs."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._right: list[Tensor] = []
        self._observed: list[Tensor] = []
        self._confidence: list[Tensor] = []
        self._likelihood: list[Tensor] = []
        self._concepts: dict[str, list[Tensor]] = {}

    def add(self, batch: Examples) -> None:
        """Take the answers for a batch."""
        model, targets = self._model, target_indices(batch.targets)
        beliefs = model.beliefs(**batch.inputs)
        guess = model.inference.predict(beliefs)[:, : len(model.outputs)]
        self._right.append((guess == targets).cpu())
        self._observed.append((targets >= 0).cpu())
        self._confidence.append(confidences(model, beliefs, guess).cpu())
        self._likelihood.append(-model.log_prob_of(beliefs, targets).double().cpu())
        for name, found in _concepts_right(model, beliefs, batch.concepts).items():
            self._concepts.setdefault(name, []).append(found.cpu())

    def figures(self) -> Figures:
        """What has been counted."""
        right, observed = torch.cat(self._right), torch.cat(self._observed)
        some = observed.any(dim=1)
        names = [output.name for output in self._model.outputs]
        concepts = {name: torch.cat(found) for name, found in self._concepts.items()}
        return Figures(
            examples=len(right),
            accuracy=_mean((right | ~observed).all(dim=1)[some]),
            per_output={
                name: float(right[observed[:, i], i].double().mean())
                for i, name in enumerate(names)
                if bool(observed[:, i].any())
            },
            negative_log_likelihood=float(torch.cat(self._likelihood).mean()),
            calibration_error=calibration_error(torch.cat(self._confidence)[observed], right[observed]),
            concept_accuracy=_mean(torch.cat(list(concepts.values()))) if concepts else None,
            per_concept={
                name: float(found.double().mean()) for name, found in concepts.items() if len(found)
            },
        )


def confidences(model: Model, beliefs: Tensor, guess: Tensor) -> Tensor:
    """(B, m): the probability of the value predicted for each output."""
    found = model.marginals_of(beliefs)
    chosen = [logs.gather(1, column[:, None]) for logs, column in zip(found, guess.T, strict=True)]
    return torch.cat(chosen, dim=1).exp()


def calibration_error(confidence: Tensor, right: Tensor) -> float | None:
    """The expected calibration error of predictions: over intervals of confidence, the mean distance between
    confidence and accuracy, each weighted by its predictions. None where there are no predictions.

    confidence, right: (n,), in [0, 1] and true or false. Guo, Pleiss, Sun and Weinberger 2017.
    """
    if not len(confidence):
        return None
    sure = confidence.double().clamp(0, 1)
    # Intervals are closed above, as in the paper.
    bins = ((sure * BINS).ceil().long() - 1).clamp(min=0)
    gaps = torch.zeros(BINS, dtype=torch.float64).index_add(0, bins, sure - right.double())
    return float(gaps.abs().sum() / len(sure))


def _concepts_right(model: Model, beliefs: Tensor, concepts: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """For each concept, of its labelled examples whether the most probable value is the label."""
    sizes = [len(symbol.values) for symbol in model.symbols]
    columns = dict(zip((s.name for s in model.symbols), torch.split(beliefs, sizes, dim=1), strict=True))
    for name in concepts:
        if name not in columns:
            raise DataError(
                "unknown-concept",
                f"the examples label the concept {name}, and no symbol of the rules has this name",
                hint=f"the symbols are {', '.join(list(columns)[:8])}",
            )
    return {name: (columns[name].argmax(dim=1) == labels)[labels >= 0] for name, labels in concepts.items()}


def _all_right(guess: Tensor, targets: Tensor) -> Tensor:
    return ((guess == targets) | (targets < 0)).all(dim=1)


def target_indices(targets: Tensor | None) -> Tensor:
    """(B, m) targets that a prediction can be compared with."""
    if targets is None:
        raise DataError(
            "missing-targets",
            "examples without targets cannot say how good a model is",
            hint="give (inputs, targets) in every part but predict",
        )
    if targets.is_floating_point():
        raise DataError(
            "soft-targets",
            "a model is judged by what is right, and these targets are distributions",
            hint="give indices of values in held_out and test",
        )
    return targets[:, None] if targets.ndim == 1 else targets


def _mean(found: Tensor) -> float | None:
    return float(found.double().mean()) if len(found) else None


def _batches(task: Task, part: Part) -> Iterator[Examples]:
    for batch in batches(part, task.config.batch_size):
        yield batch.to(task.device, task.dtype)


@contextmanager
def evaluating(task: Task) -> Iterator[None]:
    """A block in evaluation mode, without gradients, whose random numbers come from the seed."""
    training = task.model.training
    task.model.eval()
    try:
        with torch.no_grad(), set_aside(task.model.inference, task.config.seed):
            yield
    finally:
        task.model.train(training)
