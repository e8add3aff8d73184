"""MaxSAT inference against enumeration of all worlds."""

from __future__ import annotations

import copy
from itertools import product

import numpy as np
import pytest
import torch

from nesy.engines.inference import Guarantee
from nesy.engines.sat import Sat
from nesy.errors import EngineError, SemanticsError
from nesy.logic.graph import Graph, Lit
from nesy.logic.program import GroundProgram, Output, Symbol
from tests.unit.engines import problems
from tests.unit.engines.problems import (
    addition,
    carry_chain,
    gives,
    holds,
    probability,
    random_program,
    worlds,
)

FINE = 1e7
"""A scale at which rounding moves a world of six symbols by less than a millionth of a nat."""
ROUNDING = 1e-5

SEEDS = range(25)


def cone(program: GroundProgram, target: tuple[int, ...]) -> set[int]:
    """The symbols below the observed outputs and the condition."""
    graph = program.graph
    literals = [o.literals[t] for o, t in zip(program.outputs, target, strict=True) if t >= 0]
    reached = graph.reachable([*literals, *program.condition])
    return {graph.args[n][0] for n in reached if graph.kinds[n].name == "LEAF"}


def best_weight(program: GroundProgram, row: problems.Row, target: tuple[int, ...]) -> float:
    """The log-weight of the best world that gives the target, over the symbols it depends on."""
    counted = cone(program, target)
    starts = program.offsets
    return max(
        (
            float(sum(row[starts[s] + v] for s, v in enumerate(w.values) if s in counted))
            for w in worlds(program, row)
            if gives(program, w.values, target)
        ),
        default=-np.inf,
    )


def targets_of(program: GroundProgram) -> list[tuple[int, ...]]:
    return list(product(*(range(-1, len(o.domain)) for o in program.outputs)))


def satisfiable(seed: int) -> GroundProgram | None:
    program = random_program(seed)
    row = problems.beliefs(program, 1, seed)[0]
    return program if any(True for _ in worlds(program, row)) else None


PROGRAMS = [(seed, program) for seed in SEEDS if (program := satisfiable(seed)) is not None]


def test_enough_of_the_random_programs_have_worlds() -> None:
    assert len(PROGRAMS) >= 20


@pytest.mark.parametrize(("seed", "program"), PROGRAMS)
def test_log_prob_is_the_best_world_and_a_lower_bound(seed: int, program: GroundProgram) -> None:
    row = problems.beliefs(program, 1, seed, sharpness=2.0)[0]
    targets = targets_of(program)
    inference = Sat(scale=FINE).prepare(program)
    assert inference.guarantee is Guarantee.LOWER_BOUND
    found = inference.log_prob(np.tile(row, (len(targets), 1)), np.array(targets))
    for value, target in zip(found, targets, strict=True):
        assert value == pytest.approx(best_weight(program, row, target), abs=ROUNDING)
        assert np.exp(value) <= probability(program, row, target) + 1e-12


@pytest.mark.parametrize(("seed", "program"), PROGRAMS)
def test_a_coarse_scale_keeps_its_stated_bound(seed: int, program: GroundProgram) -> None:
    row = problems.beliefs(program, 1, seed, sharpness=2.0)[0]
    scale = 4.0
    for target in targets_of(program):
        (value,) = Sat(scale=scale).prepare(program).log_prob(row[None], np.array([target]))
        best = best_weight(program, row, target)
        if np.isinf(best):
            assert value == best
        else:
            assert best - len(cone(program, target)) / scale - 1e-9 <= value <= best + 1e-9


@pytest.mark.parametrize(("seed", "program"), PROGRAMS)
def test_predict_reads_the_outputs_in_the_most_probable_world(seed: int, program: GroundProgram) -> None:
    rows = problems.beliefs(program, 4, seed, sharpness=2.0)
    found = Sat(scale=FINE).prepare(program).predict(rows)
    assert found.dtype == np.int64
    for row, values in zip(rows, found, strict=True):
        best = max(worlds(program, row), key=lambda w: w.probability).values
        for output, value in zip(program.outputs, values, strict=True):
            assert [holds(program.graph, x, best) for x in output.literals].index(True) == value


