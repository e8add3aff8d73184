from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from nesy.compile.formulas import Formulas
from nesy.logic.graph import FALSE, TRUE, Kind
from tests.unit.compile.worlds import models, random_formulas, worlds


@given(st.randoms(use_true_random=False))
def test_gates_mean_what_they_say(rng: Random) -> None:
    formulas, literals = random_formulas(rng)
    every = worlds(formulas.domains)
    everywhere = (1 << len(every)) - 1
    parts = rng.sample(literals, min(3, len(literals)))
    truths = [models(formulas.graph, x, every) for x in parts]
    both, either = everywhere, 0
    for truth in truths:
        both, either = both & truth, either | truth
    assert models(formulas.graph, formulas.conjunction(parts), every) == both
    assert models(formulas.graph, formulas.disjunction(parts), every) == either
    for literal, truth in zip(parts, truths, strict=True):
        assert models(formulas.graph, formulas.negated(literal), every) == everywhere ^ truth
        assert formulas.negated(formulas.negated(literal)) == literal
        whole = 0
        for part in formulas.disjuncts(literal):
            whole |= models(formulas.graph, part, every)
        if formulas.graph.kinds[abs(literal)] == (Kind.OR if literal > 0 else Kind.AND):
            assert whole == truth


@given(st.randoms(use_true_random=False))
def test_supports_and_heights(rng: Random) -> None:
    formulas, _ = random_formulas(rng)
    graph = formulas.graph
    for node in range(2, len(graph)):
        children = [abs(c) for c in graph.children(node)]
        if children:
            expected = 0
            for child in children:
                expected |= formulas.support(-child)
            assert formulas.support(node) == expected
            assert formulas.heights[node] == 1 + max(formulas.heights[c] for c in children)
        else:
            assert formulas.support(node) == 1 << graph.args[node][0]
            assert formulas.heights[node] == 0


def test_values_of_one_variable() -> None:
    formulas = Formulas([1, 2, 3])
    assert formulas.leaf(0, 0) == TRUE
    yes, no = formulas.leaf(1, 1), formulas.leaf(1, 0)
    assert formulas.negated(yes) == no
    assert formulas.conjunction([yes, no]) == FALSE
    assert formulas.disjunction([yes, no]) == TRUE
    a, b, c = (formulas.leaf(2, v) for v in range(3))
    assert formulas.negated(a) == -a
    assert formulas.conjunction([a, b]) == FALSE
    assert formulas.disjunction([a, b, c]) == TRUE
    assert formulas.disjunction([a, b]) not in (TRUE, FALSE)
    assert formulas.assignment(b) == (2, 1)
    assert formulas.assignment(-b) is None
    assert formulas.assignment(formulas.disjunction([a, b])) is None
