"""The figures of a trained model, against counting one example after the other; and its predictions."""

from __future__ import annotations

import csv
import math
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import nesy
from nesy.nn.training import Examples, figures, prepare, read_config, restored, train, write_predictions
from nesy.nn.training.data import batch_of, checked_parts, shuffled
from nesy.nn.training.evaluation import calibration_error, held_out_figures
from tests.unit.nn.training.points_task import change, write_task


@pytest.fixture
def config(tmp_path: Path) -> Path:
    found = write_task(tmp_path, epochs=1)
    train(found)
    return found


def test_figures_are_what_counting_gives(config: Path) -> None:
    task = restored(config)
    test: Any = task.parts["test"]
    found = figures(task, test)
    model = task.model.eval()
    right, concepts, likelihood = [], [], []
    with torch.no_grad():
        for i in range(len(test)):
            one = {name: tensor[i : i + 1] for name, tensor in test.inputs.items()}
            logs = model(**one)[0].tolist()
            right.append(logs.index(max(logs)) == int(test.targets[i]))
            likelihood.append(-logs[int(test.targets[i])])
            for name in "ab":
                scores = model.networks["net"](one[name])[0].tolist()
                concepts.append(scores.index(max(scores)) == int(test.concepts[f"digit({name},_)"][i]))
    assert found.examples == 70
    assert found.accuracy == pytest.approx(sum(right) / 70)
    assert found.per_output == {"sum(a,b)": pytest.approx(sum(right) / 70)}
    assert found.negative_log_likelihood == pytest.approx(sum(likelihood) / 70, rel=1e-5)
    assert found.concept_accuracy == pytest.approx(sum(concepts) / 140)
    assert found.per_concept["digit(b,_)"] == pytest.approx(sum(concepts[1::2]) / 70)
    assert 0 < sum(right) < 70, "else the test could not tell"


def test_what_is_not_observed_is_not_counted(config: Path) -> None:
    task = restored(config)
    test: Any = task.parts["test"]
    half = test.targets.clone()
    half[::2] = -1
    labels = torch.full((70,), -1)
    labels[3] = test.concepts["digit(a,_)"][3]
    partly = figures(task, Examples(test.inputs, half, {"digit(a,_)": labels}))
    observed = figures(task, test.rows(torch.arange(1, 70, 2)))
    assert partly.accuracy == observed.accuracy
    assert partly.calibration_error == pytest.approx(observed.calibration_error)
    assert partly.negative_log_likelihood == pytest.approx(observed.negative_log_likelihood / 2, rel=1e-5)
    assert partly.concept_accuracy in (0.0, 1.0)
    nothing = figures(task, Examples(test.inputs, torch.full((70,), -1)))
    assert (nothing.accuracy, nothing.calibration_error, nothing.concept_accuracy) == (None, None, None)
    assert nothing.per_output == {}


def test_a_model_of_several_outputs(tmp_path: Path) -> None:
    config = write_task(tmp_path, epochs=1)
    rules = "\nat(left, D) :- digit(a, D).\nat(right, D) :- digit(b, D).\n"
    (tmp_path / "rules.nesy").write_text((tmp_path / "rules.nesy").read_text() + rules)
    change(config, 'query = "sum(a, b, S)"\noutput = "S"', 'query = "at(I, D)"\noutput = "D"')
    task = prepare(read_config(config))
    digits: Any = task.parts["test"]
    labels = digits.concepts
    targets = torch.stack([labels["digit(a,_)"], labels["digit(b,_)"]], dim=1)
    found = figures(task, Examples(digits.inputs, targets, labels))
    assert found.per_output == {
        "at(left)": found.per_concept["digit(a,_)"],
        "at(right)": found.per_concept["digit(b,_)"],
    }
    guess = task.model.eval().predict(**digits.inputs)
    assert found.accuracy == pytest.approx(float((guess == targets).all(dim=1).float().mean()))
    assert found.accuracy < min(found.per_output.values())


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=30))
def test_calibration_error_is_its_definition(predictions: list[tuple[float, bool]]) -> None:
    expected = 0.0
    for m in range(15):
        inside = [(p, r) for p, r in predictions if m / 15 < p <= (m + 1) / 15 or (m == 0 and p == 0)]
        if inside:
            confidence = sum(p for p, _ in inside) / len(inside)
            accuracy = sum(r for _, r in inside) / len(inside)
            expected += len(inside) / len(predictions) * abs(accuracy - confidence)
    sure = torch.tensor([p for p, _ in predictions], dtype=torch.float64)
    found = calibration_error(sure, torch.tensor([r for _, r in predictions]))
    edges = any(math.isclose(p * 15, round(p * 15), abs_tol=1e-9) and p > 0 for p, _ in predictions)
    assert edges or found == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("examples", "code"),
    [
        (lambda t: Examples(t.inputs), "missing-targets"),
        (lambda t: Examples(t.inputs, torch.full((70, 7), 1 / 7)), "soft-targets"),
        (lambda t: Examples(t.inputs, t.targets, {"digit(c,_)": t.targets}), "unknown-concept"),
        (lambda t: t.rows(torch.arange(0)), "no-examples"),
    ],
)
def test_examples_that_cannot_judge_a_model(config: Path, examples: Any, code: str) -> None:
    task = restored(config)
    with pytest.raises(nesy.NesyError) as error:
        figures(task, examples(task.parts["test"]))
    assert error.value.code == code


