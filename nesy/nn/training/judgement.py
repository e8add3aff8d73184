"""What a model claims of examples, one by one: what it takes for what, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import torch
from torch import Tensor

from nesy.errors import DataError
from nesy.nn.model import Model
from nesy.nn.training.data import Examples, Part, batches
from nesy.nn.training.evaluation import confidences, evaluating, target_indices
from nesy.nn.training.task import Task


@final
@dataclass(frozen=True)
class Claims:
    """Predictions: how probable each was said to be, and whether it was right."""

    confidence: tuple[float, ...]
    right: tuple[bool, ...]


@final
@dataclass(frozen=True)
class Confusion:
    """How often each value (a row) was taken for each (a column), over all symbols of one network."""

    network: str
    values: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@final
@dataclass(frozen=True)
class Judgement:
    """outputs: of every observed output. concepts: of every labelled concept; none where none is labelled."""

    examples: int
    outputs: Claims
    concepts: Claims
    confusions: tuple[Confusion, ...]


def judgement(task: Task, part: Part) -> Judgement:
    """What the task's model claims of examples, in evaluation mode.

    Raises `DataError`: no-examples, unknown-concept, missing-targets, soft-targets.
    Cost: one pass through the networks, and the engine's marginals and prediction.
    """
    if len(part) == 0:
        raise DataError("no-examples", "there are no examples to judge a model by")
    found = _Judging(task.model)
    with evaluating(task):
        for batch in batches(part, task.config.batch_size):
            found.add(batch.to(task.device, task.dtype))
    return found.judgement(len(part))


@final
class _Judging:
    def __init__(self, model: Model) -> None:
        self._model = model
        self._outputs: list[tuple[Tensor, Tensor]] = []
        self._concepts: list[tuple[Tensor, Tensor]] = []
        self._counts: dict[tuple[str, tuple[str, ...]], Tensor] = {}
        self._columns: dict[str, tuple[int, int]] = {}
        start = 0
        for symbol in model.symbols:
            self._columns[symbol.name] = start, start + len(symbol.values)
            start += len(symbol.values)

    def add(self, batch: Examples) -> None:
        """Take the answers for a batch."""
        model = self._model
        beliefs = model.beliefs(**batch.inputs)
        targets = target_indices(batch.targets)
        guess = model.inference.predict(beliefs)[:, : len(model.outputs)]
        observed = targets >= 0
        sure = confidences(model, beliefs, guess)
        self._outputs.append((sure[observed].cpu(), (guess == targets)[observed].cpu()))
        self._add_concepts(beliefs, batch.concepts)

    def _add_concepts(self, beliefs: Tensor, concepts: Mapping[str, Tensor]) -> None:
        known = {symbol.name: symbol for symbol in self._model.symbols}
        for name, labels in concepts.items():
            if name not in known:
                raise DataError(
                    "unknown-concept",
                    f"the examples label the concept {name}, and no symbol of the rules has this name",
                    hint=f"the symbols are {', '.join(list(known)[:8])}",
                )
            symbol = known[name]
            sure, guess = beliefs[:, slice(*self._columns[name])].max(dim=1)
            labelled = labels >= 0
            true, read = labels[labelled].long().cpu(), guess[labelled].cpu()
            self._concepts.append((sure[labelled].exp().cpu(), true == read))
            network = name if symbol.call is None else symbol.call.network
            size = len(symbol.values)
            counts = torch.bincount(true * size + read, minlength=size * size).reshape(size, size)
            key = network, symbol.values
            self._counts[key] = self._counts.get(key, torch.zeros_like(counts)) + counts

    def judgement(self, examples: int) -> Judgement:
        """What has been gathered."""
        return Judgement(
            examples,
            _claims(self._outputs),
            _claims(self._concepts),
            tuple(
                Confusion(network, values, tuple(map(tuple, counts.tolist())))
                for (network, values), counts in self._counts.items()
            ),
        )


def _claims(found: list[tuple[Tensor, Tensor]]) -> Claims:
    sure = [float(x) for confidence, _ in found for x in confidence.clamp(0, 1).tolist()]
    return Claims(tuple(sure), tuple(bool(x) for _, right in found for x in right.tolist()))
