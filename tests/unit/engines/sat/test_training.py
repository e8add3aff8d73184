"""What `loss` is, for each way of training, and where its noise is."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from nesy.engines.sat import Sat, SatInference
from nesy.logic.graph import Graph, Lit
from nesy.logic.program import GroundProgram, Output, Symbol
from tests.unit.engines.problems import addition
from tests.unit.engines.sat.problems import permutation, random_rows


def pairs(row: np.ndarray, total: int) -> list[tuple[float, int, int]]:
    """The pairs of digits of a sum, the most probable first."""
    found = [(row[a] + row[10 + total - a], a, total - a) for a in range(10) if 0 <= total - a < 10]
    return sorted(found, reverse=True)


def gradient(engine: Sat, program: GroundProgram, rows: np.ndarray, targets: np.ndarray) -> np.ndarray:
    beliefs = torch.from_numpy(rows).requires_grad_()
    engine.prepare(program).loss(beliefs, torch.from_numpy(targets)).backward()
    assert beliefs.grad is not None
    return beliefs.grad.numpy()


def test_several_worlds_are_weighted_by_their_probabilities() -> None:
    program, targets = addition(), np.array([[6]])
    rows = random_rows(program, 1, 0, sharpness=2.0)
    found = Sat(worlds=3, perturb=0.0).prepare(program).loss(rows, targets)
    best = pairs(rows[0], 6)[:3]
    weights = np.exp([score for score, _, _ in best])
    assert found == pytest.approx(-np.log(weights.sum()))
    slope = gradient(Sat(worlds=3, perturb=0.0), program, rows, targets)[0]
    expected = np.zeros(20)
    for weight, (_, a, b) in zip(weights / weights.sum(), best, strict=True):
        expected[[a, 10 + b]] -= weight
    np.testing.assert_allclose(slope, expected, atol=1e-12)


def test_all_worlds_are_the_exact_loss() -> None:
    program, rows, targets = addition(), random_rows(addition(), 2, 1), np.array([[18], [1]])
    found = Sat(worlds=5, perturb=0.0).prepare(program).loss(rows, targets)
    exact = [
        np.log(sum(np.exp(s) for s, _, _ in pairs(row, t))) for row, (t,) in zip(rows, targets, strict=True)
    ]
    assert found == pytest.approx(-np.mean(exact))


def test_noise_chooses_among_worlds_but_does_not_weigh_them() -> None:
    """With all worlds of the target in, noise changes nothing."""
    program, rows, targets = addition(), random_rows(addition(), 1, 1), np.array([[3]])
    calm, noisy = (Sat(worlds=4, perturb=p).prepare(program).loss(rows, targets) for p in (0.0, 2.0))
    assert noisy == pytest.approx(calm)


def test_perturb_and_map_pulls_from_the_best_world_of_all_to_the_best_of_the_target() -> None:
    program, targets = addition(), np.array([[6]])
    rows = random_rows(program, 1, 0, sharpness=2.0)
    engine = Sat(training="perturb-and-map", perturb=0.0)
    _, a, b = pairs(rows[0], 6)[0]
    free = int(rows[0, :10].argmax()), int(rows[0, 10:].argmax())
    expected = np.zeros(20)
    expected[[a, 10 + b]] -= 1
    expected[[free[0], 10 + free[1]]] += 1
    np.testing.assert_allclose(gradient(engine, program, rows, targets)[0], expected)
    np.testing.assert_allclose(gradient(engine, program, rows, np.array([[sum(free)]]))[0], 0.0)


def test_the_best_world_of_all_meets_the_condition() -> None:
    program = permutation(4)
    rows = random_rows(program, 6, 2)
    targets = np.array([[i % 4, -1, -1, -1] for i in range(6)])
    slope = gradient(Sat(training="perturb-and-map", perturb=0.0), program, rows, targets)
    pulled = (slope * 6 > 0.5).reshape(6, 4, 4)
    # Where the two worlds differ, each value left by one symbol is taken by another.
    pushed = (slope * 6 < -0.5).reshape(6, 4, 4)
    assert (pulled.sum(axis=1) == pushed.sum(axis=1)).all()
    assert pulled.any()


def coin_and_die() -> GroundProgram:
    """A die; the output is whether it shows 3."""
    graph = Graph()
    die = [graph.leaf(0, v) for v in range(3)]
    output = Output("three", (0, 1), (graph.disjunction(die[:2]), die[2]))
    return GroundProgram((Symbol("die", ("1", "2", "3")),), graph, (output,))


def test_perturb_and_map_is_on_average_the_gradient_of_the_likelihood() -> None:
    """One symbol: perturbed worlds are exact draws from the prior and the posterior."""
    row = np.log([0.3, 0.1, 0.6])
    count = 6000
    rows, targets = np.tile(row, (count, 1)), np.zeros((count, 1), dtype=np.int64)
    slope = gradient(Sat(training="perturb-and-map"), coin_and_die(), rows, targets).sum(axis=0)
    expected = np.array([0.3, 0.1, 0.6]) - np.array([0.75, 0.25, 0.0])
    # 4 standard errors of the difference of two shares.
    np.testing.assert_allclose(slope, expected, atol=4 * np.sqrt(0.5 / count))


@pytest.mark.parametrize("engine", [Sat(worlds=4), Sat(training="perturb-and-map"), Sat(perturb=0.5)])
def test_every_way_of_training_makes_the_target_certain(engine: Sat) -> None:
    program = addition()
    scores = torch.from_numpy(random_rows(program, 1, 4)).requires_grad_()
    inference = engine.prepare(program)
    optimiser = torch.optim.Adam([scores], lr=0.2)
    for _ in range(60):
        beliefs = torch.cat([part.log_softmax(1) for part in scores.split(10, dim=1)], dim=1)
        optimiser.zero_grad()
        inference.loss(beliefs, torch.tensor([[13]])).backward()
        optimiser.step()
    beliefs = torch.cat([part.log_softmax(1) for part in scores.detach().split(10, dim=1)], dim=1)
    assert inference.predict(beliefs).tolist() == [[13]]
    total = sum(float((beliefs[0, a] + beliefs[0, 10 + 13 - a]).exp()) for a in range(4, 10))
    assert total > 0.5


def test_the_noise_goes_on_where_it_was() -> None:
    program, rows, targets = addition(), random_rows(addition(), 8, 1), np.full((8, 1), 9)
    first, second = (Sat(seed=5).prepare(program) for _ in range(2))
    assert isinstance(first, SatInference)
    begun = first.loss(rows, targets)
    state = first.random_state()
    assert all(isinstance(part, torch.Tensor) for part in state.values())
    expected = [first.loss(rows, targets) for _ in range(2)]
    second.set_random_state(state)
    assert [second.loss(rows, targets) for _ in range(2)] == expected
    second.set_random_state({})
    assert second.loss(rows, targets) == begun


def test_unobserved_targets_leave_the_networks_alone() -> None:
    slope = gradient(Sat(worlds=2), addition(), random_rows(addition(), 1, 1), np.array([[-1]]))
    assert not slope.any()


def test_a_literal_that_is_false_costs_what_the_ladder_says() -> None:
    """The condition rules out a symbol's best two values: decided before the search, and paid for."""
    graph = Graph()
    die = [graph.leaf(0, v) for v in range(3)]
    coin = graph.leaf(1, 1)
    output = Output("coin", (0, 1), (Lit(-coin), coin))
    condition = (Lit(-die[0]), Lit(-die[1]))
    symbols = (Symbol("die", ("1", "2", "3")), Symbol("coin", ("false", "true")))
    program = GroundProgram(symbols, graph, (output,), condition)
    row = np.log([[0.5, 0.3, 0.2, 0.6, 0.4]])
    found = Sat(scale=1e7).prepare(program).best_worlds(row, k=3)
    np.testing.assert_allclose(np.exp(found.scores[0]), [0.12, 0.08, 0.0])
    assert found.optimal[0].tolist() == [True, True, False]
