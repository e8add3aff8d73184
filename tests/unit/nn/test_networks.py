"""What the numbers of a network mean: scales, saturation, precision, and what is no distribution."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

import nesy
from nesy import Model, Network
from tests.unit.nn.programs import Given, addition, mistake, model, one, scores

HOLDS = "nn(n, [X]) :: holds(X).\nok :- holds(a).\n"
PICK = "nn(n, [X], V, [u, v, w]) :: pick(X, V).\n"
SCALES = {
    "probabilities": (lambda module: module, nn.Softmax(dim=1), nn.Sigmoid()),
    "logits": (nesy.logits, nn.Identity(), nn.Identity()),
    "log_probs": (nesy.log_probs, nn.LogSoftmax(dim=1), nn.LogSigmoid()),
}


def holds(network: nn.Module | Network) -> Model:
    return model(HOLDS, {"n": network}, "ok")


def pick(network: nn.Module | Network) -> Model:
    return model(PICK, {"n": network}, "pick(a, V)", "V")


@pytest.mark.parametrize("make", [holds, pick])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_three_scales_of_one_network_agree(
    make: Callable[[nn.Module | Network], Model], dtype: torch.dtype
) -> None:
    x = scores(6, 1 if make is holds else 3, dtype=dtype) * 4
    found = []
    for wrap, softmax, sigmoid in SCALES.values():
        layer = sigmoid if make is holds else softmax
        inputs = x.clone().requires_grad_()
        log_probs = one(make(wrap(nn.Sequential(Given(), layer)))(a=inputs))
        log_probs[:, 0].sum().backward()
        assert log_probs.dtype == dtype
        found.append((log_probs, inputs.grad))
    for log_probs, gradient in found[1:]:
        # Probabilities near 1 leave few digits of the rest: that is what logits are advised for.
        room = 1e-4 if dtype == torch.float32 else 1e-12
        torch.testing.assert_close(log_probs, found[0][0], rtol=room, atol=room)
        torch.testing.assert_close(gradient, found[0][1], rtol=room, atol=room)


SATURATED = {
    "probabilities": (torch.tensor([[0.0, 1.0, 0.0]]), torch.tensor([[1.0], [0.0]])),
    "logits": (torch.tensor([[-math.inf, 0.0, -math.inf]]), torch.tensor([[math.inf], [-math.inf]])),
    "log_probs": (torch.tensor([[-math.inf, 0.0, -math.inf]]), torch.tensor([[0.0], [-math.inf]])),
}


@pytest.mark.parametrize("scale", SCALES)
def test_certain_networks_give_finite_gradients(scale: str) -> None:
    """Exactly 0 and 1: certainty costs nothing; the impossible costs infinity and teaches nothing."""
    wrap = SCALES[scale][0]
    picked, held = SATURATED[scale]
    for asked, x, certain in (
        (pick(wrap(Given())), picked, torch.tensor([1])),
        (holds(wrap(Given())), held, torch.tensor([1, 0])),
    ):
        for targets, expected in ((certain, 0.0), (1 - certain, math.inf)):
            inputs = x.clone().requires_grad_()
            loss = asked.loss(targets, a=inputs)
            assert loss.item() == expected
            loss.backward()
            assert inputs.grad is not None
            assert inputs.grad.isfinite().all()
            if expected == math.inf:
                assert not inputs.grad.any()
        assert not one(asked(a=x)).isnan().any()


def test_saturated_addition_has_no_nan() -> None:
    asked = addition(Given())
    certain = torch.eye(10)[[3, 3]]
    soft = scores(2, 10, dtype=torch.float32).softmax(1)
    a, b = certain.clone().requires_grad_(), soft.clone().requires_grad_()
    targets = torch.tensor([2, 5])  # the first is impossible: 3 + b is at least 3
    log_prob = asked.log_prob(targets, a=a, b=b)
    assert log_prob[0] == -math.inf
    assert log_prob[1].item() == pytest.approx(soft[1, 2].log().item(), rel=1e-5)
    log_prob.sum().backward()
    for gradient in (a.grad, b.grad):
        assert gradient is not None
        assert gradient.isfinite().all()
        assert not gradient[0].any()
    assert b.grad is not None
    assert b.grad[1, 2].item() == pytest.approx(1 / soft[1, 2].item(), rel=1e-5)


def test_large_logits_lose_nothing() -> None:
    a = torch.tensor([[0.0, 200.0, -200.0]])
    found = one(pick(nesy.logits(Given()))(a=a))
    torch.testing.assert_close(found, torch.tensor([[-200.0, 0.0, -400.0]]))
    x = torch.tensor([200.0, -200.0])
    torch.testing.assert_close(
        one(holds(nesy.logits(Given()))(a=x)), torch.tensor([[-200.0, 0.0], [0.0, -200.0]])
    )


def test_log_probabilities_near_zero_keep_their_precision() -> None:
    x = torch.tensor([-1e-12], dtype=torch.float64)
    found = one(holds(nesy.log_probs(Given()))(a=x))
    assert found[0, 0].item() == pytest.approx(math.log(1e-12), rel=1e-9)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("scale", SCALES)
def test_sixteen_bits_are_taken_to_thirty_two(dtype: torch.dtype, scale: str) -> None:
    """Also the first call's check bears their rounding: a softmax in bfloat16 is off by up to 0.003."""
    wrap, softmax, sigmoid = SCALES[scale]
    for make, layer, values in ((pick, softmax, 3), (holds, sigmoid, 1)):
        x = (scores(500, values, dtype=torch.float32) * 3).to(dtype).requires_grad_()
        asked = make(wrap(nn.Sequential(layer, Given())))
        beliefs = asked.beliefs(a=x)
        assert beliefs.dtype == torch.float32
        loss = asked.loss(torch.zeros(500, dtype=torch.int64), a=x)
        assert loss.dtype == torch.float32
        loss.backward()
        assert x.grad is not None
        assert x.grad.isfinite().all()