@pytest.mark.parametrize(("seed", "program"), PROGRAMS[:8])
def test_marginals_bound_every_value(seed: int, program: GroundProgram) -> None:
    rows = problems.beliefs(program, 2, seed)
    marginals = Sat(scale=FINE).prepare(program).marginals(rows)
    assert len(marginals) == len(program.outputs)
    for index, (output, marginal) in enumerate(zip(program.outputs, marginals, strict=True)):
        assert marginal.standard_error is None
        for b, value in product(range(2), range(len(output.domain))):
            target = tuple(value if i == index else -1 for i in range(len(program.outputs)))
            expected = best_weight(program, rows[b], target)
            assert marginal.log_probs[b, value] == pytest.approx(expected, abs=ROUNDING)


def test_torch_gives_what_numpy_gives_and_the_gradient_marks_the_world() -> None:
    program = addition()
    rows = problems.beliefs(program, 6, 3)
    targets = np.array([[0], [18], [9], [5], [-1], [11]])
    inference = Sat().prepare(program)
    tensor = torch.from_numpy(rows).requires_grad_()
    found = inference.log_prob(tensor, torch.from_numpy(targets))
    np.testing.assert_allclose(found.detach().numpy(), inference.log_prob(rows, targets))
    found.sum().backward()
    assert tensor.grad is not None
    for b, (total,) in enumerate(targets.tolist()):
        a, c = (tensor.grad[b, start : start + 10] for start in (0, 10))
        if total < 0:
            assert not tensor.grad[b].any()
        else:
            assert sorted(a.tolist()) == sorted(c.tolist()) == [0.0] * 9 + [1.0]
            assert int(a.argmax() + c.argmax()) == total
    predicted = inference.predict(tensor)
    assert predicted.dtype == torch.int64
    np.testing.assert_array_equal(predicted.numpy(), inference.predict(rows))


def test_a_belief_of_minus_infinity_is_impossible_and_leaves_finite_gradients() -> None:
    program = addition()
    rows = torch.from_numpy(problems.beliefs(program, 2, 4))
    rows[0, 3] = -torch.inf  # a = 3
    rows[1, 1:10] = -torch.inf  # a = 0
    rows.requires_grad_()
    inference = Sat().prepare(program)
    found = inference.log_prob(rows, torch.tensor([[3], [12]]))
    assert found[0].isfinite()
    assert found[1] == -torch.inf
    found.sum().backward()
    assert rows.grad is not None
    assert rows.grad.isfinite().all()
    assert rows.grad[0, 3] == 0
    assert not rows.grad[1].any()


def test_loss_without_noise_is_cross_entropy_towards_the_best_world() -> None:
    program = carry_chain(2)
    rows = problems.beliefs(program, 2, 0)
    targets = np.array([[-1, 4, -1], [8, 9, 1]])
    inference = Sat(perturb=0.0).prepare(program)
    expected = [best_weight(program, row, tuple(t)) for row, t in zip(rows, targets.tolist(), strict=True)]
    assert inference.loss(rows, targets) == pytest.approx(-np.mean(expected), abs=4 / 1000)


def test_noise_draws_consistent_worlds_in_about_the_posterior_proportions() -> None:
    """One coin, one die; the target leaves three worlds. Perturbing is exact where one symbol is free."""
    graph = Graph()
    die = [graph.leaf(0, v) for v in range(3)]
    output = Output("low", (0, 1), (die[2], graph.disjunction(die[:2])))
    program = GroundProgram((Symbol("die", ("1", "2", "3")),), graph, (output,))
    row = np.log([0.3, 0.1, 0.6])
    batch = 4000
    beliefs = torch.from_numpy(np.tile(row, (batch, 1))).requires_grad_()
    Sat(perturb=1.0).prepare(program).loss(beliefs, torch.ones((batch, 1), dtype=torch.int64)).backward()
    assert beliefs.grad is not None
    shares = -beliefs.grad.sum(dim=0)
    assert shares[2] == 0
    # 4 standard errors of a share of 0.75 among 4,000 draws.
    assert shares[0].item() == pytest.approx(0.75, abs=4 * np.sqrt(0.75 * 0.25 / batch))


def test_the_seed_repeats_the_noise() -> None:
    program = addition()
    rows, targets = problems.beliefs(program, 8, 1), np.full((8, 1), 9)
    first, second, other = (Sat(seed=s).prepare(program) for s in (5, 5, 6))
    one = [first.loss(rows, targets) for _ in range(3)]
    assert one == [second.loss(rows, targets) for _ in range(3)]
    assert one != [other.loss(rows, targets) for _ in range(3)]


