"""The k best worlds, time limits, and what is answered where there is little or nothing to find."""

from __future__ import annotations

import signal
import threading

import numpy as np
import pytest
import torch
from scipy.optimize import linear_sum_assignment

from nesy.engines.sat import Sat, SatInference
from nesy.engines.sat.oracle import Oracle
from nesy.errors import EngineError, SemanticsError
from nesy.logic.graph import Graph, Lit
from nesy.logic.program import GroundProgram, Output, Symbol
from tests.unit.engines import problems
from tests.unit.engines.problems import addition, carry_chain
from tests.unit.engines.sat.problems import different, permutation, random_rows

FINE = 1e7
ROUNDING = 1e-5


def assigned(row: np.ndarray, count: int) -> float:
    """The score of the best permutation, by the Hungarian method."""
    scores = row.reshape(count, count)
    return float(scores[linear_sum_assignment(-scores)].sum())


def sums(values: np.ndarray) -> list[int]:
    return values.sum(axis=1).tolist()


def test_the_best_pairs_of_digits_for_a_sum() -> None:
    program = addition()
    rows = random_rows(program, 3, 0, sharpness=2.0)
    found = Sat(scale=FINE).prepare(program).best_worlds(rows, np.array([[7], [0], [18]]), k=3)
    assert isinstance(found.values, np.ndarray)
    assert sums(found.values[0]) == [7, 7, 7]
    expected = sorted((rows[0, a] + rows[0, 10 + 7 - a] for a in range(8)), reverse=True)
    np.testing.assert_allclose(found.scores[0], expected[:3], atol=1e-12)
    assert expected[3] <= found.bound[0] <= expected[2] + ROUNDING
    # 0 + 0 and 9 + 9 have no second.
    assert found.optimal.tolist() == [[True] * 3, [True, False, False], [True, False, False]]
    assert found.values[1].tolist() == [[0, 0], [-1, -1], [-1, -1]]
    assert found.values[2, 0].tolist() == [9, 9]
    assert np.isneginf(found.scores[1:, 1:]).all()
    assert np.isneginf(found.bound[1:]).all()


def test_without_targets_the_worlds_are_those_of_all_symbols_that_outputs_depend_on() -> None:
    program = addition()
    rows = random_rows(program, 2, 1)
    found = Sat(scale=FINE).prepare(program).best_worlds(rows, k=2)
    expected = sorted((x + y for x in rows[1, :10] for y in rows[1, 10:]), reverse=True)
    np.testing.assert_allclose(found.scores[1], expected[:2], atol=1e-12)


@pytest.mark.parametrize("count", [4, 7, 9])
def test_the_best_permutation_is_that_of_the_hungarian_method(count: int) -> None:
    program = permutation(count)
    rows = random_rows(program, 4, count)
    inference = Sat(scale=FINE).prepare(program)
    found = inference.best_worlds(rows)
    np.testing.assert_allclose(found.scores[:, 0], [assigned(row, count) for row in rows], atol=ROUNDING)
    assert found.optimal.all()
    assert inference.predict(rows).tolist() == found.values[:, 0].tolist()


def test_a_time_limit_gives_the_best_seen_so_far_and_a_bound_that_holds() -> None:
    program = permutation(20)
    rows = random_rows(program, 1, 0)
    inference = Sat(time_limit=0.4).prepare(program)
    found = inference.best_worlds(rows, k=3)
    best = assigned(rows[0], 20)
    assert sorted(found.values[0, 0].tolist()) == list(range(20))
    # How far it comes in that time is the machine's affair; what it says of that has to be true.
    if found.optimal[0, 0]:
        assert found.scores[0, 0] == pytest.approx(best, abs=20 / 1000)  # twenty rounded costs
    else:
        assert found.scores[0, 0] <= best + ROUNDING
        assert best <= found.bound[0] + 20 / 1000
    assert sorted(inference.predict(rows)[0].tolist()) == list(range(20))
    assert inference.log_prob(rows, np.full((1, 20), -1))[0] <= best


