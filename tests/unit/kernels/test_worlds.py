from random import Random

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nesy.kernels.worlds import evaluator
from nesy.kernels.worlds.evaluator import WorldEvaluator, evaluate_worlds
from nesy.kernels.worlds.outputs import OutputEvaluator
from nesy.logic.graph import FALSE, TRUE, Graph, Kind
from nesy.logic.program import GroundProgram, Output, Symbol
from tests.oracles.ground import Assignments
from tests.unit.engines.problems import random_program


@pytest.fixture(params=["arrays", "bits"], autouse=True)
def way(request, monkeypatch):
    """Every test takes both ways: few worlds and many."""
    if request.param == "bits":
        monkeypatch.setattr(evaluator, "MANY", -1)
        monkeypatch.setattr(evaluator, "MANY_TO_LOAD", -1)
    return request.param


def random_graph(random, symbols=3, inner=12):
    graph = Graph()
    domains = [random.randint(2, 4) for _ in range(symbols)]
    literals = [TRUE, *(graph.leaf(s, v) for s in range(symbols) for v in range(domains[s]))]
    for _ in range(inner):
        make = graph.conjunction if random.random() < 0.5 else graph.disjunction
        chosen = random.sample(literals, random.randint(1, 5))
        literals.append(make(x if random.random() < 0.7 else -x for x in chosen))
    return graph, domains, [x if random.random() < 0.5 else -x for x in literals]


def holds(graph, literal, world):
    if literal < 0:
        return not holds(graph, -literal, world)
    args = graph.args[literal]
    match graph.kinds[literal]:
        case Kind.TRUE:
            return True
        case Kind.LEAF:
            return world[args[0]] == args[1]
        case Kind.AND:
            return all(holds(graph, x, world) for x in args)
        case Kind.OR:
            return any(holds(graph, x, world) for x in args)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.integers(0, 2**32))
def test_truth_agrees_with_recursion_world_by_world(seed):
    random = Random(seed)
    graph, domains, literals = random_graph(random)
    worlds = np.array([[random.randrange(d) for d in domains] for _ in range(9)])
    expected = [[holds(graph, x, world) for world in worlds] for x in literals]
    truth = evaluate_worlds(graph, literals, worlds)
    assert truth.dtype == np.bool_
    assert truth.tolist() == expected
    assert evaluate_worlds(graph, literals, torch.from_numpy(worlds)).tolist() == expected


def test_an_evaluator_is_used_again_with_either_kind_of_array():
    graph = Graph()
    either = graph.disjunction([graph.leaf(0, 1), graph.conjunction([graph.leaf(1, 2), -graph.leaf(0, 0)])])
    evaluator = WorldEvaluator(graph, [either, -either, TRUE, FALSE])
    worlds = np.array([[0, 2], [1, 0], [2, 2], [2, 1]])
    expected = [
        [False, True, True, False],
        [True, False, False, True],
        [True, True, True, True],
        [False, False, False, False],
    ]
    for _ in range(2):
        assert evaluator.evaluate(worlds).tolist() == expected
        result = evaluator.evaluate(torch.from_numpy(worlds).to(torch.int32))
        assert result.dtype == torch.bool
        assert result.tolist() == expected
    assert evaluator.evaluate(worlds[:0]).shape == (4, 0)


def test_a_declared_node_without_ways_is_false():
    graph = Graph()
    never = graph.declare()
    either = graph.disjunction([never, graph.leaf(0, 1)])
    assert evaluate_worlds(graph, [never, -never, either], np.array([[0], [1]])).tolist() == [
        [False, False],
        [True, True],
        [False, True],
    ]


def test_no_literals_no_answers():
    assert evaluate_worlds(Graph(), [], np.zeros((3, 0), dtype=np.int64)).shape == (0, 3)


