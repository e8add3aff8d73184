"""What models answer, against sums worked out by hand or by going through all cases."""

from __future__ import annotations

import pytest
import torch

import nesy
from tests.unit.nn.programs import (
    ADDITION,
    CARRY,
    DIGIT,
    Given,
    addition,
    many,
    model,
    number_sums,
    one,
    scores,
    sums,
)

EXACT = 1e-10
"""Room for rounding in float64: sums of at most 200 products in another order."""


def close(found: torch.Tensor, expected: torch.Tensor, room: float = EXACT) -> None:
    torch.testing.assert_close(found, expected, rtol=room, atol=room)


@pytest.mark.parametrize("batch", [1, 5])
def test_addition_is_the_convolution_of_two_digits(batch: int) -> None:
    a, b = scores(batch, 10, seed=1), scores(batch, 10, seed=2)
    found = one(addition(nesy.logits(Given()))(a=a, b=b))
    assert found.shape == (batch, 19)
    close(found.exp(), sums(a.softmax(1), b.softmax(1)))


def test_addition_has_one_output_of_nineteen_values() -> None:
    (output,) = addition(Given()).outputs
    assert output.name == "addition(a,b)"
    assert output.domain == tuple(range(19))


def test_log_prob_loss_and_predict_agree_with_the_distribution() -> None:
    summed = addition(nesy.logits(Given()))
    a, b = scores(6, 10, seed=3) * 3, scores(6, 10, seed=4) * 3
    expected = sums(a.softmax(1), b.softmax(1))
    targets = torch.tensor([0, 3, 9, 18, 11, 5])
    observed = expected[torch.arange(6), targets].log()
    close(summed.log_prob(targets, a=a, b=b), observed)
    close(summed.log_prob(targets[:, None], a=a, b=b), observed)
    close(summed.loss(targets, a=a, b=b), -observed.mean())
    guess = summed.predict(a=a, b=b)
    assert guess.dtype == torch.int64
    assert not guess.requires_grad
    assert guess.tolist() == expected.argmax(1, keepdim=True).tolist()


