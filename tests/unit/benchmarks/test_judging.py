"""Models are judged by tasks, concepts and claims, each against a count by hand."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import torch
from torch import Tensor, nn

import nesy
from benchmarks.learning.judging import judge, peak_memory

RULES = """
nn(net, [X], D, [0, 1])::digit(X, D).
both(X, Y, S) :- digit(X, A), digit(Y, B), S is A * B.
"""


@dataclass
class Bits:
    """Logits that stand for images."""

    logits: Tensor
    targets: Tensor
    truth: Tensor

    def __len__(self) -> int:
        return len(self.targets)

    def inputs(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        return {"a": self.logits[chosen, 0], "b": self.logits[chosen, 1]}

    def concepts(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        return {"digit(a,_)": self.truth[chosen, 0], "digit(b,_)": self.truth[chosen, 1]}


def test_figures_are_those_counted_by_hand() -> None:
    network = nesy.logits(nn.Identity())
    model = nesy.Model(nesy.parse(RULES), {"net": network}, query="both(a, b, S)", output="S")
    # Sure of 1 with 0.9 each; of the third nothing is known but one concept.
    sure = torch.tensor([0.1, 0.9]).log().expand(3, 2, 2)
    examples = Bits(sure, torch.tensor([[1], [0], [-1]]), torch.tensor([[1, 1], [1, 0], [-1, 1]]))
    model.train()
    for batch in (1, 3):
        found = judge(model, examples, batch=batch)
        assert found.examples == 3
        assert found.task_accuracy == pytest.approx(2 / 3)
        assert found.concept_accuracy == pytest.approx(4 / 5)
        assert found.task_calibration_error == pytest.approx(0.81 - 0.5)
        assert found.concept_calibration_error == pytest.approx(0.9 - 0.8)
        assert found.negative_log_likelihood == pytest.approx(
            -(torch.tensor([0.81, 0.19]).log().sum().item()) / 3
        )
    assert model.training


def test_memory_is_in_bytes() -> None:
    assert 10_000_000 < peak_memory() < 1 << 40