def test_depth_meets_no_recursion_limit():
    graph = Graph()
    literal = graph.leaf(0, 0)
    for symbol in range(1, 5000):
        make = graph.conjunction if symbol % 2 else graph.disjunction
        literal = make([literal, graph.leaf(symbol, 1)])
    worlds = np.zeros((2, 5000), dtype=np.int64)
    worlds[1, -1] = worlds[1, -2] = 1
    assert evaluate_worlds(graph, [literal], worlds).tolist() == [[False, True]]


@pytest.mark.parametrize("arity", [1, 2, 300])
def test_wide_nodes_are_evaluated_whole(arity):
    graph = Graph()
    every = graph.conjunction(graph.leaf(s, 0) for s in range(arity))
    worlds = np.zeros((2, arity), dtype=np.int64)
    worlds[1, -1] = 1
    assert evaluate_worlds(graph, [every], worlds).tolist() == [[True, False]]


@pytest.mark.parametrize("count", [1, 63, 64, 65, 2048, 5000])
def test_every_world_of_many_is_where_it_was(count):
    """Words and tiles begin and end anywhere."""
    graph = Graph()
    literal = graph.disjunction([graph.leaf(0, 2), graph.conjunction([graph.leaf(1, 0), graph.leaf(2, 1)])])
    rows = np.random.default_rng(count).integers(0, 3, (count, 3))
    expected = (rows[:, 0] == 2) | ((rows[:, 1] == 0) & (rows[:, 2] == 1))
    assert evaluate_worlds(graph, [literal, -literal], rows).tolist() == [
        expected.tolist(),
        (~expected).tolist(),
    ]


def test_worlds_may_be_of_any_integers_and_in_any_order_of_memory():
    graph = Graph()
    literal = graph.conjunction([graph.leaf(0, 1), -graph.leaf(1, 2)])
    rows = np.array([[1, 0], [1, 2], [0, 0]])
    for kind in (np.int8, np.uint16, np.int32):
        assert evaluate_worlds(graph, [literal], rows.astype(kind)).tolist() == [[True, False, False]]
    assert evaluate_worlds(graph, [literal], np.asfortranarray(rows)).tolist() == [[True, False, False]]
    assert evaluate_worlds(graph, [literal], rows[::2]).tolist() == [[True, False]]


@pytest.mark.parametrize("seed", range(6))
def test_outputs_of_worlds_agree_with_enumeration(seed):
    program = random_program(seed)
    oracle = Assignments(program)
    rows = np.stack([oracle.values, oracle.values[::-1]])
    for kind in (np.asarray, torch.tensor):
        found = OutputEvaluator(program).evaluate(kind(rows))
        values, consistent = (np.asarray(x) for x in (found.values, found.consistent))
        assert values.shape == (2, len(oracle.values), len(program.outputs))
        assert (consistent == np.stack([oracle.accepted, oracle.accepted[::-1]])).all()
        for output, truth in enumerate(oracle.truths):
            held = truth[values[0, :, output], np.arange(len(oracle.values))]
            assert (held == truth.any(axis=0)).all()
            assert ((values[0, :, output] < 0) == ~truth.any(axis=0)).all()
            assert (values[1, ::-1, output] == values[0, :, output]).all()


def test_an_output_of_several_values_has_the_first_and_one_of_none_has_minus_one():
    graph = Graph()
    literals = (graph.leaf(0, 1), graph.disjunction([graph.leaf(0, 1), graph.leaf(0, 2)]))
    symbols = (Symbol("s", ("a", "b", "c")),)
    outputs = (Output("o", ("x", "y"), literals), Output("none", (), ()))
    found = OutputEvaluator(GroundProgram(symbols, graph, outputs)).evaluate(np.array([[[0], [1], [2]]]))
    assert found.values.tolist() == [[[-1, -1], [0, -1], [1, -1]]]
    assert found.consistent.all()


def test_a_program_without_outputs_still_has_a_condition():
    graph = Graph()
    program = GroundProgram((Symbol("s", ("a", "b")),), graph, (), (graph.leaf(0, 1),))
    found = OutputEvaluator(program).evaluate(np.array([[[0], [1]]]))
    assert found.values.shape == (1, 2, 0)
    assert found.consistent.tolist() == [[False, True]]
