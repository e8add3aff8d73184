"""Sampling against enumeration: estimates within their standard errors, gradients without bias."""

from __future__ import annotations

import copy
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import Tensor

from nesy.engines.exact import Exact
from nesy.engines.inference import Guarantee
from nesy.engines.sampling import NoHitsWarning, Sampling
from nesy.engines.sampling.engine import EstimatorName
from nesy.errors import EngineError, SemanticsError
from nesy.logic.graph import Graph, Lit
from nesy.logic.program import GroundProgram, Output, Symbol
from tests.oracles.ground import Assignments
from tests.unit.engines import problems
from tests.unit.engines.problems import addition, carry_chain, gives, probability, random_program, worlds

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
def test_loss_and_its_gradient_approach_the_sum_over_outputs(seed: int) -> None:
    """With conditions; the bias of a ratio of estimates is of the order 1 / samples."""
    program = random_program(seed)
    scores = torch.from_numpy(problems.beliefs(program, 1, seed))
    target = observable(program, normalised(program, scores)[0].numpy())
    target = (*target[:-1], -1) if seed % 2 else target
    repeats = 100
    many = scores.repeat(repeats, 1).requires_grad_()
    targets = torch.tensor([target]).repeat(repeats, 1)
    loss = (
        Sampling(samples=4096, likelihood="per-output")
        .prepare(program)
        .loss(normalised(program, many), targets)
    )
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


@pytest.mark.parametrize("estimator", ["auto", "reinforce", "indecater", "importance"])
def test_a_target_no_sample_hits_is_said_and_moves_nothing(estimator: EstimatorName) -> None:
    program = addition()
    rows = torch.full((2, 20), -torch.inf)
    rows[:, [0, 10]] = 0.0  # 0 + 0, for certain
    rows.requires_grad_()
    inference = Sampling(samples=64, estimator=estimator).prepare(program)
    targets = torch.tensor([[0], [18]])
    with pytest.warns(NoHitsWarning, match="1 of 2 examples, the first of them 1:"):
        loss = inference.loss(rows, targets)
    loss.backward()
    assert loss.item() == pytest.approx(np.log(2 * 64) / 2)
    assert rows.grad is not None
    assert not rows.grad[1].any()
    assert rows.grad.isfinite().all()
    found = inference.diagnostics
    assert found is not None
    assert found.without_hits == 1
    assert found.hits[0] == 64 <= found.samples
    assert found.standard_error.tolist() == [0.0, np.inf]


@pytest.mark.parametrize("estimator", ["auto", "reinforce", "indecater", "importance"])
def test_log_probabilities_that_no_sample_hits_say_so_once_they_are_to_move(estimator: EstimatorName) -> None:
    rows = torch.full((3, 20), -torch.inf)
    rows[:, [0, 10]] = np.log(0.5)  # 0, 1 or 2
    rows[:, [1, 11]] = np.log(0.5)
    rows.requires_grad_()
    inference = Sampling(samples=64, estimator=estimator).prepare(addition())
    logs = inference.log_prob(rows, torch.tensor([[1], [18], [2]]))
    assert logs[1] == -np.inf
    with pytest.warns(NoHitsWarning, match="1 of 3 examples, the first of them 1: .*raise samples"):
        (found,) = torch.autograd.grad(logs.sum(), rows, retain_graph=True)
    assert found.isfinite().all()
    assert not found[1].any()
    assert found[2].any()
    # The gradient of a probability of 0 is 0, and of others nobody asks for it.
    for wanted in (logs.exp().sum(), logs[0] + logs[2]):
        (found,) = torch.autograd.grad(wanted, rows, retain_graph=True)
        assert found.isfinite().all()
        assert found[2].any()
        assert not found[1].any()
    assert inference.log_prob(rows.detach(), torch.tensor([[1], [18], [2]]))[1] == -np.inf


