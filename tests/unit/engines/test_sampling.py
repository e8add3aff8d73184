"""Sampling against enumeration: estimates within their standard errors, gradients without bias."""

from __future__ import annotations

import copy
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import Tensor

from nesy.engines.inference import Guarantee
from nesy.engines.sampling import Sampling
from nesy.errors import EngineError
from nesy.logic.graph import Graph, Lit
from nesy.logic.program import GroundProgram, Output, Symbol
from tests.unit.engines import problems
from tests.unit.engines.problems import addition, gives, probability, random_program, worlds

ERRORS = 5.0
"""How many standard errors an estimate may be off: 1 in 1.7 million for one comparison."""

SEEDS = [0, 1, 2, 3, 5, 8]


pytestmark = pytest.mark.usefixtures("one_thread")


def normalised(program: GroundProgram, scores: Tensor) -> Tensor:
    blocks = [scores[:, a:b].log_softmax(dim=1) for a, b in pairwise(program.offsets)]
    return torch.cat(blocks, dim=1)


def exact_log_prob(program: GroundProgram, beliefs: Tensor, target: tuple[int, ...]) -> Tensor:
    """log P(target | condition) of one row, (1, V), differentiable, by enumeration."""
    every = [w.values for w in worlds(program, np.zeros(program.width))]

    def log_sum(chosen: list[tuple[int, ...]]) -> Tensor:
        columns = torch.tensor([[o + v for o, v in zip(program.offsets, w)] for w in chosen])  # noqa: B905
        return beliefs[0, columns].sum(dim=1).logsumexp(dim=0)

    return log_sum([w for w in every if gives(program, w, target)]) - log_sum(every)


