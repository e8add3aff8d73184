"""Layer by layer in every algebra, against node by node."""

from __future__ import annotations

import operator
from fractions import Fraction
from math import inf
from time import perf_counter

import numpy as np
import pytest

from nesy.algebra import BOOLEAN, COUNTING, LOG, REAL, Algebra, Laws, algebras
from nesy.circuit.builder import ONE, ZERO, CircuitBuilder
from nesy.errors import ModelError
from nesy.kernels import reference
from nesy.kernels.layered import evaluate_in
from tests.unit.circuit.generate import addition_circuit, carry_circuit, parity_circuit
from tests.unit.kernels.conformance import ROUNDING, circuits, problem

FREE = Laws(commutative=True, idempotent=False, selective=False, needs_smooth=True, needs_deterministic=True)
EXACT = Algebra("exact", Fraction(0), Fraction(1), operator.add, operator.mul, np.dtype(object), FREE)

PAIRED = Algebra(
    "paired",
    (0, 0),
    (1, 0),
    np.frompyfunc(lambda a, b: (a[0] + b[0], a[1] + b[1]), 2, 1),
    np.frompyfunc(lambda a, b: (a[0] * b[0], a[0] * b[1] + a[1] * b[0]), 2, 1),
    np.dtype(object),
    FREE,
)
"""Values that are tuples: numbers and their derivatives."""


def inputs_for(algebra: Algebra, circuit):
    """Values from 0 to 1 with constants among them, or whole numbers, in the algebra's dtype."""
    logs, _ = problem(circuit)
    if algebra.dtype == np.bool_:
        return ~np.isneginf(logs)
    if algebra.dtype == object:
        return np.random.default_rng(0).integers(0, 5, logs.shape).astype(object)
    return logs if algebra.zero == -inf else np.exp(logs)


@pytest.mark.parametrize("algebra", [REAL, LOG, BOOLEAN, COUNTING], ids=lambda a: a.name)
def test_algebras_of_numbers_agree_with_the_reference(algebra):
    for circuit in circuits():
        inputs = inputs_for(algebra, circuit)
        found = evaluate_in(circuit, inputs, algebra)
        expected = reference.evaluate(circuit, inputs, algebra)
        assert found.dtype == algebra.dtype
        if algebra.dtype == np.float64:
            np.testing.assert_allclose(found, expected, rtol=ROUNDING, atol=ROUNDING)
        else:
            assert found.tolist() == expected.tolist()


SEMIRINGS = [a for a in map(algebras.get, [*algebras, "top-1", "top-3"]) if isinstance(a, Algebra)]


@pytest.mark.parametrize("algebra", SEMIRINGS, ids=lambda a: a.name)
def test_every_registered_algebra_agrees_on_its_own_constants(algebra):
    choice = np.empty((2, *algebra.element_shape), dtype=algebra.dtype)
    choice[0], choice[1] = algebra.zero, algebra.one
    for circuit in circuits()[::5]:
        inputs = choice[np.random.default_rng(1).integers(0, 2, (circuit.width, 4))]
        found = evaluate_in(circuit, inputs, algebra)
        assert found.tolist() == reference.evaluate(circuit, inputs, algebra).tolist()


def test_fractions_stay_exact_and_keep_the_order_of_children():
    for circuit in circuits():
        numbers = np.random.default_rng(2).integers(0, 9, (circuit.width, 3))
        inputs = np.vectorize(lambda n: Fraction(int(n), 9), otypes=[object])(numbers)
        assert (evaluate_in(circuit, inputs, EXACT) == reference.evaluate(circuit, inputs, EXACT)).all()
    builder = CircuitBuilder()
    nodes = [builder.input(i) for i in range(5)]
    circuit = builder.build([builder.product(nodes)], [5])
    joined = Algebra("text", None, "", operator.add, operator.add, np.dtype(object), FREE)
    letters = np.array([[c] for c in "abcde"], dtype=object)
    expected = "".join("abcde"[circuit.columns[c]] for c in circuit.children_of(int(circuit.roots[0])))
    assert evaluate_in(circuit, letters, joined).tolist() == [[expected]]


def test_values_may_be_tuples():
    builder = CircuitBuilder()
    circuit = builder.build(
        [ZERO, ONE, builder.sum([builder.product([builder.input(0), builder.input(1)]), builder.input(1)])],
        [2],
    )
    inputs = np.empty((2, 1), dtype=object)
    inputs[0, 0], inputs[1, 0] = (3, 1), (5, 0)
    assert evaluate_in(circuit, inputs, PAIRED).tolist() == [[(0, 0)], [(1, 0)], [(20, 5)]]


def test_counts_are_exact_beyond_64_bits():
    counts = evaluate_in(parity_circuit(100), np.ones((200, 1), dtype=object), COUNTING)
    assert counts.tolist() == [[2**99], [2**99]]


def test_empty_batches_and_wrong_shapes():
    assert evaluate_in(addition_circuit(), np.zeros((20, 0)), LOG).shape == (19, 0)
    with pytest.raises(ModelError, match="wrong-shape"):
        evaluate_in(addition_circuit(), np.zeros((19, 3)), LOG)


def test_inputs_are_left_as_they_were():
    circuit = carry_circuit(1)
    inputs = inputs_for(LOG, circuit)
    before = inputs.copy()
    evaluate_in(circuit, inputs, LOG)
    assert (inputs == before).all()


def test_it_is_much_faster_than_node_by_node():
    circuit = carry_circuit(8)
    inputs = inputs_for(REAL, circuit)
    evaluate_in(circuit, inputs, REAL)

    def seconds(function):
        start = perf_counter()
        function(circuit, inputs, REAL)
        return perf_counter() - start

    # Ten times and more; five leaves room for a busy machine.
    assert min(seconds(evaluate_in) for _ in range(5)) * 5 < seconds(reference.evaluate)