def test_a_rare_target_is_found_where_random_worlds_miss_it() -> None:
    """One world in thousands gives it: guided draws try every value of the last digit of a place."""
    program = carry_chain(3)
    rows = torch.from_numpy(problems.beliefs(program, 1, 0))
    target = torch.tensor([[1, 2, 3, 1]])
    exact = Exact().prepare(program).log_prob(rows, target).item()
    assert Sampling(64, estimator="reinforce").prepare(program).log_prob(rows, target).item() == -np.inf
    found = Sampling(samples=4096).prepare(program).log_prob(rows, target).item()
    assert found == pytest.approx(exact, abs=0.3)


@pytest.mark.parametrize("estimator", ["auto", "reinforce", "indecater", "importance"])
def test_no_examples_cost_nothing(estimator: EstimatorName) -> None:
    program = addition()
    rows = torch.zeros((0, 20), requires_grad=True)
    inference = Sampling(estimator=estimator).prepare(program)
    loss = inference.loss(rows, torch.zeros((0, 1), dtype=torch.int64))
    loss.backward()
    assert loss.item() == 0.0
    assert inference.log_prob(rows, torch.zeros((0, 1), dtype=torch.int64)).shape == (0,)
    assert inference.predict(rows).shape == (0, 1)


def violations(count: int = 8) -> GroundProgram:
    """Whether two neighbours of a ring have the same colour of three."""
    graph = Graph()
    pairs = [(i, (i + 1) % count, colour) for i in range(count) for colour in range(3)]
    some = graph.disjunction(graph.conjunction([graph.leaf(i, c), graph.leaf(j, c)]) for i, j, c in pairs)
    symbols = tuple(Symbol(str(i), ("red", "green", "blue")) for i in range(count))
    return GroundProgram(symbols, graph, (Output("violated", ("no", "yes"), (Lit(-some), some)),))


@pytest.mark.parametrize("target", [0, 1])
def test_what_nearly_always_holds_is_learnt_from_its_opposite(target: int) -> None:
    program = violations()
    rows = torch.from_numpy(problems.beliefs(program, 4, 1)).requires_grad_()
    targets = torch.full((4, 1), target)
    exact, inference = Exact().prepare(program), Sampling(samples=4096).prepare(program)
    (wanted,) = torch.autograd.grad(exact.loss(normalised(program, rows), targets), rows)
    (found,) = torch.autograd.grad(inference.loss(normalised(program, rows), targets), rows)
    assert torch.cosine_similarity(found.flatten(), wanted.flatten(), dim=0) > 0.99
    logs = exact.log_prob(normalised(program, rows), targets).exp()
    assert inference.diagnostics is not None
    errors = torch.from_numpy(inference.diagnostics.standard_error)
    found = inference.log_prob(normalised(program, rows), targets).exp()
    assert ((found - logs).abs() <= ERRORS * logs * errors).all()


def test_marginals_given_what_random_worlds_seldom_meet() -> None:
    """A ring of ten, no two neighbours alike: one random world in sixty; the guided ones all are."""
    ring = violations(10)
    graph, (output,) = ring.graph, ring.outputs
    colours = Output("colour", (0, 1, 2), tuple(graph.leaf(3, c) for c in range(3)))
    program = GroundProgram(ring.symbols, graph, (colours,), (output.literals[0],))
    rows = problems.beliefs(program, 3, 0)
    oracle = Assignments(program).marginals(rows)[0]
    (found,) = Sampling(samples=2048).prepare(program).marginals(rows)
    (random,) = Sampling(samples=2048, estimator="reinforce").prepare(program).marginals(rows)
    for marginal in (found, random):
        assert (abs(np.exp(marginal.log_probs) - oracle) <= ERRORS * marginal.standard_error).all()
    assert found.standard_error.max() < 0.5 * random.standard_error.max()
    assert (Sampling(samples=2048).prepare(program).predict(rows)[:, 0] == oracle.argmax(axis=1)).all()


