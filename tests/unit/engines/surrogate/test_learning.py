"""What surrogates learn, how that is measured, and what is said where it is not enough."""

from __future__ import annotations

import copy
import warnings
from functools import cache

import numpy as np
import pytest
import torch

from nesy.engines.exact import Exact
from nesy.engines.surrogate import NotConvergedWarning, Surrogate, SurrogateInference
from nesy.errors import EngineError
from tests.unit.engines.surrogate.programs import beliefs, constrained, drawn, latin, sums, targets_of

SMALL = Surrogate(samples=128, first=400, tolerance=0.1)


@cache
def learnt(digits: int) -> SurrogateInference:
    found = SMALL.build(sums(digits))
    found.warm_up(seconds=np.inf)
    return found


def test_gradients_are_those_of_the_exact_likelihood() -> None:
    """In what beliefs are made of: they are normalised, so only that is the same for both."""
    program = sums(3)
    scores = beliefs(program, 64, seed=1).requires_grad_()
    wanted, _ = targets_of(program, drawn(program, scores.detach(), seed=2))
    given = torch.cat([part.log_softmax(1) for part in torch.split(scores, 5, dim=1)], dim=1)
    own, exact = (
        torch.autograd.grad(inference.log_prob(given, wanted).sum(), scores, retain_graph=True)[0].flatten()
        for inference in (learnt(3), Exact().prepare(program))
    )
    assert torch.nn.functional.cosine_similarity(own, exact, dim=0) > 0.99


def test_the_gap_is_that_to_the_exact_likelihood() -> None:
    """Measured by the engine, and here by circuits on other beliefs: of one size."""
    program, inference = sums(2), learnt(2)
    given = beliefs(program, 2000, seed=3, scale=3.0)
    wanted, _ = targets_of(program, drawn(program, given, seed=4))
    gap = float((Exact().prepare(program).log_prob(given, wanted) - inference.log_prob(given, wanted)).mean())
    assert inference.convergence.converged
    assert gap == pytest.approx(inference.convergence.gap, abs=0.03)


def test_learning_narrows_the_gap() -> None:
    inference = Surrogate(samples=128, first=200, tolerance=0.01).build(sums(2))
    inference.warm_up(seconds=np.inf)
    first = SurrogateInference(Surrogate(samples=128, first=10, tolerance=10.0), sums(2))
    first.warm_up(seconds=np.inf)
    assert inference.convergence.gap < 0.3 * first.convergence.gap
    assert all(steps <= 200 for steps in inference.convergence.steps)


def test_a_wide_gap_is_said_with_its_remedy() -> None:
    inference = Surrogate(samples=8, first=1, patience=0, tolerance=0.001).build(sums(2))
    given = beliefs(sums(2), 2, seed=0).requires_grad_()
    with pytest.warns(NotConvergedWarning, match=r"\[surrogate-not-converged\].*nats.*raise first"):
        loss = inference.loss(given, torch.tensor([[0, 0, 0], [1, 1, 0]]))
    (gradient,) = torch.autograd.grad(loss, given)
    assert torch.isfinite(gradient).all()
    assert bool(gradient.any(dim=1).all()), "a surrogate that is not there yet still moves every example"
    with pytest.warns(NotConvergedWarning):
        inference.marginals(given)
    assert not inference.convergence.converged
    assert inference.convergence.history[0][1] == inference.convergence.gap


def test_patience_learns_more_where_the_gap_is_wide() -> None:
    given = beliefs(sums(1), 2, seed=0).requires_grad_()
    steps: list[int] = []
    for patience in (0, 5):
        inference = Surrogate(samples=8, first=1, patience=patience, tolerance=0.001).build(sums(1))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotConvergedWarning)
            inference.loss(given, torch.tensor([[0, 0], [1, 0]]))
        steps += inference.convergence.steps
    assert steps[1] == steps[0] + 5


def test_nothing_is_learnt_where_no_gradient_is_asked_for() -> None:
    inference = learnt(1)
    before = inference.convergence.steps
    inference.loss(beliefs(sums(1), 4, seed=0), torch.tensor([[0, 0]] * 4))
    assert inference.convergence.steps == before


def test_the_same_seed_learns_the_same() -> None:
    given = beliefs(sums(2), 4, seed=5)
    wanted, _ = targets_of(sums(2), drawn(sums(2), given, seed=6))
    one = Surrogate(samples=32, first=50, tolerance=10.0)
    inference = one.build(sums(2))
    answers = [
        found.log_prob(given, wanted) for found in (inference, one.build(sums(2)), copy.copy(inference))
    ]
    assert torch.equal(answers[0], answers[1])
    assert torch.equal(answers[0], answers[2])


def test_learning_goes_on_where_it_was() -> None:
    """What comes after a state was taken comes again once it is restored, in another copy."""
    one = Surrogate(samples=32, first=60, tolerance=0.01)
    given = beliefs(sums(2), 4, seed=8).requires_grad_()
    wanted, _ = targets_of(sums(2), drawn(sums(2), given.detach(), seed=9))
    inference, other = one.build(sums(2)), one.build(sums(2))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotConvergedWarning)
        inference.loss(given, wanted)
        kept = inference.random_state()
        expected = [inference.loss(given, wanted).item() for _ in range(3)]
        other.set_random_state(kept)
        assert [other.loss(given, wanted).item() for _ in range(3)] == expected
        inference.set_random_state({})
    assert inference.convergence.steps == other.convergence.steps, "new numbers are no reason to forget"


