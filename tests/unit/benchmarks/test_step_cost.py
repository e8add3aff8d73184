"""What a step costs is measured on a copy, part by part."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import pytest
import torch
from torch import Tensor, nn

import nesy
from benchmarks.learning.networks import digit_network
from benchmarks.learning.step_cost import graph_bytes, query_cost, step_cost
from benchmarks.mnist_addition.experiment import RULES

ADDITION = """
nn(net, [X], D, 0..9) :: digit(X, D).
addition(X, Y, S) :- digit(X, A), digit(Y, B), S is A + B.
"""


@dataclass
class Vectors:
    """Random vectors that stand for images."""

    a: Tensor
    b: Tensor
    targets: Tensor

    def __len__(self) -> int:
        return len(self.targets)

    def inputs(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        return {"a": self.a[chosen], "b": self.b[chosen]}


class Counting(nn.Linear):
    """A layer that counts what goes through it."""

    def forward(self, rows: Tensor) -> Tensor:
        self.seen: list[int] = [*getattr(self, "seen", []), len(rows)]
        return super().forward(rows)


def made() -> tuple[nesy.Model, Vectors]:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 10))
    model = nesy.Model(
        nesy.parse(ADDITION), {"net": nesy.logits(network)}, query="addition(a, b, S)", output="S"
    )
    return model, Vectors(torch.randn(40, 8), torch.randn(40, 8), torch.randint(0, 19, (40, 1)))


def test_the_parts_of_a_step_are_measured_and_the_model_is_left_alone() -> None:
    model, examples = made()
    before = copy.deepcopy(model.state_dict())
    found = step_cost(model.eval(), examples, 16)
    assert found.batch == 16
    assert 0 < found.engine_seconds < found.step_seconds
    assert 0 < found.network_seconds < found.step_seconds
    assert found.figures()["engine_share"] == pytest.approx(
        found.engine_seconds / found.step_seconds, abs=1e-4
    )
    assert not model.training
    assert all(weight.grad is None for weight in model.parameters())
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


def test_kept_bytes_are_those_counted_by_hand() -> None:
    layer = nn.Linear(100, 50, bias=False)
    rows = torch.randn(7, 100)
    # The rows for the weights' gradient, and the result for the square's; weights are not counted.
    assert graph_bytes(layer, lambda: layer(rows).square().sum()) == 4 * (7 * 100 + 7 * 50)


def test_a_batch_of_fewer_examples_than_asked_for() -> None:
    model, examples = made()
    found = query_cost(model, examples)
    assert found.batch == 40
    assert found.engine_seconds > 0
    assert found.seconds > 0


@pytest.mark.parametrize("digits", [2, 30])
def test_all_images_of_a_batch_go_through_the_network_in_one_call(digits: int) -> None:
    network = Counting(4, 10)
    model = nesy.Model(
        nesy.load(RULES), {"digit_net": nesy.logits(network)}, query=f"sum({digits}, I, S)", output="S"
    )
    inputs = {"a": torch.randn(3, digits, 4), "b": torch.randn(3, digits, 4)}
    model.loss(torch.full((3, digits + 1), 0), **inputs)
    assert network.seen == [3 * 2 * digits]


def test_what_a_graph_keeps_grows_no_faster_than_the_digits() -> None:
    kept = []
    for digits in (5, 10, 20):
        model = nesy.Model(
            nesy.load(RULES),
            {"digit_net": nesy.logits(digit_network(8))},
            query=f"sum({digits}, I, S)",
            output="S",
        )
        inputs = {"a": torch.randn(2, digits, 1, 8, 8), "b": torch.randn(2, digits, 1, 8, 8)}
        targets = torch.zeros(2, digits + 1, dtype=torch.int64)
        kept.append(graph_bytes(model, lambda m=model, t=targets, i=inputs: m.loss(t, **i)))
    assert kept[2] - kept[1] == pytest.approx(2 * (kept[1] - kept[0]), rel=0.1)