def test_no_world_in_time_is_an_error() -> None:
    """Eleven that differ among ten values: there is no world, and resolution takes very long to see it."""
    program = different(11, 10)
    inference = Sat(time_limit=0.05).prepare(program)
    rows = random_rows(program, 2, 0)
    with pytest.raises(EngineError) as caught:
        inference.log_prob(rows, np.array([[0], [1]]))
    assert caught.value.code == "time-limit"
    assert "example 1" in caught.value.message
    assert "0.05 s" in caught.value.message
    assert inference.log_prob(rows[:1], np.array([[0]]))[0] > -np.inf


def test_targets_that_no_world_gives_have_no_worlds() -> None:
    program = carry_chain(1)
    rows = random_rows(program, 2, 3)
    found = Sat().prepare(program).best_worlds(rows, np.array([[9, 1], [8, 1]]), k=2)
    assert np.isneginf(found.scores[0]).all()
    assert (found.values[0] == -1).all()
    assert found.bound[0] == -np.inf
    assert found.optimal.tolist() == [[False, False], [True, False]]


def test_tensors_in_tensors_out_and_scores_are_differentiable() -> None:
    program = addition()
    rows = torch.from_numpy(random_rows(program, 2, 5)).requires_grad_()
    found = Sat().prepare(program).best_worlds(rows, torch.tensor([[4], [11]]), k=2)
    assert found.values.dtype == torch.int64
    assert found.optimal.dtype == torch.bool
    found.scores[0, 1].backward()
    assert rows.grad is not None
    assert sorted(rows.grad[0].tolist()) == [0.0] * 18 + [1.0] * 2
    assert not rows.grad[1].any()


def test_several_worlds_tighten_the_bounds() -> None:
    program = addition()
    rows = random_rows(program, 4, 7)
    targets = np.array([[3], [9], [12], [-1]])
    exact = [
        problems.probability(program, row, tuple(t)) for row, t in zip(rows, targets.tolist(), strict=True)
    ]
    bounds = [np.exp(Sat(worlds=k).prepare(program).log_prob(rows, targets)) for k in (1, 3, 100)]
    assert (bounds[0][:3] < bounds[1][:3]).all()
    assert (bounds[1][:3] < exact[:3]).all()
    np.testing.assert_allclose(bounds[2], exact)
    marginal = Sat(worlds=100).prepare(program).marginals(rows)[0].log_probs
    np.testing.assert_allclose(np.exp(marginal).sum(axis=1), 1.0)


@pytest.mark.parametrize("kind", [np.asarray, torch.tensor])
def test_empty_batches(kind) -> None:
    inference = Sat(worlds=2).prepare(carry_chain(1))
    beliefs, targets = kind(np.zeros((0, 20))), kind(np.zeros((0, 2), dtype=np.int64))
    assert inference.log_prob(beliefs, targets).shape == (0,)
    assert inference.predict(beliefs).shape == (0, 2)
    assert [m.log_probs.shape for m in inference.marginals(beliefs)] == [(0, 10), (0, 2)]
    assert inference.best_worlds(beliefs, k=3).values.shape == (0, 3, 2)
    assert float(inference.loss(beliefs, targets)) == 0.0


def test_an_empty_batch_has_a_gradient() -> None:
    beliefs = torch.zeros((0, 20), requires_grad=True)
    Sat().prepare(addition()).loss(beliefs, torch.zeros((0, 1), dtype=torch.int64)).backward()
    assert beliefs.grad is not None


def test_infinite_beliefs_are_refused_and_a_symbol_without_possible_values_has_no_world() -> None:
    program = addition()
    inference = Sat().prepare(program)
    rows = random_rows(program, 1, 0)
    rows[0, 3] = np.inf
    with pytest.raises(EngineError) as caught:
        inference.predict(rows)
    assert caught.value.code == "invalid-beliefs"
    assert "+inf" in caught.value.message
    rows[0, :10] = -np.inf
    assert inference.log_prob(rows, np.array([[4]]))[0] == -np.inf


