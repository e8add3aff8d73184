"""Formulas in fuzzy logics, against recursion on the graph, and under torch."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.autograd import gradcheck

from nesy.algebra import GODEL, LOGICS, LUKASIEWICZ, POSSIBILISTIC, PRODUCT
from nesy.errors import ModelError
from nesy.kernels.formulas import FormulaEvaluator
from nesy.logic.graph import FALSE, TRUE, Graph, Kind, Lit

T_NORMS = {
    "godel": min,
    "product": lambda a, b: a * b,
    "lukasiewicz": lambda a, b: max(0.0, a + b - 1.0),
    "possibilistic": min,
}


def random_formulas(random, symbols=3, inner=12):
    """A graph with doubled literals and nodes of one child among them, as rules leave them."""
    graph = Graph()
    sizes = [random.randint(2, 4) for _ in range(symbols)]
    literals = [TRUE, *(graph.leaf(s, v) for s in range(symbols) for v in range(sizes[s]))]
    for _ in range(inner):
        chosen = [x if random.random() < 0.7 else Lit(-x) for x in random.choices(literals, k=3)]
        node = graph.declare()
        graph.define(node, chosen if random.random() < 0.5 else [graph.conjunction(chosen), chosen[0]])
        literals.append(node)
    return graph, sizes, [x if random.random() < 0.5 else -x for x in literals]


def degree(graph, sizes, literal, leaf, t_norm, dual):
    """By recursion; the t-conorm is 1 - t(1 - a, 1 - b)."""

    def below(x):
        return degree(graph, sizes, x, leaf, t_norm, dual)

    def fold(of, start, members):
        total = start
        for m in members:
            total = of(total, m)
        return total

    def either(a, b):
        return 1 - t_norm(1 - a, 1 - b)

    node = abs(literal)
    args = graph.args[node]
    kind = graph.kinds[node]
    if literal < 0:
        if not dual or kind == Kind.TRUE:
            return 1 - below(node)
        if kind == Kind.LEAF:
            return max(leaf(args[0], v) for v in range(sizes[args[0]]) if v != args[1])
        if kind == Kind.AND:
            return fold(either, 0.0, [below(-x) for x in args])
        return fold(t_norm, 1.0, [below(-x) for x in dict.fromkeys(args)])
    match kind:
        case Kind.TRUE:
            return 1.0
        case Kind.LEAF:
            return leaf(*args)
        case Kind.AND:
            return fold(t_norm, 1.0, [below(x) for x in args])
        case Kind.OR:
            return fold(either, 0.0, [below(x) for x in args])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 2**32), st.sampled_from(LOGICS))
def test_degrees_agree_with_recursion(seed, logic):
    random = Random(seed)
    graph, sizes, literals = random_formulas(random)
    given_degrees = np.random.default_rng(seed).choice([0.0, 0.2, 0.5, 0.9, 1.0], (sum(sizes), 4))
    starts = np.cumsum([0, *sizes])
    evaluator = FormulaEvaluator(graph, literals, sizes, logic)
    found = evaluator.evaluate(given_degrees)
    for column in range(4):
        expected = [
            degree(
                graph,
                sizes,
                x,
                lambda s, v, c=column: given_degrees[starts[s] + v, c],
                T_NORMS[logic.name],
                logic.negation is None,
            )
            for x in literals
        ]
        np.testing.assert_allclose(found[:, column], expected, atol=1e-12)
    tensors = evaluator.evaluate(torch.from_numpy(given_degrees))
    np.testing.assert_allclose(tensors, found, atol=1e-12)


@pytest.mark.parametrize("logic", LOGICS, ids=lambda x: x.name)
def test_gradcheck(logic):
    graph, sizes, literals = random_formulas(Random(5))
    evaluator = FormulaEvaluator(graph, literals, sizes, logic)
    # No two alike and no bound met, or there is no gradient to compare.
    inputs = torch.from_numpy(np.random.default_rng(1).uniform(0.05, 0.95, (sum(sizes), 3))).requires_grad_()
    assert gradcheck(evaluator.evaluate, (inputs,))


@pytest.mark.parametrize("logic", [PRODUCT], ids=lambda x: x.name)
def test_gradcheck_at_0_and_1(logic):
    graph, sizes, literals = random_formulas(Random(6))
    evaluator = FormulaEvaluator(graph, literals, sizes, logic)
    inputs = torch.tensor(
        [[float(i % 2)] for i in range(sum(sizes))], dtype=torch.float64, requires_grad=True
    )
    assert gradcheck(evaluator.evaluate, (inputs,))


@pytest.mark.parametrize("logic", LOGICS, ids=lambda x: x.name)
def test_gradients_at_0_and_1_are_finite(logic):
    graph, sizes, literals = random_formulas(Random(7))
    evaluator = FormulaEvaluator(graph, literals, sizes, logic)
    for constant in (0.0, 1.0):
        inputs = torch.full((sum(sizes), 2), constant, dtype=torch.float64, requires_grad=True)
        found = evaluator.evaluate(inputs)
        assert set(found.detach().unique().tolist()) <= {0.0, 1.0}
        found.sum().backward()
        assert inputs.grad.isfinite().all()


def test_repeated_ways_count_in_disjunctions_and_once_in_conjunctions():
    graph = Graph()
    a, b = graph.leaf(0, 1), graph.leaf(1, 1)
    twice, both, never = graph.declare(), graph.declare(), graph.declare()
    graph.define(twice, [a, a])
    graph.define(both, [graph.conjunction([a, a, b])])
    evaluator = FormulaEvaluator(graph, [twice, both, never, -never, TRUE, FALSE], [2, 2], PRODUCT)
    found = evaluator.evaluate(np.array([[0.5], [0.5], [0.6], [0.4]]))
    np.testing.assert_allclose(found[:, 0], [0.75, 0.2, 0.0, 1.0, 1.0, 0.0])


def test_the_possibility_of_another_value_is_that_of_the_best_other_one():
    graph = Graph()
    red = graph.leaf(0, 0)
    evaluator = FormulaEvaluator(graph, [red, -red], [3], POSSIBILISTIC)
    assert evaluator.evaluate(np.array([[1.0], [0.6], [0.4]])).tolist() == [[1.0], [0.6]]


def test_depth_meets_no_recursion_limit():
    graph = Graph()
    literal = graph.leaf(0, 0)
    for symbol in range(1, 5000):
        make = graph.conjunction if symbol % 2 else graph.disjunction
        literal = make([Lit(-literal), graph.leaf(symbol, 1)])
    evaluator = FormulaEvaluator(graph, [literal], [2] * 5000, LUKASIEWICZ)
    assert evaluator.evaluate(np.full((10_000, 2), 0.5)).shape == (1, 2)


def test_what_does_not_fit_is_refused():
    graph = Graph()
    evaluator = FormulaEvaluator(graph, [graph.leaf(0, 1)], [2], GODEL)
    for degrees, code in (
        (np.zeros((3, 1)), "wrong-shape"),
        (torch.zeros(2), "wrong-shape"),
        ([[0.5]], "unsupported-array"),
    ):
        with pytest.raises(ModelError) as caught:
            evaluator.evaluate(degrees)
        assert caught.value.code == code
