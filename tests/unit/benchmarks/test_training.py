from __future__ import annotations

from itertools import islice

import pytest
import torch

from benchmarks.learning.train import Budget, Recipe, endless_batches


def test_an_epoch_holds_every_index_once_and_is_reshuffled() -> None:
    batches = endless_batches(12, 4, torch.Generator().manual_seed(0))
    first = torch.cat(list(islice(batches, 3))).tolist()
    second = torch.cat(list(islice(batches, 3))).tolist()
    assert sorted(first) == sorted(second) == list(range(12))
    assert first != second


def test_batches_are_all_of_one_size() -> None:
    batches = endless_batches(10, 4, torch.Generator().manual_seed(0))
    assert {len(batch) for batch in islice(batches, 7)} == {4}


def test_the_budget_spent_first_counts() -> None:
    assert Budget(epochs=4).progress(1, 1000) == 0.25
    assert Budget(seconds=40).progress(1000, 10) == 0.25
    assert Budget(epochs=4, seconds=40).progress(1, 20) == 0.5
    assert Budget(epochs=4, seconds=40).progress(3, 20) == 0.75


def test_a_budget_must_end() -> None:
    with pytest.raises(ValueError, match="epochs or seconds"):
        Budget()


def test_the_learning_rate_makes_one_cycle() -> None:
    recipe = Recipe(batch_size=1, learning_rate=1.0, warm_up=0.3)
    rates = [recipe.rate(i / 100) for i in range(101)]
    assert rates[30] == max(rates) == pytest.approx(1)
    assert rates[:31] == sorted(rates[:31])
    assert rates[30:] == sorted(rates[30:], reverse=True)
    assert 0 < rates[0] < 0.1
    assert rates[100] == pytest.approx(0)
    assert recipe.rate(1.5) == pytest.approx(0)