def test_the_choice_of_likelihood_is_by_the_structure() -> None:
    """Digits of sums fall into stages of two symbols, and so do constraints; the parity of forty does not."""
    assert Sampling().prepare(carry_chain(3)).likelihood == "joint"
    assert Sampling(estimator="reinforce").prepare(carry_chain(3)).likelihood == "per-output"
    assert Sampling(likelihood="per-output").prepare(carry_chain(3)).likelihood == "per-output"
    graph = Graph()
    odd = graph.leaf(0, 1)
    for i in range(1, 40):
        ways = [[odd, graph.leaf(i, 0)], [Lit(-odd), graph.leaf(i, 1)]]
        odd = graph.disjunction(map(graph.conjunction, ways))
    symbols = tuple(Symbol(str(i), ("0", "1")) for i in range(40))
    program = GroundProgram(symbols, graph, (Output("odd", ("no", "yes"), (Lit(-odd), odd)),))
    assert Sampling().prepare(program).likelihood == "per-output"
    assert Sampling().prepare(violations()).likelihood == "joint"


def test_the_seed_repeats_the_draws_and_a_copy_starts_from_it() -> None:
    program = addition()
    rows = problems.beliefs(program, 4, 0)
    targets = np.full((4, 1), 9)
    # Guided draws find all ten worlds of the sum: they would leave nothing to chance.
    first, second, other = (Sampling(seed=s, estimator="reinforce").prepare(program) for s in (5, 5, 6))
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
    inference = Sampling(estimator="reinforce").prepare(conditioned_coin())
    for ask in (
        lambda: inference.log_prob(rows, np.array([[0], [0]])),
        lambda: inference.loss(rows, np.array([[0], [0]])),
        lambda: inference.marginals(rows),
        lambda: inference.predict(rows),
    ):
        with pytest.raises(EngineError) as caught:
            ask()
        assert caught.value.code == "condition-never-met"
        assert "example 1" in caught.value.message


@pytest.mark.parametrize("estimator", ["auto", "reinforce", "indecater", "importance"])
def test_a_condition_that_no_world_meets_is_said_to_be_one(estimator: EstimatorName) -> None:
    graph = Graph()
    coin = graph.leaf(0, 1)
    symbols = (Symbol("coin", ("false", "true")), Symbol("other", ("false", "true")))
    outputs = (Output("heads", (0, 1), (Lit(-graph.leaf(1, 1)), graph.leaf(1, 1))),)
    program = GroundProgram(symbols, graph, outputs, (coin, graph.leaf(0, 0)))
    inference = Sampling(64, estimator=estimator).prepare(program)
    rows = np.log(np.full((2, 4), 0.5))
    for ask in (
        lambda: inference.log_prob(rows, np.array([[0], [0]])),
        lambda: inference.loss(rows, np.array([[0], [0]])),
        lambda: inference.marginals(rows),
        lambda: inference.predict(rows),
    ):
        with pytest.raises(SemanticsError) as caught:
            ask()
        assert caught.value.code == "inconsistent-evidence"


def test_guided_draws_meet_a_condition_that_random_worlds_miss() -> None:
    rows = np.log(np.array([[1.0 - 1e-12, 1e-12]]))
    assert Sampling().prepare(conditioned_coin()).log_prob(rows, np.array([[0]])).tolist() == [-np.inf]
    assert Sampling().prepare(conditioned_coin()).log_prob(rows, np.array([[1]])).tolist() == [0.0]


def test_an_output_without_a_value_is_an_error() -> None:
    graph = Graph()
    output = Output("partial", ("only",), (graph.leaf(0, 1),))
    program = GroundProgram((Symbol("coin", ("false", "true")),), graph, (output,))
    with pytest.raises(EngineError) as caught, np.errstate(divide="ignore"):
        Sampling().prepare(program).predict(np.log([[0.5, 0.5], [1.0, 0.0]]))
    assert caught.value.code == "no-output-value"
    assert "example 1" in caught.value.message


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *(("samples", value) for value in (1, 2.5, "many", None, True)),
        *(("seed", value) for value in (-1, 0.5, "1", 1 << 63, False)),
        *(("estimator", value) for value in ("guess", None, 1)),
        *(("likelihood", value) for value in ("none", None)),
    ],
)
def test_bad_options_are_errors(option: str, value: object) -> None:
    with pytest.raises(EngineError, match=f"{option} is ") as caught:
        Sampling(**{option: value})
    assert caught.value.code == "invalid-option"
