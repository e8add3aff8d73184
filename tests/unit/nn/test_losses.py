"""Losses beside the likelihood, against sums over all pairs of digits."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

import nesy
from nesy import Model, Objective
from nesy.nn import losses
from tests.unit.nn.programs import ADDITION, CARRY, Given, addition, many, mistake, model, one, scores

DIFFER = ":- digit(a, D), digit(b, D).\n"
A, B = scores(3, 10, seed=1), scores(3, 10, seed=2)


def summed(rules: str = "") -> Model:
    return model(ADDITION + rules, {"digit_net": nesy.logits(Given())}, "addition(a, b, S)", "S")


def pairs(a: Tensor, b: Tensor) -> Tensor:
    """(B, 10, 10): how likely each pair of digits is."""
    return a.softmax(1)[:, :, None] * b.softmax(1)[:, None, :]


def entropy(weights: Tensor) -> Tensor:
    """(B,): of weights (B, 10, 10), taken as a distribution."""
    p = weights.flatten(1) / weights.flatten(1).sum(1, keepdim=True)
    return torch.special.entr(p).sum(1)


TOTALS = torch.arange(10)[:, None] + torch.arange(10)


def test_a_soft_target_is_trained_on_by_cross_entropy() -> None:
    target = scores(3, 19, seed=3).softmax(1)
    expected = -(target * one(summed()(a=A, b=B))).sum(1).mean()
    torch.testing.assert_close(summed().loss(target, a=A, b=B), expected)


def test_a_soft_target_of_one_value_is_a_target() -> None:
    targets = torch.tensor([3, 17, 9])
    soft = nn.functional.one_hot(targets, 19).double()
    torch.testing.assert_close(summed().loss(soft, a=A, b=B), summed().loss(targets, a=A, b=B))


def test_soft_targets_of_several_outputs_some_not_observed() -> None:
    chain = model(CARRY, {"digit_net": nesy.logits(Given())}, "sum(1, I, S)", "S")
    a, b = A[:, None], B[:, None]
    units, carry = (x.exp() for x in many(chain(a=a, b=b)))
    soft = scores(3, 10, seed=4).softmax(1)
    some = torch.tensor([[0.5, 0.5], [0.0, 0.0], [1.0, 0.0]]).double()
    expected = -(soft * units.log()).sum(1) - (some * carry.log()).sum(1)
    torch.testing.assert_close(chain.loss([soft, some], a=a, b=b), expected.mean())


def test_a_soft_target_without_weight_on_the_impossible_is_finite() -> None:
    certain = torch.eye(10).double()[[3, 4, 5]].requires_grad_()
    soft = nn.functional.one_hot(torch.tensor([6, 8, 10]), 19).double()
    loss = addition(Given()).loss(soft, a=certain, b=certain)
    assert loss.item() == pytest.approx(0.0)
    loss.backward()
    assert certain.grad is not None
    assert certain.grad.isfinite().all()


@pytest.mark.parametrize(
    ("row", "shown"), [([0.5] * 3, "sums to 1.5"), ([2.0, -1.0, 0.0], "least number is -1")]
)
def test_soft_targets_that_are_no_distributions(row: list[float], shown: str) -> None:
    target = torch.zeros(3, 19)
    target[1, :3] = torch.tensor(row)
    with mistake("soft-target", "example 1 for addition(a,b)", shown, hint="zeros means not observed"):
        summed().loss(target, a=A, b=B)


def test_soft_targets_of_another_shape() -> None:
    with mistake("wrong-shape", "have shape (3, 18), expected (3, 19)", hint="0, 1, 2"):
        summed().loss(torch.ones(3, 18) / 18, a=A, b=B)
    with mistake("wrong-shape", "2 outputs, expected 1", hint="one for each output"):
        summed().loss([torch.ones(3, 19) / 19] * 2, a=A, b=B)


def test_the_semantic_loss_is_that_of_the_constraints() -> None:
    conditioned = summed(DIFFER)
    expected = -(1 - (A.softmax(1) * B.softmax(1)).sum(1)).log()
    torch.testing.assert_close(
        losses.semantic(conditioned.inference, conditioned.beliefs(a=A, b=B)), expected
    )


def test_rules_in_the_architecture_and_in_the_loss_add_up_to_the_joint_probability() -> None:
    """P(sum | differ) P(differ) = P(sum and differ)."""
    targets = torch.tensor([3, 17, 9])
    objective = Objective(summed(DIFFER), semantic=1.0)
    hit = (targets[:, None, None] == TOTALS) & ~torch.eye(10).bool()
    expected = -(pairs(A, B) * hit).sum((1, 2)).log().mean()
    torch.testing.assert_close(objective(targets, a=A, b=B), expected)


def test_the_entropy_of_beliefs_is_the_mean_over_the_networks_symbols() -> None:
    noisy = summed("0.3 :: lazy.\nodd(S) :- addition(a, b, S), lazy.\n:- lazy, digit(a, 0).\n")
    assert len(noisy.symbols) == 3
    expected = (entropy(A.softmax(1)[:, :, None]) + entropy(B.softmax(1)[:, :, None])) / 2
    found = losses.belief_entropy(noisy.symbols, noisy.beliefs(a=A, b=B))
    torch.testing.assert_close(found, expected)


def test_the_entropy_of_a_batch_is_that_of_the_networks_mean_belief() -> None:
    noisy = summed("0.3 :: lazy.\nodd(S) :- addition(a, b, S), lazy.\n:- lazy, digit(a, 0).\n")
    mean = torch.cat([A, B]).softmax(1).mean(0)
    found = losses.batch_entropy(noisy.symbols, noisy.beliefs(a=A, b=B))
    torch.testing.assert_close(found, -(mean * mean.log()).sum())
    targets = torch.tensor([3, 17, 9])
    expected = noisy.loss(targets, a=A, b=B) - 0.5 * found
    torch.testing.assert_close(Objective(noisy, batch_entropy=0.5)(targets, a=A, b=B), expected)


def test_certain_beliefs_that_use_all_values_alike_have_the_largest_batch_entropy() -> None:
    every = torch.eye(10).double().requires_grad_()
    one_value = torch.eye(10).double()[[0] * 10].requires_grad_()
    asked = addition(Given())
    for given, expected in [
        (every, torch.tensor(10.0).double().log()),
        (one_value, torch.zeros(()).double()),
    ]:
        found = losses.batch_entropy(asked.symbols, asked.beliefs(a=given, b=given))
        torch.testing.assert_close(found, expected)
        found.backward()
        assert given.grad is not None
        assert given.grad.isfinite().all()


@pytest.mark.parametrize("rules", ["", DIFFER])
@pytest.mark.parametrize("targets", [[3, 17, 9], [-1, 4, -1]])
def test_the_entropy_given_the_targets_is_that_of_the_pairs_left(rules: str, targets: list[int]) -> None:
    asked = summed(rules)
    wanted = torch.tensor(targets)[:, None, None]
    left = ((wanted == TOTALS) | (wanted == -1)) & ~(torch.eye(10).bool() if rules else torch.zeros(1).bool())
    found = losses.posterior_entropy(
        asked.inference, asked.symbols, asked.beliefs(a=A, b=B), torch.tensor(targets)[:, None]
    )
    torch.testing.assert_close(found, entropy(pairs(A, B) * left))


def test_symbols_that_a_target_leaves_free_keep_their_entropy() -> None:
    rules = ADDITION + "first(D) :- digit(a, D).\nfirst(none) :- digit(b, 3), digit(a, 3).\n"
    asked = model(rules, {"digit_net": nesy.logits(Given())}, "first(D)", "D")
    beliefs = asked.beliefs(a=A, b=B)
    four = [str(v) for v in asked.outputs[0].domain].index("4")
    found = losses.posterior_entropy(asked.inference, asked.symbols, beliefs, torch.full((3, 1), four))
    torch.testing.assert_close(found, entropy(B.softmax(1)[:, :, None]))


def test_gradients_of_every_term() -> None:
    objective = Objective(summed(DIFFER), semantic=0.5, entropy=0.3, conditional_entropy=0.7)
    targets = torch.tensor([3, 17, -1])

    def loss(a: Tensor, b: Tensor) -> Tensor:
        found: Tensor = objective(targets, a=a, b=b)
        return found

    assert torch.autograd.gradcheck(loss, (A.clone().requires_grad_(), B.clone().requires_grad_()))


def test_entropies_of_certain_beliefs_are_zero_with_finite_gradients() -> None:
    certain = torch.eye(10).double()[[3, 4, 5]].requires_grad_()
    asked = addition(Given())
    objective = Objective(asked, "none", entropy=1.0, conditional_entropy=1.0)
    loss = objective(torch.tensor([6, 8, 3]), a=certain, b=certain)  # the last target is impossible
    assert loss.item() == pytest.approx(0.0)
    loss.backward()
    assert certain.grad is not None
    assert certain.grad.isfinite().all()


def test_joint_and_per_output_likelihoods_differ_where_outputs_depend_on_each_other() -> None:
    chain = model(CARRY, {"digit_net": nesy.logits(Given())}, "sum(1, I, S)", "S")
    a, b, targets = A[:, None], B[:, None], torch.tensor([[3, 1], [4, -1], [-1, -1]])
    joint = Objective(chain, "joint")(targets, a=a, b=b)
    torch.testing.assert_close(joint, -chain.log_prob(targets, a=a, b=b).mean())
    units, carry = many(chain(a=a, b=b))
    apart = -(units[0, 3] + carry[0, 1] + units[1, 4]) / 3
    torch.testing.assert_close(Objective(chain, "per-output")(targets, a=a, b=b), apart)
    assert not torch.allclose(joint, apart)


def test_an_objective_alone_is_the_engines_loss_for_every_engine() -> None:
    for engine in ("exact", "sampling", "sat"):
        asked = addition(nesy.logits(nn.Linear(4, 10)), engine)
        x = scores(3, 4).float()
        loss = Objective(asked)(torch.tensor([3, 4, 5]), a=x, b=x)
        loss.backward()
        assert all(p.grad is not None and p.grad.any() for p in asked.parameters())


def test_terms_that_an_engine_cannot_give() -> None:
    for options in ({"semantic": 1.0}, {"conditional_entropy": 1.0}):
        objective = Objective(addition(nesy.logits(Given()), "sampling"), **options)
        with mistake("unsupported-task", "needs the exact engine", hint="engine='exact'"):
            objective(torch.tensor([3, 4, 5]), a=A, b=B)
    with mistake("unknown-likelihood", "'jiont'", hint="joint"):
        Objective(summed(), "jiont")  # type: ignore[arg-type]


def test_networks_run_once_for_all_terms() -> None:
    given = Given()
    asked = model(ADDITION + DIFFER, {"digit_net": nesy.logits(given)}, "addition(a, b, S)", "S")
    Objective(asked, "per-output", semantic=1, entropy=1, conditional_entropy=1)(
        torch.tensor([3, 4, 5]), a=A, b=B
    )
    assert given.calls == [(6, 10)]


def test_unconditional_entropy_keeps_both_readings_of_an_ambiguous_label() -> None:
    """Only "they differ" is ever seen: without the term the network fixes on one reading."""
    rules = "nn(net, [X], V, [0, 1]) :: bit(X, V).\ndiffer :- bit(a, V), bit(b, W), V =\\= W.\n"
    found = []
    for weight in (0.0, 1.0):
        torch.manual_seed(0)
        free = nn.Embedding(2, 2)
        asked = model(rules, {"net": nesy.logits(free)}, "differ")
        objective = Objective(asked, entropy=weight)
        optimiser = torch.optim.SGD(asked.parameters(), lr=1.0)
        for _ in range(100):
            optimiser.zero_grad()
            objective(torch.tensor([1]), a=torch.tensor([0]), b=torch.tensor([1])).backward()
            optimiser.step()
        found.append(free.weight.detach().softmax(1).max().item())
    assert found[0] > 0.95
    assert found[1] < 0.9