def test_a_copy_answers_alike() -> None:
    program = addition()
    rows, targets = problems.beliefs(program, 3, 1), np.array([[4], [9], [17]])
    inference = Sat().prepare(program)
    expected = inference.log_prob(rows, targets)
    np.testing.assert_array_equal(copy.deepcopy(inference).log_prob(rows, targets), expected)


def exclusive() -> GroundProgram:
    """Two outputs that cannot both be 1, and one that is never 1."""
    graph = Graph()
    coin = graph.leaf(0, 1)
    outputs = (
        Output("heads", (0, 1), (Lit(-coin), coin)),
        Output("tails", (0, 1), (coin, Lit(-coin))),
        Output("never", (0, 1), (Lit(1), Lit(-1))),
    )
    return GroundProgram((Symbol("coin", ("false", "true")),), graph, outputs)


@pytest.mark.parametrize(
    ("target", "named"),
    [((0, 1, 1), "never = 1"), ((1, 1, 0), "heads = 1, tails = 1, never = 0"), ((-1, -1, 1), "never = 1")],
)
def test_an_impossible_target_names_the_example_and_the_outputs(target: tuple[int, ...], named: str) -> None:
    inference = Sat().prepare(exclusive())
    rows = np.log(np.full((3, 2), 0.5))
    targets = np.array([(0, 1, 0), (1, 0, 0), target])
    assert inference.log_prob(rows, targets)[2] == -np.inf
    with pytest.raises(EngineError) as caught:
        inference.loss(rows, targets)
    assert caught.value.code == "impossible-target"
    assert caught.value.message == f"example 2 of the batch: no world gives {named}"


def test_a_target_that_only_the_beliefs_rule_out_is_named_too() -> None:
    rows = np.array([[0.0, -np.inf]])
    with pytest.raises(EngineError) as caught:
        Sat().prepare(exclusive()).loss(rows, np.array([(1, -1, -1)]))
    assert caught.value.code == "impossible-target"
    assert "beliefs rule out" in caught.value.message


def test_a_condition_without_a_world_is_an_error_at_once() -> None:
    graph = Graph()
    program = GroundProgram((), graph, (), (Lit(-1),))
    with pytest.raises(SemanticsError) as caught:
        Sat().prepare(program)
    assert caught.value.code == "inconsistent-evidence"


def test_a_condition_that_the_beliefs_rule_out_is_an_error() -> None:
    graph = Graph()
    coin = graph.leaf(0, 1)
    output = Output("heads", (0, 1), (Lit(-coin), coin))
    program = GroundProgram((Symbol("coin", ("false", "true")),), graph, (output,), (coin,))
    rows = np.array([[np.log(0.5)] * 2, [0.0, -np.inf]])
    targets = np.array([[1], [1]])
    inference = Sat().prepare(program)
    for ask in (
        lambda: inference.log_prob(rows, targets),
        lambda: inference.loss(rows, targets),
        lambda: inference.predict(rows),
        lambda: inference.marginals(rows),
    ):
        with pytest.raises(SemanticsError) as caught:
            ask()
        assert caught.value.code == "inconsistent-evidence"
        assert "example 1" in caught.value.message


def test_an_undefined_output_is_an_error() -> None:
    graph = Graph()
    output = Output("partial", ("only",), (graph.leaf(0, 1),))
    program = GroundProgram((Symbol("coin", ("false", "true")),), graph, (output,))
    inference = Sat().prepare(program)
    assert inference.predict(np.log([[0.3, 0.7]])).tolist() == [[0]]
    with pytest.raises(EngineError) as caught:
        inference.predict(np.log([[0.3, 0.7], [0.7, 0.3]]))
    assert caught.value.code == "no-output-value"
    assert "example 1" in caught.value.message
    assert "partial" in caught.value.message


def test_nan_beliefs_and_bad_options_are_errors() -> None:
    with pytest.raises(EngineError) as caught:
        Sat().prepare(addition()).predict(np.full((1, 20), np.nan))
    assert caught.value.code == "invalid-beliefs"
    for options in ({"scale": 0.0}, {"perturb": -1.0}):
        with pytest.raises(EngineError) as caught:
            Sat(**options)
        assert caught.value.code == "invalid-option"
