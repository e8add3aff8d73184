"""Long chains and low precision: float32 against float64, and the circuit under autocast."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

import nesy
from nesy import Model
from tests.unit.nn.programs import ADDITION, DIGIT, Given, addition, model, one, scores

DIGITS = 500
EVERY = 7
GIVEN_SUM = (
    DIGIT
    + f"""
chain(0, 0).
chain(I, C) :-
    I > 0, J is I - 1, chain(J, C0), digit(a(J), X), digit(b(J), Y),
    (X + Y + C0) mod 10 =:= {EVERY}, C is (X + Y + C0) // 10.
"""
)
"""Two numbers whose sum is 77...7, and which carry is left over."""
RELATIVE = 1e-4
"""What float32 is allowed: errors of 1e-7 in each of a thousand beliefs do not add up to more."""


@pytest.fixture(scope="module")
def chain() -> Model:
    return model(GIVEN_SUM, {"digit_net": nesy.logits(Given())}, f"chain({DIGITS}, C)", "C")


def chain_log_prob(a: Tensor, b: Tensor, left: Tensor) -> Tensor:
    """(B,): the carry chain by hand, in float64: a forward pass over the two states of the carry."""
    p, q = a.double().log_softmax(2), b.double().log_softmax(2)
    carry = torch.tensor([0.0, -float("inf")]).double().expand(len(a), 2)
    for place in range(a.shape[1]):
        after: list[list[Tensor]] = [[], []]
        for x in range(10):
            for c in range(2):
                y = (EVERY - x - c) % 10
                out = (x + y + c) // 10
                term = p[:, place, x] + q[:, place, y] + carry[:, c]
                for d in range(2):
                    if out == d:
                        after[d].append(term)
        carry = torch.stack([torch.stack(t).logsumexp(0) for t in after], dim=1)
    return carry.gather(1, left[:, None])[:, 0]


@pytest.mark.parametrize("sharpness", [1.0, 20.0])
def test_a_chain_of_500_digits_in_float32(chain: Model, sharpness: float) -> None:
    a, b = (scores(2, DIGITS, 10, seed=s) * sharpness for s in (1, 2))
    targets = torch.tensor([0, 1])
    expected = chain_log_prob(a.float(), b.float(), targets)
    assert (expected < -1000).all()
    found = chain.log_prob(targets, a=a.float(), b=b.float())
    assert found.dtype == torch.float32
    torch.testing.assert_close(found.double(), expected, rtol=RELATIVE, atol=0)
    exact = chain.log_prob(targets, a=a.float().double(), b=b.float().double())
    torch.testing.assert_close(exact, expected, rtol=1e-10, atol=0)


def test_gradients_of_a_long_chain_in_float32(chain: Model) -> None:
    a, b = (scores(2, DIGITS, 10, seed=s) * 5 for s in (1, 2))
    targets = torch.tensor([0, 1])
    found = []
    for dtype in (torch.float32, torch.float64):
        x = a.to(dtype).requires_grad_()
        chain.loss(targets, a=x, b=b.to(dtype)).backward()
        assert x.grad is not None
        found.append(x.grad.double())
    torch.testing.assert_close(found[0], found[1], rtol=1e-3, atol=1e-5)


LOW = [torch.bfloat16, torch.float16]


@pytest.mark.parametrize("dtype", LOW)
@pytest.mark.parametrize("scale", ["logits", "log_probs", "probabilities"])
def test_under_autocast_beliefs_and_circuits_stay_in_float32(dtype: torch.dtype, scale: str) -> None:
    torch.manual_seed(0)
    last: nn.Module = {
        "logits": nn.Identity(),
        "log_probs": nn.LogSoftmax(dim=1),
        "probabilities": nn.Softmax(dim=1),
    }[scale]
    network = nn.Sequential(nn.Linear(4, 10), last)
    wrap = {"logits": nesy.logits, "log_probs": nesy.log_probs, "probabilities": lambda m: m}[scale]
    asked = addition(wrap(network))
    x, targets = scores(5, 4).float(), torch.tensor([3, 9, 0, 18, -1])
    exact = asked.loss(targets, a=x, b=x)
    with torch.autocast("cpu", dtype=dtype):
        assert network[0](x).dtype == dtype, "the network itself runs in 16 bits"
        loss = asked.loss(targets, a=x, b=x)
        assert asked.beliefs(a=x, b=x).dtype == torch.float32
        assert one(asked(a=x, b=x)).dtype == torch.float32
    assert loss.dtype == torch.float32
    torch.testing.assert_close(loss, exact, rtol=2e-2, atol=2e-2)  # 8 bits of a bfloat16 in each logit
    loss.backward()
    gradient = network[0].weight.grad
    assert gradient is not None
    assert gradient.isfinite().all()
    assert gradient.any()


@pytest.mark.parametrize("dtype", LOW)
def test_autocast_costs_the_circuit_no_precision(chain: Model, dtype: torch.dtype) -> None:
    a, b = (scores(2, DIGITS, 10, seed=s).float() * 20 for s in (1, 2))
    targets = torch.tensor([0, 1])
    exact = chain.log_prob(targets, a=a, b=b)
    with torch.autocast("cpu", dtype=dtype):
        assert torch.equal(chain.log_prob(targets, a=a, b=b), exact)


@pytest.mark.parametrize("dtype", LOW)
def test_networks_in_16_bits_altogether(dtype: torch.dtype) -> None:
    torch.manual_seed(0)
    rules = ADDITION + "t(0.3) :: odd.\nsum(S) :- addition(a, b, S), \\+ odd.\nsum(0) :- odd.\n"
    network = nn.Linear(4, 10).to(dtype)
    asked = model(rules, {"digit_net": nesy.logits(network)}, "sum(S)", "S")
    x = scores(3, 4).to(dtype)
    loss = asked.loss(torch.tensor([3, 4, 0]), a=x, b=x)
    assert loss.dtype == torch.float32
    beliefs = addition(nesy.logits(network)).beliefs(a=x, b=x)
    expected = network(x).float().log_softmax(1)
    assert torch.equal(beliefs, torch.cat([expected, expected], dim=1)), "normalised in float32"
    loss.backward()
    assert network.weight.grad is not None
    assert network.weight.grad.dtype == dtype


@pytest.mark.parametrize("scale", ["logits", "probabilities"])
def test_saturated_networks_give_no_nan(scale: str) -> None:
    """Certain beliefs, right and wrong ones: losses may be infinite, gradients are finite."""
    network = nesy.logits(Given()) if scale == "logits" else Given()
    asked = addition(network)
    sure = torch.eye(10)[[1, 2, 3]]
    x = (sure * 2e4 - 1e4 if scale == "logits" else sure).requires_grad_()
    loss = asked.loss(torch.tensor([2, 17, 6]), a=x, b=x)
    assert not loss.isnan()
    loss.backward()
    assert x.grad is not None
    assert x.grad.isfinite().all()


def test_gradients_scaled_for_half_precision(chain: Model) -> None:
    """Scaling the loss, as gradient scalers do, scales the gradients and nothing else."""
    a, b = (scores(1, DIGITS, 10, seed=s).float() for s in (1, 2))
    targets = torch.tensor([0])
    found = []
    for factor in (1.0, 65536.0):
        x = a.clone().requires_grad_()
        (chain.loss(targets, a=x, b=b) * factor).backward()
        assert x.grad is not None
        found.append(x.grad / factor)
    torch.testing.assert_close(found[0], found[1])
