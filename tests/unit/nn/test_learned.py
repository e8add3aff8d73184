"""Learnable clauses of models: parameters, who shares them, what stays fixed."""

from __future__ import annotations

import pytest
import torch

from tests.unit.nn.programs import DIGIT, Given, model, one, scores


def test_instances_of_a_clause_share_a_distribution_and_clauses_do_not() -> None:
    rules = "t(0.3)::lucky(X) :- who(X).\nt(0.3)::rich.\nwho(ann). who(bob).\n"
    asked = model(rules + "all_is_well :- lucky(ann), lucky(bob), rich.\n", {}, "all_is_well")
    assert [tuple(p.shape) for p in asked.parameters()] == [(2,), (2,)]
    assert one(asked())[0, 1].exp().item() == pytest.approx(0.027)
    loss = asked.loss(torch.tensor([1]))
    loss.backward()
    lucky, rich = (p.grad for p in asked.parameters())
    assert lucky is not None
    assert rich is not None
    torch.testing.assert_close(lucky, 2 * rich)  # two of the factors are lucky's


def test_first_values_that_differ_are_apart() -> None:
    rules = (
        "t(P)::lucky(X) :- rate(X, P).\nrate(ann, 0.2). rate(bob, 0.4).\nboth :- lucky(ann), lucky(bob).\n"
    )
    asked = model(rules, {}, "both")
    assert len(list(asked.parameters())) == 2
    assert one(asked())[0, 1].exp().item() == pytest.approx(0.08)
    shown = asked.learned.probabilities()
    assert {name: round(values["true"], 6) for name, values in shown.items()} == {
        "lucky(ann)": 0.2,
        "lucky(bob)": 0.4,
    }


def test_alternatives_and_what_they_leave() -> None:
    rules = "t(0.2)::c(red); t(0.3)::c(blue).\n"
    asked = model(rules, {}, "c(X)", "X")
    torch.testing.assert_close(one(asked()).exp(), torch.tensor([[0.3, 0.2]]))
    (parameter,) = asked.parameters()
    assert parameter.shape == (3,), "none of them is a value, too"
    with torch.no_grad():
        parameter += torch.tensor([1.0, -2.0, 0.5])
    red, blue, _ = parameter.softmax(0).tolist()
    torch.testing.assert_close(one(asked()).exp(), torch.tensor([[blue, red]]))


def test_they_stand_beside_networks_and_fixed_probabilities() -> None:
    rules = DIGIT + "t(0.25)::seen.\n0.5::kept.\nfound(D) :- digit(a, D), seen, kept.\n"
    asked = model(rules, {"digit_net": Given()}, "found(D)", "D")
    a = scores(3, 10).softmax(1)
    torch.testing.assert_close(one(asked(a=a)).exp(), a / 8, rtol=1e-6, atol=1e-7)
    assert [name for name, _ in asked.named_parameters()] == ["learned.weights.0"]
    other = model(rules, {"digit_net": Given()}, "found(D)", "D")
    with torch.no_grad():
        next(asked.parameters()).add_(torch.tensor([1.0, -1.0]))
    other.load_state_dict(asked.state_dict())
    torch.testing.assert_close(one(other(a=a)), one(asked(a=a)))
    assert not torch.allclose(one(other(a=a)).exp(), a / 8)


def test_a_model_without_learnable_clauses_has_nothing_to_learn() -> None:
    asked = model("0.3::a.\n", {}, "a")
    assert list(asked.parameters()) == []
    assert dict(asked.learned.probabilities()) == {}
