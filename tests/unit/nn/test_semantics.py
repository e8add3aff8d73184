"""Degrees of truth by one word: values by hand, and learning with each."""

from __future__ import annotations

import copy
import math

import pytest
import torch
from torch import Tensor, nn

import nesy
from nesy import Model, Objective
from tests.unit.nn.programs import ADDITION, DIGIT, Given, many, mistake, one, scores

A, B = scores(3, 10, seed=1), scores(3, 10, seed=2)
PAIRS = [(x, y) for x in range(10) for y in range(10)]


def fuzzy(semantics: str, rules: str = ADDITION, query: str = "addition(a, b, S)") -> Model:
    output = "S" if "S" in query else None
    networks = {"digit_net": nesy.logits(Given())}
    return Model(nesy.parse(rules), networks, query, output, semantics=semantics)


def degree(semantics: str, p: list[float], q: list[float], total: int) -> float:
    """Of "the digits sum to this", from the definitions of the logics."""
    if semantics == "possibility":
        p, q = [x / max(p) for x in p], [y / max(q) for y in q]
    values = [(p[x], q[y]) for x, y in PAIRS if x + y == total]
    if semantics in ("godel", "possibility"):
        return max(min(v) for v in values)
    if semantics == "product":
        return 1 - math.prod(1 - x * y for x, y in values)
    return min(1.0, sum(max(0.0, x + y - 1) for x, y in values))


