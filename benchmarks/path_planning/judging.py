"""How good a model is on maps that it has not seen: whether its ways are optimal, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import torch
from torch import Tensor

import nesy
from benchmarks.learning.judging import evaluating
from benchmarks.path_planning.data import Maps
from benchmarks.path_planning.routes import optimal
from nesy.nn.training.evaluation import calibration_error


@final
@dataclass(frozen=True, slots=True)
class Judged:
    """Figures of a model on maps that training never saw; fractions.

    task_accuracy: maps whose predicted tiles are those of a cheapest way. same_way_accuracy: of the labelled
    one. concept_accuracy: tiles whose most probable terrain is the true one. The calibration errors are
    expected ones over 15 intervals, of the probability of what is predicted, tile by tile.
    """

    examples: int
    task_accuracy: float
    same_way_accuracy: float
    concept_accuracy: float
    task_calibration_error: float
    concept_calibration_error: float


def judge_ways(model: nesy.Model, maps: Maps, batch: int) -> Judged:
    """Judge a model in evaluation mode. batch: maps at a time.

    A tile is predicted to be on the way where that is more probable than not, as `model.predict` does.
    Cost: one pass through the network, and the engine's marginals.
    """
    on_way, read = [], []
    with evaluating(model):
        for start in range(0, len(maps), batch):
            beliefs = model.beliefs(**maps.inputs(slice(start, start + batch)))
            logs = model.marginals_of(beliefs)
            on_way.append(torch.stack([each[:, 1] for each in logs], dim=1).exp())
            read.append(beliefs)
    probable, truth = torch.cat(on_way), maps.targets.bool()
    guess = probable > 0.5
    sure, right = torch.maximum(probable, 1 - probable), guess == truth
    kinds_sure, kinds_right = _terrain(model, maps, torch.cat(read))
    return Judged(
        examples=len(maps),
        task_accuracy=float(optimal(guess.numpy().reshape(maps.ways.shape), maps.costs).mean()),
        same_way_accuracy=float(right.all(dim=1).double().mean()),
        concept_accuracy=float(kinds_right.double().mean()),
        task_calibration_error=calibration_error(sure.flatten(), right.flatten()) or 0.0,
        concept_calibration_error=calibration_error(kinds_sure, kinds_right) or 0.0,
    )


def _terrain(model: nesy.Model, maps: Maps, beliefs: Tensor) -> tuple[Tensor, Tensor]:
    """Of every tile but the first: how probable its likeliest terrain is, and whether it is the true one."""
    sizes = [len(symbol.values) for symbol in model.symbols]
    concepts = maps.concepts(slice(None))
    sure, right = [], []
    for symbol, logs in zip(model.symbols, torch.split(beliefs, sizes, dim=1), strict=True):
        best, guess = logs.max(dim=1)
        sure.append(best.exp())
        right.append(guess == concepts[symbol.name])
    return torch.cat(sure), torch.cat(right)
