"""How well a network tells values apart, whatever it calls them."""

from __future__ import annotations

import torch
from torch import Tensor

import nesy
from benchmarks.learning.examples import LabelledExamples
from benchmarks.learning.judging import evaluating


def confusion(model: nesy.Model, examples: LabelledExamples, values: int, *, batch: int = 500) -> Tensor:
    """(values, values) int64: how often each true value, a row, was read as each value, a column.

    Over all concepts of the examples, which must have the same values.
    """
    counts = torch.zeros(values * values, dtype=torch.int64)
    sizes = [len(symbol.values) for symbol in model.symbols]
    with evaluating(model):
        for start in range(0, len(examples), batch):
            chosen = slice(start, start + batch)
            beliefs = torch.split(model.beliefs(**examples.inputs(chosen)), sizes, dim=1)
            columns = dict(zip((symbol.name for symbol in model.symbols), beliefs, strict=True))
            for name, truth in examples.concepts(chosen).items():
                pairs = truth * values + columns[name].argmax(dim=1)
                counts += torch.bincount(pairs.cpu(), minlength=values * values)
    return counts.reshape(values, values)


def permuted_accuracy(counts: Tensor) -> float:
    """The accuracy under the renaming of values, one to one, that makes it largest."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - slow to import

    rows, columns = linear_sum_assignment(counts.numpy(), maximize=True)
    return float(counts[rows, columns].sum()) / max(int(counts.sum()), 1)
