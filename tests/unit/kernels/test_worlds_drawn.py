"""Draws of single symbols, and guided draws of whole worlds, against what they must be on average."""

from __future__ import annotations

import numpy as np
import pytest

from nesy.kernels.worlds.dependence import Dependence
from nesy.kernels.worlds.guided import guide, room
from nesy.kernels.worlds.plan import WorldPlan
from nesy.kernels.worlds.random import draw, stratify, tables_of, uniform
from nesy.kernels.worlds.stages import StagePlanner
from nesy.logic.graph import Graph, Lit
from nesy.logic.program import GroundProgram, Output, Symbol
from tests.oracles.ground import Assignments
from tests.unit.engines import problems
from tests.unit.engines.problems import carry_chain, random_program

Z = 5.0
"""Standard errors that a mean may be off: once in 1.7 million comparisons; the draws are seeded."""


def state(seed: int):
    return np.array([seed], dtype=np.uint64)


def test_uniform_numbers_are_uniform():
    numbers = np.array([uniform(s) for s in [state(1)] for _ in range(20000)])
    assert (numbers >= 0).all()
    assert (numbers < 1).all()
    counts = np.bincount((numbers * 20).astype(int), minlength=20)
    assert (abs(counts - 1000) < Z * np.sqrt(1000)).all()


@pytest.mark.parametrize("seed", range(4))
def test_values_are_drawn_as_often_as_they_are_believed(seed):
    rng = np.random.default_rng(seed)
    sizes = [1, 2, 7, 30]
    parts = [rng.dirichlet(np.full(size, 0.3)) for size in sizes]
    parts[2][[0, 3]] = 0.0
    firsts = np.cumsum([0, *sizes])
    probabilities = np.concatenate([part / part.sum() for part in parts])
    tables, own = tables_of(firsts, probabilities), state(seed)
    for begin, size in zip(firsts, sizes, strict=False):
        drawn = np.bincount([draw(tables, begin, size, own) for _ in range(4000)], minlength=size)
        expected = probabilities[begin : begin + size] * 4000
        assert (drawn[expected == 0] == 0).all()
        assert (abs(drawn - expected) <= Z * np.sqrt(expected) + 1).all()


def test_stratified_draws_are_as_often_as_believed_to_within_one_and_in_random_order():
    probabilities, values = np.array([0.0, 0.31, 0.0, 0.52, 0.17, 0.0]), np.empty(1000, np.int32)
    firsts = []
    for seed in range(200):
        stratify(probabilities, state(seed), values)
        counts = np.bincount(values, minlength=6)
        assert (abs(counts - 1000 * probabilities) <= 1).all()
        assert (counts[[0, 2, 5]] == 0).all()
        firsts.append(values[0])
    share = np.bincount(firsts, minlength=6) / 200
    assert (abs(share - probabilities) <= Z * np.sqrt(probabilities / 200)).all()


def planner(program: GroundProgram):
    literals = [literal for output in program.outputs for literal in output.literals]
    sizes = [len(symbol.values) for symbol in program.symbols]
    plan = WorldPlan(program.graph, [*literals, *program.condition], sizes)
    return plan, StagePlanner(plan, Dependence(plan))


def test_a_sum_is_taken_apart_digit_by_digit():
    program = carry_chain(5)
    plan, stages = planner(program)
    event = [output.literals[1] for output in program.outputs]
    found = stages.stages(plan.codes(event))
    assert found.widest == 2
    assert len(found.known) == 6, "the final carry is known with the last digit"
    assert sorted(found.symbols.tolist()) == list(range(10))
    assert found.drawn.tolist() == [0, 2, 4, 6, 8, 10]


def test_conjunctions_are_taken_apart_and_every_row_is_computed_once():
    program = random_program(3)
    plan, stages = planner(program)
    for output in program.outputs:
        for literal in output.literals:
            codes = plan.codes([literal, *program.condition])
            found = stages.stages(codes)
            rows = [*found.before.tolist(), *found.after.tolist()]
            assert len(set(rows)) == len(rows)
            assert len(set(found.symbols.tolist())) == len(found.symbols)


def test_a_chain_of_conjunctions_meets_no_recursion_limit():
    graph = Graph()
    chained = graph.declare()
    graph.define(chained, [graph.leaf(0, 0)])
    literal = Lit(chained)
    for symbol in range(1, 3000):
        literal = graph.conjunction([literal, graph.leaf(symbol, 0)])
    symbols = tuple(Symbol(str(i), ("a", "b")) for i in range(3000))
    plan, stages = planner(GroundProgram(symbols, graph, (Output("all", ("yes",), (literal,)),)))
    assert stages.stages(plan.codes([literal])).widest == 1


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("words", [1, 3])
def test_guided_draws_estimate_probabilities_without_bias(seed, words):
    program = random_program(seed)
    oracle = Assignments(program)
    row = problems.beliefs(program, 1, seed)[0]
    hit = oracle.accepted & oracle.truths[2][1]
    weights = oracle.weights(row[None])[0] * hit
    plan, stages = planner(program)
    way = stages.stages(plan.codes([program.outputs[2].literals[1], *program.condition]))
    found = room(way, program.width, 400, words)
    guide(plan.layout, way, np.exp(row), state(seed), words, found)
    estimates = np.exp(found.log_probability)
    error = estimates.std(ddof=1) / 20
    assert abs(estimates.mean() - weights.sum()) <= Z * error + 1e-12
    for symbol in way.symbols:
        for value in range(len(program.symbols[symbol].values)):
            place = program.offsets[symbol] + value
            together = estimates * found.values[:, place]
            expected = weights[oracle.values[:, symbol] == value].sum()
            assert abs(together.mean() - expected) <= Z * together.std(ddof=1) / 20 + 1e-12


def test_guided_draws_of_the_impossible_say_so():
    program = carry_chain(1)
    plan, stages = planner(program)
    rows = np.zeros(20)
    rows[[0, 10]] = 1.0
    way = stages.stages(plan.codes([program.outputs[0].literals[5]]))
    found = room(way, 20, 2, 1)
    guide(plan.layout, way, rows, state(0), 1, found)
    assert found.log_probability.tolist() == [-np.inf, -np.inf]
    assert found.effective.tolist() == [0.0, 0.0]
