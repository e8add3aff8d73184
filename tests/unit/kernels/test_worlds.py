from random import Random

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nesy.kernels.worlds import WorldEvaluator, evaluate_worlds
from nesy.logic.graph import FALSE, TRUE, Graph, Kind


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


@settings(max_examples=100, deadline=None, derandomize=True)
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