def test_the_users_random_numbers_are_left_alone() -> None:
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    Surrogate(samples=32, first=3, largest=1, hidden=4, tolerance=10.0).build(sums(1)).warm_up(seconds=np.inf)
    assert torch.equal(torch.rand(3), expected)


@pytest.mark.parametrize("largest", [100, 10], ids=["rows", "values"])
def test_a_conjunction_taken_apart_tells_valid_from_invalid(largest: int) -> None:
    """One value is twice in two columns, each of the values in turn."""
    inference = Surrogate(samples=128, first=400, largest=largest, tolerance=0.03).build(latin())
    valid = torch.tensor([[0, 1, 2], [1, 2, 0], [2, 0, 1]])
    squares = [valid]
    for place in range(3):
        other = valid.clone()
        other[2, [place, (place + 1) % 3]] = valid[2, [(place + 1) % 3, place]]
        squares.append(other)
    marginal = inference.marginals(beliefs_in(torch.stack(squares)))[0].log_probs.exp()
    assert marginal[0, 1] > 0.8
    assert (marginal[1:, 0] > 0.9).all()
    torch.testing.assert_close(marginal.sum(1), torch.ones(4), atol=1e-5, rtol=0)
    assert inference.predict(beliefs_in(torch.stack(squares))).tolist() == [[1], [0], [0], [0]]


def test_conjuncts_of_a_kind_speak_of_values_of_their_own() -> None:
    """The product over rows or columns and values of P(exactly one cell of three has the value)."""
    inference = Surrogate(samples=256, first=400, largest=10, tolerance=0.01).build(latin())
    given = beliefs(latin(), 8, seed=11)
    grid = torch.empty(8, 3, 3, 3)
    for column, (x, y) in enumerate(places()):
        grid[:, x, y] = given[:, 3 * column : 3 * column + 3].exp()
    lines = torch.cat([grid, grid.transpose(1, 2)], dim=1)  # (8, lines, cells, values)
    one, two, three = lines.unbind(2)
    exactly = one * (1 - two) * (1 - three) + (1 - one) * two * (1 - three) + (1 - one) * (1 - two) * three
    expected = exactly.log().sum((1, 2))
    wanted = torch.ones(8, 1, dtype=torch.int64)
    torch.testing.assert_close(inference.log_prob(given, wanted), expected, atol=0.5, rtol=0)


def places() -> list[tuple[int, int]]:
    """Row and column of each symbol of the square."""
    texts = [s.name.split("(")[1].split(",") for s in latin().symbols]
    return [(int(x) - 1, int(y) - 1) for x, y, *_ in texts]


def beliefs_in(squares: torch.Tensor) -> torch.Tensor:
    """Log-probabilities that are nearly sure of (B, 3, 3) squares."""
    cells = torch.stack([squares[:, x, y] for x, y in places()], dim=1)
    return (torch.nn.functional.one_hot(cells, 3) * 9.0).log_softmax(2).flatten(1)


def test_beliefs_that_rule_out_the_target_are_told() -> None:
    given = beliefs(sums(1), 1, seed=0).requires_grad_()
    shut = given.clone()
    shut[0, 0] = shut[0, 5] = -torch.inf  # neither number is 0
    assert learnt(1).log_prob(shut, torch.tensor([[0, 0]])).tolist() == [-np.inf]
    with pytest.raises(EngineError) as raised:
        learnt(1).loss(shut, torch.tensor([[0, 0]]))
    assert raised.value.code == "impossible-target"


def test_improbable_is_not_impossible() -> None:
    sure = torch.full((1, 10), -200.0)
    sure[0, [4, 9]] = 0.0
    sure.requires_grad_()
    log_prob = learnt(1).log_prob(sure, torch.tensor([[0, 0]]))
    (gradient,) = torch.autograd.grad(log_prob.sum(), sure)
    assert torch.isfinite(log_prob).all()
    assert torch.isfinite(gradient).all()


@pytest.mark.parametrize(
    "options",
    [{"samples": 1}, {"learn_rate": 0.0}, {"tolerance": -1.0}, {"beam": 0}, {"predict": "both"}],
    ids=str,
)
def test_options_that_make_no_sense_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(EngineError) as raised:
        Surrogate(**options)  # type: ignore[arg-type]
    assert raised.value.code == "invalid-option"


def test_evidence_that_no_world_meets_is_told_at_once() -> None:
    import nesy  # noqa: PLC0415

    with pytest.raises(nesy.NesyError) as raised:
        nesy.solve(nesy.parse("0.5::a. b :- a, \\+a. evidence(b). query(a)."), engine="surrogate")
    assert raised.value.code == "inconsistent-evidence"


def test_a_condition_divides() -> None:
    program = constrained()
    inference = Surrogate(samples=256, first=400, tolerance=0.01).build(program)
    given = beliefs(program, 32, seed=7)
    exact = Exact().prepare(program)
    for own, truth in zip(inference.marginals(given), exact.marginals(given), strict=True):
        assert float((own.log_probs.exp() - truth.log_probs.exp()).abs().max()) < 0.1