@pytest.mark.parametrize("semantics", ["godel", "product", "lukasiewicz", "possibility"])
def test_degrees_of_sums(semantics: str) -> None:
    p, q = (A * 3).softmax(1).tolist(), (B * 3).softmax(1).tolist()
    expected = torch.tensor([[degree(semantics, p[i], q[i], s) for s in range(19)] for i in range(3)])
    asked = fuzzy(semantics)
    found = one(asked(a=A * 3, b=B * 3))
    torch.testing.assert_close(found.exp(), expected.double(), rtol=1e-6, atol=1e-6)
    assert asked.predict(a=A * 3, b=B * 3).tolist() == expected.argmax(1, keepdim=True).tolist()
    best = expected.argmax(1)
    logs = asked.log_prob(best, a=A * 3, b=B * 3)
    torch.testing.assert_close(logs.exp(), expected.amax(1).double(), rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(asked.loss(best, a=A * 3, b=B * 3), -logs.mean())


@pytest.mark.parametrize(
    ("semantics", "joined"),
    [
        ("godel", min),
        ("product", lambda u, v: u * v),
        ("lukasiewicz", lambda u, v: max(0.0, u + v - 1)),
        ("possibility", min),
    ],
)
def test_several_targets_are_joined_in_the_logic(semantics: str, joined) -> None:  # type: ignore[no-untyped-def]
    rules = DIGIT + "same(0, D) :- digit(a, D).\nsame(1, D) :- digit(b, D).\n"
    asked = Model(
        nesy.parse(rules), {"digit_net": nesy.logits(Given())}, "same(I, D)", "D", semantics=semantics
    )
    first, second = (x.exp() for x in many(asked(a=A * 3, b=B * 3)))
    targets = torch.stack([first.argmax(1), second.argmax(1)], dim=1)
    targets[2, 1] = -1
    found = asked.log_prob(targets, a=A * 3, b=B * 3).exp().tolist()
    u, v = first.amax(1).tolist(), second.amax(1).tolist()
    assert found == pytest.approx([joined(u[0], v[0]), joined(u[1], v[1]), u[2]])


@pytest.mark.parametrize("semantics", ["godel", "product", "lukasiewicz", "possibility"])
def test_gradients(semantics: str) -> None:
    targets = (A.argmax(1) + B.argmax(1)).clone()
    asked = fuzzy(semantics)

    def loss(a: Tensor, b: Tensor) -> Tensor:
        return asked.loss(targets, a=a, b=b)

    inputs = ((A * 4).requires_grad_(), (B * 4 + 0.1).requires_grad_())
    assert torch.autograd.gradcheck(loss, inputs)


def test_a_degree_of_zero_has_gradient_zero() -> None:
    a = A.clone().requires_grad_()
    loss = fuzzy("lukasiewicz").loss(torch.tensor([18, 18, 18]), a=a, b=B * 0)
    assert loss.item() == math.inf
    loss.backward()
    assert a.grad is not None
    assert not a.grad.any()


def test_the_shape_of_rules_matters_to_a_logic_and_not_to_probability() -> None:
    rules = DIGIT + "twice :- digit(a, 1).\ntwice :- again.\nagain :- digit(a, 1).\n"
    p = A.softmax(1)[:, 1]
    expected = {"probability": p, "product": 1 - (1 - p) ** 2, "godel": p}
    for semantics, wanted in expected.items():
        found = one(fuzzy(semantics, rules, "twice")(a=A))[:, 1].exp()
        torch.testing.assert_close(found, wanted)


def test_symbols_of_different_sizes_are_related_to_their_own_best() -> None:
    rules = DIGIT + "0.2 :: odd.\nboth :- digit(a, 3), odd.\n"
    found = one(fuzzy("possibility", rules, "both")(a=A))[:, 1].exp()
    p = A.softmax(1)
    expected = torch.minimum(p[:, 3] / p.amax(1), torch.tensor(0.25).double())
    torch.testing.assert_close(found, expected, rtol=1e-6, atol=1e-7)


def test_copies_and_dtypes() -> None:
    asked = fuzzy("product")
    x = A.float()
    assert one(asked(a=x, b=x)).dtype == torch.float32
    assert torch.equal(one(copy.deepcopy(asked)(a=x, b=x)), one(asked(a=x, b=x)))
    per_output = Objective(asked, "per-output")(torch.tensor([4, 5, 6]), a=x, b=x)
    torch.testing.assert_close(per_output, asked.loss(torch.tensor([4, 5, 6]), a=x, b=x))


def test_degrees_of_truth_leave_nothing_to_choose() -> None:
    """The engine that chooses takes what there is."""
    chosen = Model(
        nesy.parse(ADDITION), {"digit_net": Given()}, "addition(a, b, S)", "S", "auto", semantics="godel"
    )
    assert [choice.marginals for choice in chosen.plan().choices] == ["godel"]


def test_what_a_logic_cannot_do() -> None:
    with mistake("unknown-semantics", "'goedel'", hint="godel, product, lukasiewicz, possibility"):
        fuzzy("goedel")
    with mistake("unsupported-task", "(godel) cannot be computed by engine 'sat'", hint="probability"):
        Model(
            nesy.parse(ADDITION), {"digit_net": Given()}, "addition(a, b, S)", "S", "sat", semantics="godel"
        )
    with mistake("fuzzy-evidence", "'godel'", hint="conjunction", line=4):
        fuzzy("godel", ADDITION + "small :- digit(a, 1).\nevidence(small).\n")


@pytest.mark.parametrize("semantics", ["probability", "product", "godel", "possibility"])
def test_bits_are_learnt_from_their_conjunctions_and_parities(semantics: str) -> None:
    """The same task for every word: labels say whether both bits are one, and whether they differ."""
    rules = (
        "nn(net, [X], V, [0, 1]) :: bit(X, V).\n"
        "seen(both, T) :- bit(a, V), bit(b, W), T is V * W.\n"
        "seen(differ, T) :- bit(a, V), bit(b, W), T is (V + W) mod 2.\n"
    )
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2))
    asked = Model(nesy.parse(rules), {"net": nesy.logits(network)}, "seen(I, T)", "T", semantics=semantics)
    generator = torch.Generator().manual_seed(0)
    optimiser = torch.optim.Adam(asked.parameters(), lr=0.03)

    def points(bits: Tensor) -> Tensor:
        return torch.stack([2.0 * bits - 1, bits * 0.0], 1) + 0.2 * torch.randn(
            len(bits), 2, generator=generator
        )

    for _ in range(60):
        a, b = torch.randint(2, (2, 32), generator=generator)
        targets = torch.stack([a * b, (a + b) % 2], dim=1)
        optimiser.zero_grad()
        asked.loss(targets, a=points(a), b=points(b)).backward()
        optimiser.step()
    bits = torch.randint(2, (200,), generator=generator)
    assert (network(points(bits)).argmax(1) == bits).float().mean() > 0.95
