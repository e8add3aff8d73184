"""How good a model of formulas is: of values, length by length, and of what it reads."""

from __future__ import annotations

from typing import Any, final

import torch
from torch import Tensor, nn

import nesy
from benchmarks.formulas.data import Formulas
from nesy.nn.training.evaluation import calibration_error

BATCH = 50
"""How many formulas are judged at a time: the values of the longest are thousands each."""


@torch.no_grad()
def judge_formulas(model: nesy.SequenceModel, formulas: Formulas, *, batch: int = BATCH) -> dict[str, Any]:
    """The figures of `benchmarks.learning.judging`, and the accuracy at each length; the mode is restored.

    A value that no formula of the length can have does not occur. Cost: one pass up and down for each batch.
    """
    training = model.training
    model.eval()
    values, by_length = _Claims(), {}
    likelihoods: list[Tensor] = []
    for length in sorted(set(formulas.lengths.tolist())):
        claims = _Claims()
        domain = model.outputs(length)[0].domain
        for chosen in torch.split(formulas.of_length(length), batch):
            wanted = formulas.values_of(formulas.targets[chosen])
            logs = torch.stack([found[0] for found in model(**formulas.inputs(chosen))])
            truth = torch.tensor([domain.index(value) for value in wanted])
            claims.add(logs, truth)
            likelihoods.append(-logs.gather(1, truth[:, None])[:, 0].double())
        values.join(claims)
        by_length[f"accuracy_of_length_{length}"] = claims.accuracy
    concepts = _read(model, formulas)
    model.train(training)
    return {
        "task_accuracy": values.accuracy,
        "concept_accuracy": concepts["both"].accuracy,
        "task_calibration_error": values.calibration_error,
        "concept_calibration_error": concepts["both"].calibration_error,
        "negative_log_likelihood": float(torch.cat(likelihoods).mean()),
        "digit_accuracy": concepts["digits"].accuracy,
        "operator_accuracy": concepts["operators"].accuracy,
        **by_length,
    }


@final
class _Claims:
    """Predictions: how probable they were said to be, and whether they were right."""

    def __init__(self) -> None:
        self._sure: list[Tensor] = []
        self._right: list[Tensor] = []

    def add(self, logs: Tensor, truth: Tensor) -> None:
        """Predictions with log-probabilities (n, values)."""
        best, guess = logs.max(dim=1)
        self._sure.append(best.exp())
        self._right.append(guess == truth)

    def join(self, other: _Claims) -> None:
        self._sure += other._sure
        self._right += other._right

    @property
    def accuracy(self) -> float:
        return float(torch.cat(self._right).double().mean()) if self._right else 0.0

    @property
    def calibration_error(self) -> float:
        return (
            calibration_error(torch.cat(self._sure), torch.cat(self._right)) if self._right else None
        ) or 0.0


def _read(model: nesy.SequenceModel, formulas: Formulas) -> dict[str, _Claims]:
    """What the networks read in the images of the formulas, each as often as it stands in one."""
    found = {"digits": _Claims(), "operators": _Claims(), "both": _Claims()}
    for name, network, images, places in (
        ("digits", "digit_net", formulas.digits, formulas.digit_at),
        ("operators", "operator_net", formulas.operators, formulas.operator_at),
    ):
        for chosen in torch.split(places[places >= 0], 1_000):
            logs = _module(model, network)(images.pixels[chosen]).log_softmax(dim=1)
            found[name].add(logs, images.digits[chosen])
        found["both"].join(found[name])
    return found


def _module(model: nesy.SequenceModel, name: str) -> nn.Module:
    module = model.networks[name]
    assert isinstance(module, nn.Module)
    return module
