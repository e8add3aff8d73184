"""A model is a module like any other: saved, copied, moved, and switched with its networks."""

from __future__ import annotations

import copy
import io
import pickle

import pytest
import torch
from torch import Tensor, nn

import nesy
from nesy import Model
from tests.unit.nn.programs import ADDITION, CARRY, Given, addition, many, model, one, scores

ENGINES = ["exact", "sampling", "sat"]
INPUTS = {"a": scores(3, 4, seed=1).float(), "b": scores(3, 4, seed=2).float()}
TARGETS = torch.tensor([[3], [7], [-1]])


def noisy(engine: str = "exact", seed: int = 0) -> Model:
    """With symbols of the rules' own among those of the network."""
    rules = ADDITION + "0.25 :: wrong.\nsum(S) :- addition(a, b, S), \\+ wrong.\nsum(0) :- wrong.\n"
    torch.manual_seed(seed)
    network = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 10))
    return model(rules, {"digit_net": nesy.logits(network)}, "sum(S)", "S", engine).eval()


def test_the_state_holds_the_networks_and_nothing_else() -> None:
    assert list(noisy().state_dict()) == [
        f"networks.digit_net.{layer}.{kind}" for layer in (0, 2) for kind in ("weight", "bias")
    ]
    assert [n for n, _ in noisy().named_parameters()] == list(noisy().state_dict())


def test_networks_are_reached_by_name() -> None:
    network = nn.Linear(4, 10)
    assert addition(network).networks["digit_net"] is network
    assert addition(nesy.logits(network)).networks["digit_net"] is network


def test_a_state_goes_into_another_model() -> None:
    first, second = noisy(seed=1), noisy(seed=2)
    expected = one(first(**INPUTS))
    assert not torch.allclose(one(second(**INPUTS)), expected)
    buffer = io.BytesIO()
    torch.save(first.state_dict(), buffer)
    buffer.seek(0)
    second.load_state_dict(torch.load(buffer, weights_only=True))
    assert torch.equal(one(second(**INPUTS)), expected)


def test_a_state_serves_another_query_and_another_engine() -> None:
    first = addition(nesy.logits(nn.Linear(4, 10)))
    chain = model(CARRY, {"digit_net": nesy.logits(nn.Linear(4, 10))}, "sum(1, I, S)", "S", "sat")
    chain.load_state_dict(first.state_dict())
    assert torch.equal(chain.networks["digit_net"].weight, first.networks["digit_net"].weight)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("way", ["deepcopy", "pickle", "torch.save"])
def test_copies_answer_alike_and_learn_apart(engine: str, way: str) -> None:
    original = noisy(engine)
    if way == "deepcopy":
        twin = copy.deepcopy(original)
    elif way == "pickle":
        twin = pickle.loads(pickle.dumps(original))
    else:
        buffer = io.BytesIO()
        torch.save(original, buffer)
        buffer.seek(0)
        twin = torch.load(buffer, weights_only=False)
    assert twin.outputs == original.outputs
    for call in (
        lambda m: one(m(**INPUTS)),
        lambda m: m.predict(**INPUTS),
        lambda m: m.loss(TARGETS, **INPUTS),
        lambda m: m.log_prob(TARGETS, **INPUTS),
    ):
        assert torch.equal(call(twin), call(original))
    with torch.no_grad():
        for parameter in twin.parameters():
            parameter.zero_()
    assert not torch.allclose(twin.beliefs(**INPUTS), original.beliefs(**INPUTS))


def test_a_copy_of_a_used_model_of_several_outputs() -> None:
    chain = model(CARRY, {"digit_net": nesy.logits(Given())}, "sum(1, I, S)", "S")
    a = scores(2, 1, 10)
    expected = chain.log_prob(torch.tensor([[3, -1], [4, 1]]), a=a, b=a)
    twin = copy.deepcopy(chain)
    assert torch.equal(twin.log_prob(torch.tensor([[3, -1], [4, 1]]), a=a, b=a), expected)


