"""Estimators against enumeration: without bias, errors as said, gradients that point the right way."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from nesy.engines.exact import Exact
from nesy.engines.sampling import Sampling, counting
from nesy.engines.sampling.choosing import estimated
from nesy.engines.sampling.counting import Counter
from nesy.engines.sampling.engine import EstimatorName
from nesy.engines.sampling.estimates import Estimate
from nesy.engines.sampling.estimating import ESTIMATORS
from nesy.engines.sampling.program import SampledProgram
from nesy.engines.sampling.terms import Likelihood, Terms, terms_of
from nesy.logic.graph import Graph, Lit
from nesy.logic.program import GroundProgram, Output, Symbol
from tests.oracles.ground import Assignments
from tests.unit.engines import problems
from tests.unit.engines.problems import carry_chain, random_program

FloatArray = NDArray[np.float64]

Z = 5.0
"""Standard errors that a mean may be off: once in 1.7 million comparisons; the draws are seeded."""

REPEATS = 800

pytestmark = pytest.mark.usefixtures("one_thread")


class Truth:
    """By enumeration, for one row of beliefs: P(event), and the gradient of that in normalised beliefs."""

    def __init__(self, program: GroundProgram, row: FloatArray, target: tuple[int, ...]) -> None:
        oracle = Assignments(program)
        hit = oracle.accepted.copy()
        for truth, value in zip(oracle.truths, target, strict=True):
            hit &= truth[value] if value >= 0 else True
        weights = oracle.weights(row[None])[0] * hit
        self.probability = float(weights.sum())
        together = np.zeros(program.width)
        for symbol, start in enumerate(program.offsets[:-1]):
            np.add.at(together, start + oracle.values[:, symbol], weights)
        self.gradient: FloatArray = together - np.exp(row) * self.probability


def event_of(program: SampledProgram, target: tuple[int, ...], repeats: int) -> Terms:
    """The target together with the condition, for as many examples; without the condition alone."""
    targets = np.repeat(np.array([target]), repeats, axis=0)
    terms = terms_of(program, targets, "joint")
    events = [e for e, wanted in zip(terms.events, terms.observed, strict=True) if wanted]
    return Terms(events, np.arange(repeats + 1), np.ones(repeats), np.ones(repeats, dtype=np.bool_))


def likely(program: GroundProgram, row: FloatArray) -> tuple[int, ...]:
    best = max(problems.worlds(program, row), key=lambda w: w.probability).values
    return tuple(
        next(v for v, lit in enumerate(o.literals) if problems.holds(program.graph, lit, best))
        for o in program.outputs
    )


def draws(
    name: str,
    program: GroundProgram,
    row: FloatArray,
    target: tuple[int, ...],
    samples: int,
    repeats: int = REPEATS,
) -> tuple[Terms, Estimate]:
    sampled = SampledProgram(program)
    terms = event_of(sampled, target, repeats)
    seeds = np.random.default_rng(7).integers(1 << 60, size=repeats).astype(np.uint64)
    rows = np.repeat(np.exp(row)[None], repeats, axis=0)
    return terms, ESTIMATORS[name](Counter(sampled, samples), rows, terms, seeds)


def off(values: FloatArray, truth: FloatArray | float) -> FloatArray:
    """How many standard errors the mean of independent values is off; 0 where all are right."""
    error = values.std(axis=0, ddof=1) / np.sqrt(len(values))
    found: FloatArray = np.abs(values.mean(axis=0) - truth) / (error + 1e-12)
    return found


@pytest.mark.parametrize("name", ESTIMATORS)
@pytest.mark.parametrize("seed", [0, 1, 3, 5])
def test_probability_and_its_gradient_are_unbiased(name: str, seed: int) -> None:
    program = random_program(seed)
    row = problems.beliefs(program, 1, seed)[0]
    target = likely(program, row)
    truth = Truth(program, row, target)
    _, found = draws(name, program, row, target, 64)
    probability = np.exp(found.log_probability)
    gradient = probability[:, None] * found.scores
    assert off(probability, truth.probability) < Z
    assert (off(gradient, truth.gradient) < Z).all()
    noise = gradient.std(axis=0).max() / np.sqrt(len(gradient))
    assert np.abs(truth.gradient).max() > 4 * noise, "the test could not tell this gradient from 0"


@pytest.mark.parametrize("name", ESTIMATORS)
def test_standard_errors_and_noise_are_as_large_as_they_say(name: str) -> None:
    program = carry_chain(2)
    row = problems.beliefs(program, 1, 3)[0]
    # Three thousand worlds have it: not all of them are found.
    target = (-1, likely(program, row)[1], -1)
    truth = Truth(program, row, target)
    _, found = draws(name, program, row, target, 1024, 300)
    spread = np.exp(found.log_probability).std() / truth.probability
    claimed = np.sqrt((found.error**2).mean())
    # IndeCateR states the error of counting alone, and is better than that.
    assert 0.8 * spread <= claimed <= (4.0 if name == "indecater" else 1.4) * spread
    scores = truth.gradient / truth.probability
    error = ((found.scores - scores) ** 2).sum(axis=1).mean()
    assert 0.7 * error <= found.noise.mean() <= 1.5 * error


@pytest.mark.parametrize("name", ESTIMATORS)
@pytest.mark.parametrize("likelihood", ["joint", "per-output"])
def test_gradients_point_where_the_exact_one_does(name: EstimatorName, likelihood: Likelihood) -> None:
    program = carry_chain(1)
    scores = torch.from_numpy(problems.beliefs(program, 8, 0)).requires_grad_()
    rows = torch.cat([part.log_softmax(dim=1) for part in scores.split(10, dim=1)], dim=1)
    targets = torch.tensor([likely(program, row) for row in rows.detach().numpy()])
    inference = Sampling(10_000, estimator=name, likelihood=likelihood).prepare(program)
    (found,) = torch.autograd.grad(inference.loss(rows, targets), scores, retain_graph=True)
    exact = Exact().prepare(program)
    logs = [m.log_probs.gather(1, t[:, None]) for m, t in zip(exact.marginals(rows), targets.T, strict=True)]
    loss = exact.loss(rows, targets) if likelihood == "joint" else -sum(x.mean() for x in logs)
    (wanted,) = torch.autograd.grad(loss, scores)
    assert torch.cosine_similarity(found.flatten(), wanted.flatten(), dim=0) >= 0.99


@pytest.mark.parametrize("name", ["auto", *ESTIMATORS])
def test_draws_are_the_same_on_any_number_of_threads(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = carry_chain(2)
    rows = np.exp(problems.beliefs(program, 9, 0))
    sampled = SampledProgram(program)
    terms = terms_of(sampled, np.array([[3, 4, 0]] * 9), "per-output")
    made = []
    for threads in (1, 3):
        monkeypatch.setattr(counting, "threads_for", lambda _, count=threads: count)
        seeds = np.arange(9, dtype=np.uint64)
        made.append(estimated(name, Counter(sampled, 256), rows, terms, seeds)[0])
    for one, other in zip(vars(made[0]).values(), vars(made[1]).values(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_auto_tries_again_where_nothing_hit() -> None:
    """That forty coins agree is a disjunction no random world meets; read, all follow from the first."""
    graph, coins = Graph(), 40
    ways = [graph.conjunction(graph.leaf(i, side) for i in range(coins)) for side in (0, 1)]
    agree = graph.disjunction(ways)
    symbols = tuple(Symbol(str(i), ("heads", "tails")) for i in range(coins))
    output = Output("agree", ("no", "yes"), (Lit(-agree), agree))
    sampled = SampledProgram(GroundProgram(symbols, graph, (output,)))
    rows = np.tile([0.6, 0.4], (1, coins))
    terms = terms_of(sampled, np.array([[1]]), "joint")
    found, name = estimated("auto", Counter(sampled, 256), rows, terms, np.arange(1, dtype=np.uint64))
    assert name == "mixed"
    np.testing.assert_allclose(np.exp(found.log_probability), 0.6**coins + 0.4**coins, rtol=1e-6)