def test_predictions_are_the_models(config: Path, tmp_path: Path) -> None:
    task = restored(config)
    test: Any = task.parts["test"]
    assert write_predictions(task, test, tmp_path / "out.csv") == 70
    with open(tmp_path / "out.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    with torch.no_grad():
        logs = task.model.eval()(**test.inputs)
    assert [int(row["example"]) for row in rows] == list(range(70))
    for row, found in zip(rows, logs.exp().tolist(), strict=True):
        assert int(row["sum(a,b)"]) == found.index(max(found))
        assert float(row["P(sum(a,b))"]) == pytest.approx(max(found), rel=1e-5)


def test_predictions_are_written_whole_or_not_at_all(config: Path, tmp_path: Path) -> None:
    task = restored(config)
    (tmp_path / "out.csv").write_text("before")
    test: Any = task.parts["test"]
    with pytest.raises(nesy.NesyError):
        write_predictions(task, Examples({"a": test.inputs["a"]}), tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == "before"


def test_batches_of_items_and_of_examples_are_the_same() -> None:
    whole = Examples({"a": torch.randn(5, 2)}, torch.arange(5), {"c": torch.arange(5) % 2})
    index = torch.tensor([3, 0, 4])
    items = [({"a": whole.inputs["a"][i]}, whole.targets[i], {"c": i % 2}) for i in range(5)]  # type: ignore[index]
    for part in (whole, items):
        found = batch_of(part, index)
        assert torch.equal(found.inputs["a"], whole.inputs["a"][index])
        assert found.targets is not None
        assert found.targets.tolist() == [3, 0, 4]
        assert found.concepts["c"].tolist() == [1, 0, 0]
    assert batch_of([{"a": torch.zeros(2)}] * 2, torch.arange(2)).targets is None


@pytest.mark.parametrize(
    "items",
    [
        [1, 2],
        [({"a": torch.zeros(2)}, 1), ({"a": torch.zeros(3)}, 1)],
        [({"a": torch.zeros(2)}, 1), ({"a": torch.zeros(2)}, 1, {})],
        [({"a": torch.zeros(2)}, 1), ({"b": torch.zeros(2)}, 1)],
        [(torch.zeros(2), 1)] * 2,
    ],
)
def test_malformed_items_are_said(items: Any) -> None:
    with pytest.raises(nesy.NesyError) as error:
        batch_of(items, torch.arange(2))
    assert error.value.code == "malformed-example"


def test_an_example_that_fails_is_named() -> None:
    class Fragile(list[int]):
        def __getitem__(self, index: Any) -> Any:
            return {}["missing"]

    with pytest.raises(nesy.NesyError, match="example 1 failed: KeyError: 'missing'") as error:
        batch_of(Fragile([1, 2]), torch.tensor([1]))
    assert error.value.code == "example-failed"
    assert Path(__file__).name in error.value.message
    assert error.value.hint is not None
    assert "Fragile" in error.value.hint


def test_uneven_examples_are_said() -> None:
    with pytest.raises(nesy.NesyError) as error:
        Examples({"a": torch.zeros(3, 2)}, torch.zeros(4).long())
    assert error.value.code == "uneven-examples"


@pytest.mark.parametrize("found", [None, {"train": 3}, {"trian": []}, {"test": [1]}, {"train": []}])
def test_a_function_of_data_returns_parts(found: Any) -> None:
    with pytest.raises(nesy.NesyError) as error:
        checked_parts(found, None)
    assert error.value.code == "wrong-data"


def test_an_order_is_fixed_by_seed_and_epoch() -> None:
    orders = [shuffled(20, seed, epoch).tolist() for seed in range(3) for epoch in range(3)]
    assert len({tuple(order) for order in orders}) == 9
    assert all(sorted(order) == list(range(20)) for order in orders)
    assert shuffled(20, 1, 2).tolist() == orders[5]


def test_what_is_held_out_is_judged_as_in_figures(config: Path) -> None:
    task = restored(config)
    test: Any = task.parts["test"]
    half = test.targets.clone()
    half[::2] = -1
    part = Examples(test.inputs, half)
    loss, accuracy = held_out_figures(task, part, lambda: None)
    found = figures(task, part)
    assert (loss, accuracy) == (pytest.approx(found.negative_log_likelihood, rel=1e-5), found.accuracy)


def test_judging_leaves_the_random_numbers_and_the_mode_alone(config: Path) -> None:
    task = restored(config)
    task.model.train()
    random.random(), np.random.rand(), torch.rand(1)  # else they are where judging begins
    before = [random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()]
    figures(task, task.parts["test"])
    assert task.model.training
    assert [random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()] == before