def test_under_autocast_the_circuit_stays_in_single_precision() -> None:
    torch.manual_seed(0)
    network = nn.Linear(4, 10)
    asked = addition(nesy.logits(network))
    a, b = scores(2, 4, seed=1).float(), scores(2, 4, seed=2).float()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert network(a).dtype == torch.bfloat16
        assert asked.beliefs(a=a, b=b).dtype == torch.float32
        loss = asked.loss(torch.tensor([3, 4]), a=a, b=b)
        assert one(asked(a=a, b=b)).dtype == torch.float32
    assert loss.dtype == torch.float32
    assert loss.item() == pytest.approx(asked.loss(torch.tensor([3, 4]), a=a, b=b).item(), rel=0.05)
    loss.backward()
    assert network.weight.grad is not None
    assert network.weight.grad.isfinite().all()


BAD_ROWS: list[tuple[str, Tensor, str]] = [
    ("probabilities", torch.tensor([[0.2, 0.3, 0.5], [1.0, 2.0, -2.0]]), "row 1 has minimum -2 and sum 1"),
    ("probabilities", torch.tensor([[0.2, 0.3, 0.4], [0.1, 0.1, 0.8]]), "row 0 has minimum 0.2 and sum 0.9"),
    ("probabilities", torch.tensor([[0.2, 0.3, 0.5], [0.5, math.nan, 0.5]]), "row 1 has minimum nan"),
    (
        "log_probs",
        torch.tensor([[0.0, -1.0, -1.0], [0.0, -math.inf, -math.inf]]),
        "the exponential of row 0 has minimum 0.3679 and sum 1.736",
    ),
]


@pytest.mark.parametrize(("scale", "rows", "shown"), BAD_ROWS)
def test_rows_that_are_no_distributions(scale: str, rows: Tensor, shown: str) -> None:
    asked = pick(SCALES[scale][0](Given()))
    meaning = scale.replace("log_probs", "log-probabilities")
    with mistake("not-a-distribution", "'n'", meaning, shown, hint="nesy.logits"):
        asked(a=rows)


BAD_TRUTHS: list[tuple[str, list[float], str]] = [
    ("probabilities", [0.5, 2.5], "row 1 is 2.5"),
    ("probabilities", [-0.25, 0.5], "row 0 is -0.25"),
    ("probabilities", [math.nan], "row 0 is nan"),
    ("log_probs", [-1.0, 0.5], "row 1 is 0.5"),
]


@pytest.mark.parametrize(("scale", "numbers", "shown"), BAD_TRUTHS)
def test_numbers_that_are_no_probabilities(scale: str, numbers: list[float], shown: str) -> None:
    last = "log-sigmoid" if scale == "log_probs" else "sigmoid"
    with mistake("not-a-distribution", "'n'", shown, hint=f"end it in a {last}"):
        holds(SCALES[scale][0](Given()))(a=torch.tensor(numbers))


def test_the_remedy_does_not_name_what_was_done_already() -> None:
    with pytest.raises(nesy.NesyError) as caught:
        pick(nesy.log_probs(Given()))(a=torch.ones(1, 3))
    assert "log-softmax" in (caught.value.hint or "")
    assert "nesy.log_probs" not in (caught.value.hint or "")


@pytest.mark.parametrize("make", [holds, pick])
def test_only_the_first_call_is_checked(make: Callable[[nn.Module | Network], Model]) -> None:
    asked = make(Given())
    good = torch.tensor([0.25]) if make is holds else torch.tensor([[0.25, 0.25, 0.5]])
    wrong = 8 * good
    with mistake("not-a-distribution"):
        asked(a=wrong)
    with mistake("not-a-distribution"):
        asked(a=wrong)  # a failed check is no check
    asked(a=good[:0])  # and neither is one of nothing
    with mistake("not-a-distribution"):
        asked(a=wrong)
    asked(a=good)
    asked(a=wrong)


def test_log_probabilities_a_little_above_zero_are_certain() -> None:
    """Rounding may do that."""
    x = torch.tensor([1e-7], requires_grad=True)
    found = one(holds(nesy.log_probs(Given()))(a=x))
    assert found[0, 0] == -math.inf
    found[:, 1].sum().backward()
    assert x.grad is not None
    assert x.grad.isfinite().all()
