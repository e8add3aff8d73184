"""Several beginnings, of which the objective itself keeps one: where labels allow several readings, each is
a valley of its own, and no step leads from one to the next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import torch
from rich.console import Console

import nesy
from benchmarks.learning.judging import evaluating
from benchmarks.learning.running import RunOptions, fit
from benchmarks.learning.train import Budget, Training
from benchmarks.shortcuts.data import Pairs

SHARE = 0.2
"""The part of the budget that each beginning is given, on top of it."""


def trained(
    begin: Callable[[], nesy.Objective],
    pairs: Pairs,
    options: RunOptions,
    console: Console,
    *,
    beginnings: int,
) -> tuple[nesy.Objective, Training]:
    """Train each of several beginnings for a share of the budget, and the best of them for all of it.

    begin: a new objective, its model's weights new too. The best has the least objective on the training
    pairs: nothing else is looked at. With one beginning there is nothing to choose, and no trial.
    Returns it, and what all of the training took together.
    """
    if beginnings == 1:
        only = begin()
        return only, _fit(only, pairs, options, console)
    trial = replace(options, budget=_part(options.budget))
    quiet = Console(quiet=True)
    best, least, spent = None, float("inf"), []
    for _ in range(beginnings):
        tried = begin()
        spent.append(_fit(tried, pairs, trial, quiet))
        reached = mean_objective(tried, pairs)
        if best is None or reached < least:
            best, least = tried, reached
    assert best is not None
    spent.append(_fit(best, pairs, options, console))
    return best, _together(spent)


def mean_objective(objective: nesy.Objective, pairs: Pairs, *, batch: int = 500) -> float:
    """The objective on all pairs, the mean over batches of a size; what is left over is not counted."""
    size = min(batch, len(pairs))
    assert isinstance(objective.model, nesy.Model)
    with evaluating(objective.model):
        found = [
            objective(pairs.targets[start : start + size], **pairs.inputs(slice(start, start + size)))
            for start in range(0, len(pairs) - size + 1, size)
        ]
    return float(torch.stack(found).mean())


def _fit(objective: nesy.Objective, pairs: Pairs, options: RunOptions, console: Console) -> Training:
    assert isinstance(objective.model, nesy.Model)
    return fit(objective.model, pairs, options, console, objective)


def _part(whole: Budget) -> Budget:
    epochs, seconds = whole.epochs, whole.seconds
    return Budget(None if epochs is None else SHARE * epochs, None if seconds is None else SHARE * seconds)


def _together(parts: list[Training]) -> Training:
    return Training(
        steps=sum(part.steps for part in parts),
        examples=sum(part.examples for part in parts),
        epochs=sum(part.epochs for part in parts),
        seconds=sum(part.seconds for part in parts),
        cpu_seconds=sum(part.cpu_seconds for part in parts),
    )