@pytest.mark.parametrize("digits", [1, 2])
def test_a_carry_chain_against_all_pairs_of_numbers(digits: int) -> None:
    chain = model(CARRY, {"digit_net": nesy.logits(Given())}, f"sum({digits}, I, S)", "S")
    assert [o.name for o in chain.outputs] == [f"sum({digits},{i})" for i in range(digits + 1)]
    assert [len(o.domain) for o in chain.outputs] == [10] * digits + [2]
    a, b = scores(3, digits, 10, seed=5), scores(3, digits, 10, seed=6)
    expected = number_sums(a.softmax(2), b.softmax(2))
    totals = torch.arange(expected.shape[1])
    places = torch.stack([totals // 10**i % 10 for i in range(digits + 1)], dim=1)
    for place, found in enumerate(many(chain(a=a, b=b))):
        hits = places[:, place, None] == torch.arange(found.shape[1])
        close(found.exp(), expected @ hits.double())
    # Whole sums, then only some of the places: -1 stands for "not observed".
    masks = [[False] * (digits + 1), [True] + [False] * digits, [False] * digits + [True]]
    for total in (0, 7, 10**digits, 2 * 10**digits - 2):
        for mask in masks:
            target = places[total].masked_fill(torch.tensor(mask), -1)
            fits = ((places == target) | (target == -1)).all(dim=1)
            found = chain.log_prob(target.repeat(3, 1), a=a, b=b)
            close(found.exp(), expected[:, fits].sum(dim=1))


def test_targets_of_one_batch_may_be_observed_in_different_places() -> None:
    chain = model(CARRY, {"digit_net": nesy.logits(Given())}, "sum(1, I, S)", "S")
    a, b = scores(4, 1, 10, seed=7), scores(4, 1, 10, seed=8)
    total = number_sums(a.softmax(2), b.softmax(2))
    units = torch.stack([total[:, d] + (total[:, d + 10] if d < 9 else 0) for d in range(10)], dim=1)
    targets = torch.tensor([[3, 1], [3, -1], [-1, 0], [-1, -1]])
    found = chain.log_prob(targets, a=a, b=b).exp()
    expected = torch.stack([total[0, 13], units[1, 3], total[2, :10].sum(), torch.ones(()).double()])
    close(found, expected)


def test_nothing_observed_costs_nothing_and_teaches_nothing() -> None:
    chain = model(CARRY, {"digit_net": nesy.logits(Given())}, "sum(1, I, S)", "S")
    for wanted, shape in ((chain, (2, 1, 10)), (addition(nesy.logits(Given())), (2, 10))):
        a = scores(*shape).requires_grad_()
        loss = wanted.loss(torch.full((2, len(wanted.outputs)), -1), a=a, b=a)
        close(loss, torch.zeros((), dtype=torch.float64))
        loss.backward()
        assert a.grad is not None
        assert a.grad.abs().max() < EXACT


def test_several_output_variables_of_one_answer() -> None:
    rules = DIGIT + "both(X, Y, S, M) :- digit(X, A), digit(Y, B), S is A + B, M is max(A, B).\n"
    found = model(rules, {"digit_net": nesy.logits(Given())}, "both(a, b, S, M)", ["S", "M"])
    assert [len(o.domain) for o in found.outputs] == [19, 10]
    assert len({o.name for o in found.outputs}) == 2
    a, b = scores(2, 10, seed=1), scores(2, 10, seed=2)
    p, q = a.softmax(1), b.softmax(1)
    _, largest = many(found(a=a, b=b))
    close(largest.exp().cumsum(1), p.cumsum(1) * q.cumsum(1))
    joint = found.log_prob(torch.tensor([[5, 3]] * 2), a=a, b=b).exp()
    close(joint, p[:, 2] * q[:, 3] + p[:, 3] * q[:, 2])


def test_a_template_without_outputs_is_true_or_false() -> None:
    rules = ADDITION + "even(X, Y) :- addition(X, Y, S), 0 =:= S mod 2.\n"
    even = model(rules, {"digit_net": nesy.logits(Given())}, "even(a, b)")
    assert [(o.name, o.domain) for o in even.outputs] == [("even(a,b)", ("false", "true"))]
    a, b = scores(3, 10, seed=1), scores(3, 10, seed=2)
    expected = sums(a.softmax(1), b.softmax(1))[:, ::2].sum(1)
    close(one(even(a=a, b=b)).exp(), torch.stack([1 - expected, expected], dim=1))
    close(
        even.log_prob(torch.tensor([1, 0, -1]), a=a, b=b).exp()[:2],
        torch.stack([expected[0], 1 - expected[1]]),
    )


def test_evidence_and_constraints_condition() -> None:
    rules = ADDITION + "same(X, Y) :- digit(X, D), digit(Y, D).\nevidence(same(a, b)).\n:- digit(a, 0).\n"
    found = one(
        model(rules, {"digit_net": nesy.logits(Given())}, "addition(a, b, S)", "S")(
            a=(a := scores(3, 10, seed=1)), b=(b := scores(3, 10, seed=2))
        )
    )
    weights = (a.softmax(1) * b.softmax(1))[:, 1:]
    expected = torch.zeros(3, 19, dtype=torch.float64)
    expected[:, 2::2] = weights / weights.sum(1, keepdim=True)
    close(found.exp()[:, : expected.shape[1]], expected)


def test_probabilistic_facts_beside_a_network() -> None:
    """A noisy label: right with probability 0.9, else one more."""
    rules = DIGIT + "0.9 :: right.\nseen(X, D) :- digit(X, D), right.\n"
    rules += "seen(X, E) :- digit(X, D), \\+ right, E is (D + 1) mod 10.\n"
    a = scores(4, 10)
    found = one(model(rules, {"digit_net": nesy.logits(Given())}, "seen(a, D)", "D")(a=a))
    p = a.softmax(1)
    close(found.exp(), 0.9 * p + 0.1 * p.roll(1, dims=1))


def test_an_annotated_disjunction_between_two_networks() -> None:
    """The rules' own symbols lie between those of networks: every column must find its place."""
    rules = (
        "nn(first, [X], V, [x, y]) :: f(X, V).\n0.2 :: how(one); 0.5 :: how(two).\n"
        "nn(second, [X], V, [u, v, w]) :: s(X, V).\n"
        "trio(F, H, S) :- f(a, F), how(H), s(b, S).\n"
    )
    networks = {"second": nesy.logits(Given()), "first": nesy.logits(Given())}
    asked = model(rules, networks, "trio(F, H, S)")
    a, b = scores(2, 2, seed=1), scores(2, 3, seed=2)
    p, q, how = a.softmax(1), b.softmax(1), {"one": 0.2, "two": 0.5}
    found = many(asked(a=a, b=b))
    assert len(found) == 12
    for output, log_probs in zip(asked.outputs, found, strict=True):
        f, h, s = output.name[5:-1].split(",")
        close(log_probs[:, 1].exp(), p[:, "xy".index(f)] * how[h] * q[:, "uvw".index(s)])


def test_several_networks() -> None:
    rules = (
        "nn(colours, [X], C, [red, green]) :: colour(X, C).\n"
        "nn(shapes, [X], S, [disc, square, star]) :: shape(X, S).\n"
        "thing(X, C, S) :- colour(X, C), shape(X, S).\n"
    )
    networks = {"colours": nesy.logits(nn_linear(2)), "shapes": nesy.logits(nn_linear(3))}
    asked = model(rules, networks, "thing(x, C, S)").double()
    x = scores(3, 4)
    colours, shapes = (asked.networks[n](x).softmax(1) for n in ("colours", "shapes"))
    for output, found in zip(asked.outputs, many(asked(x=x)), strict=True):
        _, c, s = output.name[:-1].replace("(", ",").split(",")[1:]
        place = ["red", "green"].index(c), ["disc", "square", "star"].index(s)
        close(found[:, 1].exp(), colours[:, place[0]] * shapes[:, place[1]])


def nn_linear(values: int) -> torch.nn.Module:
    torch.manual_seed(values)
    return torch.nn.Linear(4, values)


def test_one_network_behind_two_predicates_is_two_independent_symbols() -> None:
    rules = DIGIT + "nn(digit_net, [X], D, 0..9) :: guess(X, D).\nagree :- digit(a, D), guess(a, D).\n"
    given = Given()
    a = scores(2, 10)
    found = one(model(rules, {"digit_net": nesy.logits(given)}, "agree")(a=a))
    close(found[:, 1].exp(), (a.softmax(1) ** 2).sum(1))
    assert given.calls == [(2, 10)], "the two have one input, so one evaluation does"


def test_a_predicate_asked_twice_is_one_symbol() -> None:
    rules = DIGIT + "agree :- digit(a, D), digit(a, E), D =:= E.\n"
    found = one(model(rules, {"digit_net": nesy.logits(Given())}, "agree")(a=scores(2, 10)))
    close(found[:, 1], torch.zeros(2, dtype=torch.float64))


def test_nn_2_gives_the_probability_of_true() -> None:
    rules = "nn(n, [X]) :: holds(X).\neither(X, Y) :- holds(X).\neither(X, Y) :- holds(Y).\n"
    asked = model(rules, {"n": Given()}, "either(a, b)")
    a, b = torch.tensor([0.1, 0.5]).double(), torch.tensor([0.3, 0.25]).double()
    expected = 1 - (1 - a) * (1 - b)
    close(one(asked(a=a, b=b)).exp()[:, 1], expected)
    close(one(asked(a=a[:, None], b=b[:, None])).exp()[:, 0], 1 - expected)


def test_a_domain_of_false_and_true_is_still_a_domain() -> None:
    """nn/4 gives one number per value, whatever the values are called."""
    rules = "nn(n, [X], V, [false, true]) :: v(X, V).\nok :- v(a, true).\n"
    a = scores(3, 2)
    found = one(model(rules, {"n": nesy.logits(Given())}, "ok")(a=a))
    close(found, a.log_softmax(1))


def test_a_model_without_networks_answers_for_its_rules() -> None:
    asked = model("0.3 :: a.\n0.5 :: b.\nc :- a.\nc :- b.\n", {}, "c")
    found = one(asked())
    assert found.dtype == torch.float32
    expected = torch.tensor([[0.35, 0.65]], dtype=torch.float64)
    close(found.double().exp(), expected, 1e-6)
    assert one(asked.double()()).dtype == torch.float64
    close(one(asked.float().double()()).exp(), expected)  # the rules' numbers keep their precision


def test_a_network_the_query_does_not_need_is_not_called() -> None:
    rules = ADDITION + "nn(other, [X]) :: never(X).\nunused :- never(z).\n"
    idle = Given()
    networks = {"digit_net": nesy.logits(Given()), "other": idle}
    asked = model(rules, networks, "addition(a, b, S)", "S")
    asked(a=scores(1, 10), b=scores(1, 10))
    assert idle.calls == []
