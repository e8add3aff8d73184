from math import exp, inf, log
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nesy.algebra import BOOLEAN, BUILTIN, COUNTING, LOG, MAX_LOG, MAX_PRODUCT, REAL
from nesy.circuit.builder import ONE, ZERO, CircuitBuilder
from nesy.errors import ModelError
from nesy.kernels import evaluate, reference
from tests.unit.circuit import enumeration
from tests.unit.circuit.generate import addition_circuit, decision_circuit, parity_circuit

ROUNDING = 1e-12
"""Some hundred roundings of float64 on values near one."""

bounded = settings(max_examples=60, deadline=None, derandomize=True)


def world_weights(circuit, weights):
    """Per root, the products of weights of its models, a list per root: by enumeration of all worlds."""
    starts = np.cumsum([0, *circuit.domains])[:-1]
    result = [[] for _ in circuit.roots]
    for world in enumeration.worlds(circuit):
        holds = enumeration.truth(circuit, world)
        for models, root in zip(result, circuit.roots, strict=True):
            if holds[root]:
                models.append([weights[start + value] for start, value in zip(starts, world, strict=True)])
    return result


@bounded
@given(st.integers(0, 2**32))
def test_every_algebra_agrees_with_enumeration(seed):
    random = Random(seed)
    circuit = decision_circuit(random)
    weights = [random.choice([0.0, 0.25, 0.5, 2.0]) for _ in range(circuit.width)]
    models = world_weights(circuit, weights)
    products = [[float(np.prod(m)) for m in ms] for ms in models]

    def column(algebra, values):
        return reference.evaluate(circuit, np.array([values], dtype=algebra.dtype).T, algebra)[:, 0]

    with np.errstate(divide="ignore"):
        logs = np.log(weights)
        expected_log = np.log([sum(p) for p in products])
        expected_max_log = np.log([max(p, default=0.0) for p in products])
    np.testing.assert_allclose(column(REAL, weights), [sum(p) for p in products], rtol=ROUNDING)
    np.testing.assert_allclose(
        column(MAX_PRODUCT, weights), [max(p, default=0.0) for p in products], rtol=ROUNDING
    )
    np.testing.assert_allclose(column(LOG, logs), expected_log, rtol=ROUNDING, atol=ROUNDING)
    np.testing.assert_allclose(column(MAX_LOG, logs), expected_max_log, rtol=ROUNDING, atol=ROUNDING)
    assert column(COUNTING, [1] * circuit.width).tolist() == [len(ms) for ms in models]
    allowed = [w > 0 for w in weights]
    assert column(BOOLEAN, allowed).tolist() == [any(p > 0 for p in ps) for ps in products]


def test_counts_are_exact_beyond_64_bits():
    circuit = parity_circuit(100)
    counts = reference.evaluate(circuit, np.ones((200, 1), dtype=object), COUNTING)
    assert counts.tolist() == [[2**99], [2**99]]


def test_constants_are_the_algebras():
    builder = CircuitBuilder()
    circuit = builder.build([ZERO, ONE], [2])
    for algebra in BUILTIN:
        inputs = np.full((2, 3, *algebra.element_shape), algebra.one, dtype=algebra.dtype)
        values = reference.evaluate(circuit, inputs, algebra)
        assert (values[0] == algebra.zero).all()
        assert (values[1] == algebra.one).all()


def test_gradient_of_addition_is_the_posterior():
    circuit = addition_circuit()
    inputs = np.log(
        np.random.default_rng(0).dirichlet(np.ones(10), size=(2, 4)).transpose(0, 2, 1).reshape(20, 4)
    )
    weights = np.zeros((19, 4))
    weights[5] = 1.0
    joint = np.array([[np.exp(inputs[a] + inputs[10 + 5 - a]) for a in range(6)]])[0]
    posterior = joint / joint.sum(0)
    gradient = reference.gradient(circuit, inputs, weights)
    np.testing.assert_allclose(gradient[:6], posterior, rtol=ROUNDING)
    np.testing.assert_allclose(gradient[10:16], posterior[::-1], rtol=ROUNDING)
    assert not gradient[6:10].any()


@bounded
@given(st.integers(0, 2**32))
def test_gradient_agrees_with_differences(seed):
    random = Random(seed)
    circuit = decision_circuit(random)
    inputs = np.array([[log(random.uniform(0.1, 1.0))] for _ in range(circuit.width)])
    live = ~np.isneginf(reference.evaluate(circuit, inputs))
    weights = np.array([[random.uniform(-1, 1)] for _ in circuit.roots])
    gradient = reference.gradient(circuit, inputs, weights)
    step = 1e-6
    for column in range(circuit.width):
        shift = np.zeros_like(inputs)
        shift[column] = step
        up, down = (reference.evaluate(circuit, inputs + s)[live] for s in (shift, -shift))
        # Central differences: an error of step^2, and the rounding of a logarithm over the step.
        assert gradient[column, 0] == pytest.approx(((up - down) @ weights[live]) / (2 * step), abs=1e-7)


def test_gradient_is_zero_at_and_below_false():
    builder = CircuitBuilder()
    dead = builder.product([builder.input(0), builder.input(2)])
    live = builder.product([builder.input(1), builder.input(3)])
    circuit = builder.build([dead, builder.sum([dead, live])], [2, 2])
    inputs = np.array([[-inf], [0.0], [-1.0], [-2.0]])
    gradient = reference.gradient(circuit, inputs, np.ones((2, 1)))
    assert gradient.tolist() == [[0.0], [1.0], [0.0], [1.0]]


def test_wrong_shapes_are_refused():
    circuit = addition_circuit()
    for shape in ((19, 3), (20,), (20, 3, 1)):
        with pytest.raises(ModelError) as caught:
            evaluate(circuit, np.zeros(shape))
        assert caught.value.code == "wrong-shape"
        assert "(20, B)" in caught.value.message
    with pytest.raises(ModelError, match="wrong-shape"):
        reference.gradient(circuit, np.zeros((20, 3)), np.zeros((19, 2)))


def test_other_kinds_of_arrays_are_refused():
    with pytest.raises(ModelError) as caught:
        evaluate(addition_circuit(), [[0.0]] * 20)
    assert caught.value.code == "unsupported-array"
    assert "list" in caught.value.message


def test_addition_in_numpy():
    values = evaluate(addition_circuit(), np.full((20, 1), log(0.1)))
    assert np.exp(values[:, 0]).tolist() == pytest.approx([(10 - abs(9 - s)) / 100 for s in range(19)])
    assert values.dtype == np.float64
    assert exp(values[9, 0]) == pytest.approx(0.1)
