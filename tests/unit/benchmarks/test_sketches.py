"""The sketches `add` and `sort`: their examples, what their rules say, and short runs."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import torch
from rich.console import Console
from torch import Tensor, nn

import nesy
from benchmarks.add import experiment as adding
from benchmarks.add.data import random_sums
from benchmarks.learning.running import RunOptions
from benchmarks.learning.train import Budget, Recipe
from benchmarks.sort import experiment as sorting
from benchmarks.sort.data import Lists, random_lists


def options(epochs: float) -> RunOptions:
    return RunOptions("exact", Budget(epochs=epochs), Recipe(50, 1e-2), seed=0, threads=1)


class Column(nn.Module):
    """Logits of a column that are different for each two digits and carry, and the same at every call."""

    def __init__(self, values: int) -> None:
        super().__init__()
        weight = torch.randn(10, 10, 2, values, generator=torch.Generator().manual_seed(values))
        self.weight = nn.Parameter(weight.double())

    def forward(self, first: Tensor, second: Tensor, carry: Tensor) -> Tensor:
        return self.weight[first.argmax(dim=1), second.argmax(dim=1), carry]


def test_sums_are_right() -> None:
    sums = random_sums(50, 6, np.random.default_rng(0))
    places = 10 ** torch.arange(7)
    first, second = ((digits * places[:6]).sum(dim=1) for digits in (sums.a, sums.b))
    assert torch.equal((sums.targets * places).sum(dim=1), first + second)
    assert bool((sums.targets[:, :6] < 10).all())


def test_the_columns_of_a_sum_are_its_concepts() -> None:
    sums = random_sums(20, 2, np.random.default_rng(0))
    concepts = sums.concepts(slice(None))
    names = {s.name for s in adding.sketch(networks(), 2, "exact").symbols}
    assert set(concepts) == names
    carry = concepts["carried(a(0),b(0),0,_)"]
    second = torch.where(carry == 1, concepts["result(a(1),b(1),1,_)"], concepts["result(a(1),b(1),0,_)"])
    assert torch.equal(torch.stack([concepts["result(a(0),b(0),0,_)"], second], dim=1), sums.targets[:, :2])


def networks() -> dict[str, nesy.nn.network.Network]:
    return {"result_net": nesy.logits(Column(10)), "carry_net": nesy.logits(Column(2))}


def test_the_sketch_of_addition_is_a_chain_of_columns() -> None:
    model = adding.sketch(networks(), 2, "exact").double()
    a, b = torch.tensor([[3, 9]]), torch.tensor([[8, 1]])
    inputs = {name: nn.functional.one_hot(x, 10).double() for name, x in (("a", a), ("b", b))}
    digit, carried = (Column(n).weight.detach().softmax(dim=-1) for n in (10, 2))
    for target in ([1, 1, 1], [0, 5, 0]):
        expected = sum(
            float(carried[3, 8, 0, c] * digit[9, 1, c, target[1]] * carried[9, 1, c, target[2]])
            for c in (0, 1)
        ) * float(digit[3, 8, 0, target[0]])
        found = float(model.log_prob(torch.tensor([target]), **inputs).detach())
        assert found == pytest.approx(math.log(expected), rel=1e-9)


def test_the_circuit_of_addition_grows_linearly() -> None:
    sizes = [
        sum(circuit.edges for circuit in adding.sketch(networks(), n, "exact").inference.circuits)  # type: ignore[attr-defined]
        for n in (4, 8, 16)
    ]
    assert sizes[2] - sizes[1] == pytest.approx(2 * (sizes[1] - sizes[0]), rel=0.1)


def test_a_short_run_of_addition_records_everything() -> None:
    settings = adding.Settings(1, (3,), 400, 40, options(20))
    outcome = adding.run_experiment(settings, Console(quiet=True))
    found = adding.figures(settings, outcome)
    assert set(outcome.judged) == {1, 3}
    assert found["accuracy_of_1_digits"] > 0.5
    assert found["test_examples"] == 80
    assert found["circuit_edges"] > 0
    assert 0 <= found["task_calibration_error"] <= 1
    assert "400 random pairs of 1-digit" in adding.protocol(settings)


def test_targets_of_lists_are_the_items_in_order_and_nothing_where_they_are_equal() -> None:
    lists = Lists(torch.tensor([[5, 2, 9], [4, 1, 4], [7, 7, 7]]))
    assert lists.targets.tolist() == [[1, 0, 2], [1, -1, -1], [-1, -1, -1]]
    swaps = lists.concepts(slice(None))
    assert swaps["swap(x(0),x(1))"].tolist() == [1, 1, -1]
    assert swaps["swap(x(0),x(2))"].tolist() == [0, -1, -1]


class Odds(nn.Module):
    """Logits of a swap that are different for each two digits, and the same at every call."""

    def __init__(self) -> None:
        super().__init__()
        weight = torch.randn(10, 10, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
        self.weight = nn.Parameter(weight)

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        return self.weight[first.argmax(dim=1), second.argmax(dim=1)]


def bubble_sort(items: tuple[int, ...], swapped: dict[tuple[int, int], bool]) -> tuple[int, ...]:
    """The sort, as a loop over an array."""
    order = list(items)
    for end in range(len(order) - 1, 0, -1):
        for place in range(end):
            if swapped[order[place], order[place + 1]]:
                order[place], order[place + 1] = order[place + 1], order[place]
    return tuple(order)


def test_the_sketch_of_sorting_sums_over_all_decisions() -> None:
    digits = (6, 2, 4)
    model = sorting.build_model(Odds(), 3, "exact")
    odds = Odds().weight.detach().sigmoid()
    pairs = list(itertools.permutations(range(3), 2))
    expected = torch.zeros(3, 3, dtype=torch.float64)
    for decisions in itertools.product((False, True), repeat=len(pairs)):
        weight = 1.0
        for (i, j), swap in zip(pairs, decisions, strict=True):
            p = float(odds[digits[i], digits[j]])
            weight *= p if swap else 1 - p
        for place, item in enumerate(bubble_sort((0, 1, 2), dict(zip(pairs, decisions, strict=True)))):
            expected[place, item] += weight
    assert [output.domain for output in model.outputs] == [("x(0)", "x(1)", "x(2)")] * 3
    found = model.double()(x=nn.functional.one_hot(torch.tensor([digits]), 10).double())
    assert torch.allclose(torch.cat(found).exp(), expected, rtol=1e-9)


def test_decisions_sort_lists_as_a_loop_does() -> None:
    rng = np.random.default_rng(0)
    lists = random_lists(4, 12, rng)
    decisions = torch.from_numpy(rng.random((10, 10)) < 0.5)
    swapped = {(a, b): bool(decisions[a, b]) for a in range(10) for b in range(10)}
    expected = [list(bubble_sort(tuple(digits), swapped)) for digits in lists.digits.tolist()]
    assert sorting.sort_by(decisions, lists) == expected


def test_right_decisions_sort_and_wrong_ones_do_not() -> None:
    greater = torch.arange(10)[:, None] > torch.arange(10)
    lists = random_lists(5, 20, np.random.default_rng(0))
    assert sorting.share_right(greater) == sorting.share_sorted(greater, lists) == 1.0
    assert sorting.share_right(greater.T) == sorting.share_sorted(greater.T, lists) == 0.0


def test_a_short_run_of_sorting_records_everything() -> None:
    settings = sorting.Settings(2, (5,), 500, 20, options(10))
    outcome = sorting.run_experiment(settings, Console(quiet=True))
    found = sorting.figures(settings, outcome)
    assert found["test_examples"] == 40
    assert found["decision_accuracy"] > 0.9
    assert 0 <= found["accuracy_of_length_5"] <= 1
    assert found["concept_accuracy"] > 0.9
    assert found["peak_memory"] > 0
    assert "no decision is ever given" in sorting.protocol(settings)