def observable(program: GroundProgram, row: problems.Row) -> tuple[int, ...]:
    """The outputs' values in the most probable world."""
    best = max(worlds(program, row), key=lambda w: w.probability).values
    return tuple(
        next(v for v, lit in enumerate(output.literals) if problems.holds(program.graph, lit, best))
        for output in program.outputs
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_marginals_are_within_their_standard_errors(seed: int) -> None:
    program = random_program(seed)
    rows = problems.beliefs(program, 3, seed)
    inference = Sampling(samples=4000).prepare(program)
    assert inference.guarantee is Guarantee.ESTIMATE
    for index, (output, marginal) in enumerate(zip(program.outputs, inference.marginals(rows), strict=True)):
        assert marginal.log_probs.shape == marginal.standard_error.shape == (3, len(output.domain))
        for b, row in enumerate(rows):
            for value in range(len(output.domain)):
                target = tuple(value if i == index else -1 for i in range(len(program.outputs)))
                error = marginal.standard_error[b, value]
                assert 0 < error < 0.05
                off = np.exp(marginal.log_probs[b, value]) - probability(program, row, target)
                assert abs(off) <= ERRORS * error


@pytest.mark.parametrize("seed", SEEDS)
def test_log_prob_estimates_the_joint_probability(seed: int) -> None:
    program = random_program(seed)
    row = problems.beliefs(program, 1, seed)[0]
    target = observable(program, row)
    samples = 20000
    (found,) = Sampling(samples=samples).prepare(program).log_prob(row[None], np.array([target]))
    allowed = samples * sum(w.probability for w in worlds(program, row))
    expected = probability(program, row, target)
    error = np.sqrt((expected * (1 - expected) + 1 / allowed) / allowed)
    assert abs(np.exp(found) - expected) <= ERRORS * error
    nothing = np.full((1, len(program.outputs)), -1)
    assert Sampling().prepare(program).log_prob(row[None], nothing) == [0.0]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("samples", [2, 16])
def test_the_gradient_estimate_times_the_probability_is_unbiased(seed: int, samples: int) -> None:
    program = random_program(seed, conditioned=False)
    scores = torch.from_numpy(problems.beliefs(program, 1, seed))
    target = observable(program, normalised(program, scores)[0].numpy())
    repeats = 20000
    many = scores.repeat(repeats, 1).requires_grad_()
    targets = torch.tensor([target]).repeat(repeats, 1)
    inference = Sampling(samples=samples).prepare(program)
    log_prob = inference.log_prob(normalised(program, many), targets)
    log_prob.sum().backward()
    assert many.grad is not None
    estimates = many.grad * log_prob.detach().exp()[:, None]

    one = scores.clone().requires_grad_()
    exact_log_prob(program, normalised(program, one), target).exp().backward()
    assert one.grad is not None
    error = estimates.std(dim=0) / repeats**0.5
    off = (estimates.mean(dim=0) - one.grad[0]).abs()
    assert (off <= ERRORS * error + 1e-12).all()
    assert one.grad.abs().max() > 4 * error.max(), "the test could not tell this gradient from 0"


@pytest.mark.parametrize("seed", SEEDS)
def test_loss_and_its_gradient_approach_the_sum_over_outputs(seed: int) -> None:
    """With conditions; the bias of a ratio of estimates is of the order 1 / samples."""
    program = random_program(seed)
    scores = torch.from_numpy(problems.beliefs(program, 1, seed))
    target = observable(program, normalised(program, scores)[0].numpy())
    target = (*target[:-1], -1) if seed % 2 else target
    repeats = 100
    many = scores.repeat(repeats, 1).requires_grad_()
    targets = torch.tensor([target]).repeat(repeats, 1)
    loss = Sampling(samples=4096).prepare(program).loss(normalised(program, many), targets)
    loss.backward()
    assert many.grad is not None
    estimates = many.grad * repeats

    one = scores.clone().requires_grad_()
    beliefs = normalised(program, one)
    expected = torch.zeros((), dtype=torch.float64)
    for index, value in enumerate(target):
        if value >= 0:
            alone = tuple(value if i == index else -1 for i in range(len(target)))
            expected = expected - exact_log_prob(program, beliefs, alone)
    expected.backward()
    assert one.grad is not None
    error = estimates.std(dim=0) / repeats**0.5
    assert ((estimates.mean(dim=0) - one.grad[0]).abs() <= ERRORS * error + 0.002).all()
    assert loss.item() == pytest.approx(expected.item(), abs=0.02)


def test_predict_is_the_most_frequent_value() -> None:
    program = addition()
    rows = problems.beliefs(program, 50, 0, sharpness=4.0)
    found = Sampling(samples=2000).prepare(program).predict(rows)
    assert found.shape == (50, 1)
    for row, (value,) in zip(rows, found, strict=True):
        sums = np.convolve(np.exp(row[:10]), np.exp(row[10:]))
        assert sums[value] >= sums.max() - 0.06


def test_many_examples_are_counted_in_parts() -> None:
    program = addition()
    rows = problems.beliefs(program, 7, 0)
    whole = Sampling(samples=1 << 16).prepare(program).marginals(rows)[0]
    assert whole.log_probs.shape == (7, 19)
    np.testing.assert_allclose(np.exp(whole.log_probs).sum(axis=1), 1.0)


def test_a_target_no_sample_hits_has_finite_loss_and_no_gradient() -> None:
    program = addition()
    rows = torch.full((2, 20), -torch.inf)
    rows[:, [0, 10]] = 0.0  # 0 + 0, for certain
    rows.requires_grad_()
    inference = Sampling(samples=50).prepare(program)
    targets = torch.tensor([[0], [18]])
    loss = inference.loss(rows, targets)
    loss.backward()
    assert loss.item() == pytest.approx(np.log(2 * 50) / 2)
    assert rows.grad is not None
    assert not rows.grad.any()
    log_prob = inference.log_prob(rows, targets)
    assert log_prob.tolist() == [0.0, -np.inf]
    rows.grad = None
    log_prob.exp().sum().backward()
    assert rows.grad is not None
    assert rows.grad.isfinite().all()


@pytest.mark.parametrize("extreme", [None, 0.0, 1.0 - 2**-24])
def test_values_of_belief_minus_infinity_are_never_drawn(
    monkeypatch: pytest.MonkeyPatch, extreme: float | None
) -> None:
    """Not even by the least and the greatest uniform number that there are."""
    if extreme is not None:
        monkeypatch.setattr(torch, "rand", lambda shape, **_: torch.full(shape, extreme))
    program = GroundProgram((Symbol("s", tuple("abcde")),), Graph())
    rows = torch.tensor([[-torch.inf, 0.5, -torch.inf, 0.5, -torch.inf]]).log_softmax(dim=1)
    drawn = set(Sampling(samples=1000).prepare(program)._draw(rows).unique().tolist())
    assert drawn == {None: {1, 3}, 0.0: {1}}.get(extreme, {3})


def test_draws_follow_the_beliefs() -> None:
    symbols = tuple(Symbol(str(size), tuple(map(str, range(size)))) for size in (3, 1, 4, 3, 2))
    program = GroundProgram(symbols, Graph())
    rows = problems.beliefs(program, 2, 0)
    samples = 40000
    drawn = Sampling(samples=samples).prepare(program)._draw(torch.from_numpy(rows))
    assert drawn.shape == (5, 2, samples)
    for s, symbol in enumerate(symbols):
        for b in range(2):
            share = np.bincount(drawn[s, b].numpy(), minlength=len(symbol.values)) / samples
            start = program.offsets[s]
            expected = np.exp(rows[b, start : start + len(symbol.values)])
            assert (abs(share - expected) <= ERRORS * np.sqrt(0.25 / samples)).all()


def test_the_seed_repeats_the_draws_and_a_copy_starts_from_it() -> None:
    program = addition()
    rows = problems.beliefs(program, 4, 0)
    targets = np.full((4, 1), 9)
    first, second, other = (Sampling(seed=s).prepare(program) for s in (5, 5, 6))
    fresh = copy.deepcopy(first)
    one = [first.loss(rows, targets) for _ in range(3)]
    assert one == [second.loss(rows, targets) for _ in range(3)]
    assert one == [fresh.loss(rows, targets) for _ in range(3)]
    assert one != [other.loss(rows, targets) for _ in range(3)]
    assert one[0] != one[1]


def test_global_random_state_is_left_alone() -> None:
    program = addition()
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    Sampling().prepare(program).predict(problems.beliefs(program, 1, 0))
    assert torch.equal(torch.rand(1), expected)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_answers_come_in_the_kind_given(dtype: torch.dtype) -> None:
    program = addition()
    rows = problems.beliefs(program, 3, 0)
    tensor = torch.from_numpy(rows).to(dtype)
    targets = np.array([[9], [8], [7]])
    inference = Sampling().prepare(program)
    assert isinstance(inference.predict(rows), np.ndarray)
    assert isinstance(inference.log_prob(rows, targets), np.ndarray)
    assert isinstance(inference.marginals(rows)[0].log_probs, np.ndarray)
    assert inference.predict(tensor).dtype == torch.int64
    assert inference.log_prob(tensor, torch.from_numpy(targets)).dtype == dtype
    assert inference.loss(tensor, torch.from_numpy(targets)).dtype == dtype


def conditioned_coin() -> GroundProgram:
    graph = Graph()
    coin = graph.leaf(0, 1)
    outputs = (Output("heads", (0, 1), (Lit(-coin), coin)),)
    return GroundProgram((Symbol("coin", ("false", "true")),), graph, outputs, (coin,))


def test_a_condition_no_sample_meets_is_an_error() -> None:
    rows = np.log(np.array([[0.5, 0.5], [1.0 - 1e-12, 1e-12]]))
    inference = Sampling().prepare(conditioned_coin())
    for ask in (
        lambda: inference.log_prob(rows, np.array([[1], [1]])),
        lambda: inference.loss(rows, np.array([[1], [1]])),
        lambda: inference.marginals(rows),
        lambda: inference.predict(rows),
    ):
        with pytest.raises(EngineError) as caught:
            ask()
        assert caught.value.code == "condition-never-met"
        assert "example 1" in caught.value.message


def test_an_output_without_a_value_is_an_error() -> None:
    graph = Graph()
    output = Output("partial", ("only",), (graph.leaf(0, 1),))
    program = GroundProgram((Symbol("coin", ("false", "true")),), graph, (output,))
    with pytest.raises(EngineError) as caught, np.errstate(divide="ignore"):
        Sampling().prepare(program).predict(np.log([[0.5, 0.5], [1.0, 0.0]]))
    assert caught.value.code == "no-output-value"
    assert "example 1" in caught.value.message


def test_nan_beliefs_and_bad_options_are_errors() -> None:
    with pytest.raises(EngineError) as caught:
        Sampling().prepare(addition()).predict(np.full((1, 20), np.nan))
    assert caught.value.code == "invalid-beliefs"
    with pytest.raises(EngineError) as caught:
        Sampling(samples=1)
    assert caught.value.code == "invalid-option"