@pytest.mark.parametrize("engine", ENGINES)
def test_to_double_and_back(engine: str) -> None:
    wanted = noisy(engine).to(torch.float64)
    double = {k: v.double() for k, v in INPUTS.items()}
    for dtype, inputs in ((torch.float64, double), (torch.float32, INPUTS), (torch.float64, double)):
        wanted = wanted.to(dtype)
        for found in (
            one(wanted(**inputs)),
            wanted.loss(TARGETS, **inputs),
            wanted.log_prob(TARGETS, **inputs),
        ):
            assert found.dtype == dtype
        assert wanted.predict(**inputs).dtype == torch.int64
    beliefs = wanted.beliefs(**double)
    wrong = {tuple(b.tolist()) for b in beliefs.exp()[:, -2:]} | {
        tuple(b.tolist()) for b in beliefs.exp()[:, :2]
    }
    assert any(abs(p - 0.75) < 1e-15 and abs(q - 0.25) < 1e-15 for p, q in wrong), "the rules' numbers, whole"


def test_networks_of_different_precision() -> None:
    rules = "nn(n, [X]) :: p(X).\nnn(m, [X]) :: q(X).\n0.1 :: r.\nok :- p(a), q(b), r.\n"
    asked = model(rules, {"n": Given(), "m": Given()}, "ok")
    found = one(asked(a=torch.tensor([1.0]), b=torch.tensor([0.3], dtype=torch.float64)))
    assert found.dtype == torch.float64
    assert found[0, 1].exp().item() == pytest.approx(0.3 * 0.1, rel=1e-12)


def test_train_and_eval_reach_the_networks() -> None:
    wanted = noisy()
    assert torch.equal(one(wanted(**INPUTS)), one(wanted(**INPUTS)))
    wanted.train()
    assert not torch.equal(one(wanted(**INPUTS)), one(wanted(**INPUTS))), "dropout is on"
    assert wanted.networks["digit_net"].training
    wanted.predict(**INPUTS)
    assert wanted.training, "predicting does not switch modes"


def test_predictions_are_made_without_a_graph() -> None:
    seen = []

    class Watch(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            seen.append(torch.is_grad_enabled())
            return x

    summed = addition(nesy.logits(Watch()))
    summed.predict(a=scores(1, 10), b=scores(1, 10))
    summed(a=scores(1, 10), b=scores(1, 10))
    assert seen == [False, True]


def test_models_may_share_a_network() -> None:
    network = nn.Linear(4, 10)
    first, second = addition(nesy.logits(network)), addition(nesy.logits(network))
    first.loss(TARGETS, **INPUTS).backward()
    assert second.networks["digit_net"].weight.grad is network.weight.grad


def test_two_names_of_one_module_share_its_parameters() -> None:
    rules = "nn(left, [X]) :: l(X).\nnn(right, [X]) :: r(X).\nok :- l(a), r(b).\n"
    network = nn.Sequential(nn.Linear(4, 1), nn.Sigmoid())
    shared = model(rules, {"left": network, "right": network}, "ok")
    assert len(list(shared.parameters())) == 2
    found = one(shared(**INPUTS))[:, 1].exp()
    expected = network(INPUTS["a"])[:, 0] * network(INPUTS["b"])[:, 0]
    torch.testing.assert_close(found, expected)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_same_calls_work_with_every_engine(engine: str) -> None:
    chain = model(CARRY, {"digit_net": nesy.logits(nn.Linear(4, 10))}, "sum(1, I, S)", "S", engine)
    a = scores(5, 1, 4).float()
    targets = torch.tensor([[3, 1], [3, -1], [-1, 0], [-1, -1], [0, 0]])
    assert [f.shape for f in many(chain(a=a, b=a))] == [(5, 10), (5, 2)]
    assert chain.log_prob(targets, a=a, b=a).shape == (5,)
    guess = chain.predict(a=a, b=a)
    assert guess.shape == (5, 2)
    assert guess.dtype == torch.int64
    loss = chain.loss(targets, a=a, b=a)
    assert loss.shape == ()
    loss.backward()
    for parameter in chain.parameters():
        assert parameter.grad is not None
        assert parameter.grad.isfinite().all()
        assert parameter.grad.any()
