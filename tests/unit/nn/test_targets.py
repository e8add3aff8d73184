"""What targets are refused, and that every whole-number dtype will do."""

from __future__ import annotations

import pytest
import torch

import nesy
from nesy import Model
from tests.unit.nn.programs import CARRY, Given, addition, mistake, model, scores


@pytest.fixture(scope="module")
def summed() -> Model:
    return addition(nesy.logits(Given()))


@pytest.fixture(scope="module")
def chain() -> Model:
    return model(CARRY, {"digit_net": nesy.logits(Given())}, "sum(1, I, S)", "S")


PAIR = {"a": scores(2, 10, seed=1), "b": scores(2, 10, seed=2)}
DIGITS = {"a": scores(2, 1, 10, seed=1), "b": scores(2, 1, 10, seed=2)}


@pytest.mark.parametrize("dtype", [torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8])
def test_whole_numbers_of_any_width(summed: Model, dtype: torch.dtype) -> None:
    found = summed.log_prob(torch.tensor([3, 18], dtype=dtype), **PAIR)
    assert torch.equal(found, summed.log_prob(torch.tensor([3, 18]), **PAIR))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bool, torch.complex64])
def test_other_dtypes_are_refused(summed: Model, dtype: torch.dtype) -> None:
    for call in (summed.loss, summed.log_prob):
        with mistake("wrong-dtype", str(dtype), "whole numbers", hint="-1 means not observed"):
            call(torch.ones(2, dtype=dtype), **PAIR)


def test_what_is_no_tensor_is_refused(summed: Model) -> None:
    with mistake("wrong-dtype", "list", hint="indices"):
        summed.loss([3, 4], **PAIR)  # type: ignore[arg-type]


@pytest.mark.parametrize("shape", [(3,), (3, 1), (2, 2), (1, 2), (2, 1, 1), ()])
def test_shapes_that_do_not_fit_one_output(summed: Model, shape: tuple[int, ...]) -> None:
    with mistake("wrong-shape", str(shape), "expected (2, 1)", hint="addition(a,b)"):
        summed.loss(torch.zeros(shape, dtype=torch.int64), **PAIR)


@pytest.mark.parametrize("shape", [(2,), (2, 1), (2, 3), (3, 2)])
def test_shapes_that_do_not_fit_several_outputs(chain: Model, shape: tuple[int, ...]) -> None:
    with mistake("wrong-shape", str(shape), "expected (2, 2)", hint="sum(1,0), sum(1,1)"):
        chain.loss(torch.zeros(shape, dtype=torch.int64), **DIGITS)


@pytest.mark.parametrize(
    ("targets", "shown"),
    [
        ([[3, 2], [0, 0]], "example 0 for sum(1,1) is 2, but its 2 values"),
        ([[9, 1], [10, 0]], "example 1 for sum(1,0) is 10, but its 10 values"),
        ([[-1, -1], [-2, 0]], "example 1 for sum(1,0) is -2"),
    ],
)
def test_targets_out_of_range(chain: Model, targets: list[list[int]], shown: str) -> None:
    for call in (chain.loss, chain.log_prob):
        with mistake("target-out-of-range", shown, hint="-1 means not observed"):
            call(torch.tensor(targets), **DIGITS)


def test_the_error_lists_the_values() -> None:
    rules = "nn(n, [X], V, [cat, dog]) :: animal(X, V).\n"
    asked = model(rules, {"n": nesy.logits(Given())}, "animal(a, V)", "V")
    with mistake("target-out-of-range", "its 2 values", hint="cat, dog"):
        asked.loss(torch.tensor([2]), a=scores(1, 2))


def test_targets_are_indices_into_the_domain_not_values() -> None:
    rules = "nn(n, [X], V, [5, 3]) :: number(X, V).\n"
    asked = model(rules, {"n": nesy.logits(Given())}, "number(a, V)", "V")
    assert asked.outputs[0].domain == (3, 5)
    a = scores(1, 2)
    assert asked.log_prob(torch.tensor([0]), a=a).item() == pytest.approx(a.log_softmax(1)[0, 1].item())
    with mistake("target-out-of-range"):
        asked.loss(torch.tensor([5]), a=a)