def two_coins() -> GroundProgram:
    """The condition is about the first coin; the output is the second."""
    graph = Graph()
    first, second = graph.leaf(0, 1), graph.leaf(1, 1)
    coin = ("false", "true")
    output = Output("second", (0, 1), (Lit(-second), second))
    return GroundProgram(
        (Symbol("a", coin), Symbol("b", coin), Symbol("c", coin)), graph, (output,), (first,)
    )


def test_what_nothing_depends_on_is_left_out() -> None:
    inference = Sat(scale=FINE).prepare(two_coins())
    row = np.log([[0.7, 0.3, 0.6, 0.4, 0.1, 0.9]])
    found = inference.best_worlds(row, k=3)
    assert found.values[0].tolist() == [[1, 0, -1], [1, 1, -1], [-1, -1, -1]]
    np.testing.assert_allclose(np.exp(found.scores[0]), [0.18, 0.12, 0.0])
    # A target about the second coin does not ask about the third; none asks about the first alone.
    np.testing.assert_allclose(np.exp(inference.log_prob(row, np.array([[1]]))), 0.12)
    np.testing.assert_allclose(np.exp(inference.log_prob(row, np.array([[-1]]))), 0.3)


def test_a_condition_that_the_beliefs_rule_out_is_an_error() -> None:
    row = np.array([[0.0, -np.inf, -0.7, -0.7, -0.7, -0.7]])
    with pytest.raises(SemanticsError) as caught:
        Sat().prepare(two_coins()).best_worlds(row)
    assert caught.value.code == "inconsistent-evidence"


def test_one_encoding_serves_all_targets(monkeypatch: pytest.MonkeyPatch) -> None:
    program = carry_chain(2)
    inference = Sat(perturb=0.0).prepare(program)
    assert isinstance(inference, SatInference)

    def fail(*_: object) -> None:
        raise AssertionError("encoded again")

    monkeypatch.setattr("nesy.engines.sat.oracle._LEAST_GROWTH", 1_000_000)
    monkeypatch.setattr("nesy.engines.sat.inference.encoded", fail)
    monkeypatch.setattr("nesy.engines.sat.oracle.Oracle._load", fail)
    rows = random_rows(program, 40, 0)
    targets = np.array([[i % 10, -1, -1] for i in range(20)] + [[-1, i % 10, i % 2] for i in range(20)])
    assert np.isfinite(inference.log_prob(rows, targets)).all()
    assert np.isfinite(inference.loss(rows, targets))


def test_a_solver_that_questions_have_filled_is_loaded_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    program = permutation(7)
    rows = random_rows(program, 12, 0)
    expected = Sat().prepare(program).best_worlds(rows, k=3).scores
    monkeypatch.setattr("nesy.engines.sat.oracle._LEAST_GROWTH", -1000)
    loads = []
    load = Oracle._load
    monkeypatch.setattr(Oracle, "_load", lambda self: (loads.append(1), load(self)))
    np.testing.assert_allclose(Sat().prepare(program).best_worlds(rows, k=3).scores, expected, atol=ROUNDING)
    assert len(loads) > 5


@pytest.mark.parametrize(
    "options",
    [
        {"scale": np.inf},
        {"time_limit": 0.0},
        {"jobs": 0},
        {"training": "magic"},
        {"worlds": 0},
        {"perturb": np.nan},
    ],
)
def test_bad_options_are_errors(options: dict[str, object]) -> None:
    with pytest.raises(EngineError) as caught:
        Sat(**options)  # type: ignore[arg-type]
    assert caught.value.code == "invalid-option"


def test_ctrl_c_ends_a_search() -> None:
    """Eleven among ten again: nothing but an interruption would end it."""
    program = different(11, 10)
    inference = Sat().prepare(program)
    # Whoever starts the tests may have it ignored, as shells do for what runs in the background.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(0.2, signal.raise_signal, [signal.SIGINT])
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            inference.log_prob(random_rows(program, 1, 0), np.array([[1]]))
        timer.join()
    finally:
        signal.signal(signal.SIGINT, before)
