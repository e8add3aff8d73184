"""Gradients through whole models, against finite differences in float64."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

import nesy
from nesy import Model
from tests.unit.nn.programs import ADDITION, CARRY, Given, addition, model, one, scores

TARGETS = torch.tensor([3, 17, -1])


def check(wanted: Model, targets: Tensor, **inputs: Tensor) -> None:
    """The loss, and the log-probability of each example, with respect to every input."""
    names = list(inputs)
    tensors = tuple(t.detach().requires_grad_() for t in inputs.values())

    def loss(*given: Tensor) -> Tensor:
        return wanted.loss(targets, **dict(zip(names, given, strict=True)))

    def log_prob(*given: Tensor) -> Tensor:
        return wanted.log_prob(targets, **dict(zip(names, given, strict=True)))

    assert torch.autograd.gradcheck(loss, tensors)
    assert torch.autograd.gradcheck(log_prob, tensors)


@pytest.mark.parametrize("scale", ["logits", "log_probs", "probabilities"])
def test_of_addition_at_every_scale(scale: str) -> None:
    layer: nn.Module = {
        "logits": nn.Identity(),
        "log_probs": nn.LogSoftmax(dim=1),
        "probabilities": nn.Softmax(dim=1),
    }[scale]
    network = {"logits": nesy.logits, "log_probs": nesy.log_probs, "probabilities": lambda m: m}[scale](layer)
    check(addition(network), TARGETS, a=scores(3, 10, seed=1), b=scores(3, 10, seed=2))


@pytest.mark.parametrize("scale", ["logits", "log_probs", "probabilities"])
def test_of_nn_2_at_every_scale(scale: str) -> None:
    layer: nn.Module = {"logits": nn.Identity(), "log_probs": nn.LogSigmoid(), "probabilities": nn.Sigmoid()}[
        scale
    ]
    network = {"logits": nesy.logits, "log_probs": nesy.log_probs, "probabilities": lambda m: m}[scale](layer)
    rules = "nn(n, [X]) :: h(X).\none(X, Y) :- h(X), \\+ h(Y).\none(X, Y) :- h(Y), \\+ h(X).\n"
    check(
        model(rules, {"n": network}, "one(a, b)"),
        torch.tensor([1, 0, 1]),
        a=scores(3),
        b=scores(3, seed=1),
    )


def test_of_several_outputs_partly_observed() -> None:
    chain = model(CARRY, {"digit_net": nesy.logits(Given())}, "sum(1, I, S)", "S")
    a, b = scores(3, 1, 10, seed=1), scores(3, 1, 10, seed=2)
    check(chain, torch.tensor([[3, 1], [0, 0], [9, 0]]), a=a, b=b)
    check(chain, torch.tensor([[3, -1], [-1, 0], [-1, -1]]), a=a, b=b)


def test_under_evidence_and_constraints() -> None:
    rules = (
        ADDITION
        + "0.4 :: lazy.\n:- digit(a, 0), lazy.\nsmall :- digit(a, 3).\nsmall :- lazy.\nevidence(small).\n"
    )
    conditioned = model(rules, {"digit_net": nesy.logits(Given())}, "addition(a, b, S)", "S")
    check(conditioned, TARGETS, a=scores(3, 10, seed=1), b=scores(3, 10, seed=2))


def test_of_all_log_probabilities() -> None:
    asked = addition(nesy.logits(Given()))

    def marginals(a: Tensor, b: Tensor) -> Tensor:
        return one(asked(a=a, b=b))

    inputs = tuple(scores(2, 10, seed=s).requires_grad_() for s in (1, 2))
    assert torch.autograd.gradcheck(marginals, inputs)


def test_with_respect_to_the_parameters_of_a_network() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 10))
    asked = addition(nesy.logits(network)).double()
    a, b = scores(3, 3, seed=1), scores(3, 3, seed=2)
    names = [name for name, _ in asked.named_parameters()]
    assert names[0] == "networks.digit_net.0.weight"

    class Loss(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.asked = asked

        def forward(self) -> Tensor:
            return asked.loss(TARGETS, a=a, b=b)

    def loss(*parameters: Tensor) -> Tensor:
        values = {f"asked.{n}": p for n, p in zip(names, parameters, strict=True)}
        found: Tensor = torch.func.functional_call(Loss(), values, ())
        return found

    assert torch.autograd.gradcheck(
        loss, tuple(p.detach().clone().requires_grad_() for p in asked.parameters())
    )


def test_through_networks_that_feed_networks() -> None:
    rules = (
        "nn(encoder, [X], E) :: code(X, E).\nnn(step, [E, F], G) :: joined(E, F, G).\n"
        "nn(reader, [E]) :: positive(E).\n"
        "ok :- code(a, E), code(b, F), joined(E, F, G), joined(G, F, H), positive(H), \\+ positive(E).\n"
    )

    class Step(nn.Module):
        def forward(self, x: Tensor, y: Tensor) -> Tensor:
            return torch.tanh(x - 2 * y)

    networks = {"encoder": nn.Tanh(), "step": Step(), "reader": nesy.logits(Given())}
    asked = model(rules, networks, "ok")
    check(asked, torch.tensor([1, 0]), a=scores(2, seed=1), b=scores(2, seed=2))
    a, b = scores(2, seed=1), scores(2, seed=2)
    e, f = torch.tanh(a), torch.tanh(b)
    h = torch.tanh(torch.tanh(e - 2 * f) - 2 * f)
    torch.testing.assert_close(one(asked(a=a, b=b))[:, 1].exp(), torch.sigmoid(h) * torch.sigmoid(-e))
