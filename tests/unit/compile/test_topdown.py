from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nesy.circuit.builder import CircuitBuilder
from nesy.circuit.circuit import Circuit, NodeKind
from nesy.circuit.properties import is_decomposable
from nesy.compile.exclusion import Exclusion
from nesy.compile.formulas import Formulas
from nesy.compile.topdown import TopDown
from tests.unit.circuit.enumeration import is_deterministic
from tests.unit.compile.worlds import (
    models,
    random_formulas,
    random_weights,
    root_values,
    weight,
    worlds,
)


def compiled(formulas: Formulas, roots: list[int], families: list[list[int]]) -> Circuit:
    starts = [sum(formulas.domains[:v]) for v in range(len(formulas.domains))]
    exclusion = Exclusion(formulas)
    exclusion.add_families(families)
    builder = CircuitBuilder()
    compiler = TopDown(formulas, exclusion, builder, starts)
    return builder.build([compiler.compile(r) for r in roots], formulas.domains)


def assert_right(rng: Random) -> None:
    formulas, literals = random_formulas(rng, gates=16)
    families = [rng.sample(literals, rng.choice([2, 2, 3])) for _ in range(20)]
    roots = [*rng.sample(literals, 3), literals[-1]]
    expected = [models(formulas.graph, r, worlds(formulas.domains)) for r in roots]
    circuit = compiled(formulas, roots, families)
    assert is_decomposable(circuit)
    assert is_deterministic(circuit)
    weights = random_weights(rng, formulas.domains)
    every = worlds(formulas.domains)
    found = root_values(circuit, [x for row in weights for x in row])
    assert found == pytest.approx([weight(m, every, weights) for m in expected], abs=1e-12)


@given(st.randoms(use_true_random=False))
def test_circuits_are_decomposable_deterministic_and_right(rng: Random) -> None:
    assert_right(rng)


@pytest.mark.parametrize("seed", range(150))
def test_circuits_of_random_formulas(seed: int) -> None:
    assert_right(Random(seed))


def test_constants_and_single_leaves() -> None:
    formulas = Formulas([2, 3])
    leaf = formulas.leaf(1, 2)
    circuit = compiled(formulas, [1, -1, leaf, -leaf], [])
    assert [NodeKind(circuit.kinds[r]).name for r in circuit.roots] == ["ONE", "ZERO", "INPUT", "SUM"]
    assert root_values(circuit, [0.5, 0.5, 0.2, 0.3, 0.5]) == pytest.approx([1.0, 0.0, 0.5, 0.5])


def test_independent_parts_are_not_multiplied_out() -> None:
    """A disjunction of n independent pairs: deciding one pair after another is linear."""
    sizes = []
    for count in (10, 20, 30):
        formulas = Formulas([2] * (2 * count))
        pairs = [
            formulas.conjunction([formulas.leaf(2 * i, 1), formulas.leaf(2 * i + 1, 1)]) for i in range(count)
        ]
        circuit = compiled(formulas, [formulas.disjunction(pairs)], [])
        assert root_values(circuit, [0.5] * (4 * count)) == pytest.approx([1 - 0.75**count])
        sizes.append(circuit.size)
    assert sizes[2] - sizes[1] == sizes[1] - sizes[0]


def test_a_deep_formula_needs_no_recursion() -> None:
    length = 3_000
    formulas = Formulas([2] * (length + 1))
    node: int = formulas.leaf(length, 1)
    for i in range(length - 1, -1, -1):
        yes = formulas.leaf(i, 1)
        node = formulas.disjunction(
            [formulas.conjunction([yes, node]), formulas.conjunction([formulas.negated(yes), -node])]
        )
    circuit = compiled(formulas, [node], [])
    assert root_values(circuit, [0.5] * (2 * length + 2)) == pytest.approx([0.5])
    assert circuit.size < 12 * length
