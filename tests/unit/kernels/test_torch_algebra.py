"""Circuits in algebras on tensors: values against the reference, gradients against differences."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np
import pytest
import torch
from torch.autograd import gradcheck

from nesy.algebra import BUILTIN, COUNTING, ENTROPY, LOG, MAX_LOG, MAX_PRODUCT, REAL, TROPICAL, top_k
from nesy.circuit.builder import CircuitBuilder
from nesy.errors import ModelError
from nesy.kernels import reference
from nesy.kernels.layered import evaluate_in
from nesy.kernels.torch_algebra import elements
from tests.unit.circuit.generate import addition_circuit, carry_circuit, parity_circuit
from tests.unit.kernels.conformance import ROUNDING, circuits

ALGEBRAS = [*(a for a in BUILTIN if a is not COUNTING), top_k(1), top_k(3)]
DIFFERENTIABLE = [a for a in ALGEBRAS if a.name != "boolean"]


def weights(circuit, algebra, columns=3, seed=0):
    """Values of probabilities, with exact 0 and 1 among them in all columns but the first."""
    generator = np.random.default_rng(seed)
    p = generator.uniform(0.05, 1.0, (circuit.width, columns))
    p[:, 1:][generator.random((circuit.width, columns - 1)) < 0.2] = 0.0
    p[:, 1:][generator.random((circuit.width, columns - 1)) < 0.2] = 1.0
    found = algebra.from_probability(p.ravel()).reshape(*p.shape, *algebra.element_shape)
    if algebra.name in ("dual", "expectation"):
        found[..., 1] = generator.standard_normal(p.shape)
    return found


@pytest.mark.parametrize("algebra", ALGEBRAS, ids=lambda a: a.name)
def test_values_agree_with_the_reference(algebra):
    for circuit in circuits()[::3]:
        inputs = weights(circuit, algebra)
        found = evaluate_in(circuit, torch.from_numpy(inputs), algebra)
        expected = reference.evaluate(circuit, inputs, algebra)
        assert found.shape == expected.shape
        np.testing.assert_allclose(found, expected, rtol=ROUNDING, atol=ROUNDING)
        np.testing.assert_allclose(evaluate_in(circuit, inputs, algebra), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("algebra", DIFFERENTIABLE, ids=lambda a: a.name)
def test_gradcheck_where_all_is_possible(algebra):
    for circuit in (addition_circuit(), carry_circuit(1), parity_circuit(4)):
        inputs = torch.from_numpy(weights(circuit, algebra, columns=1))
        rest = inputs[..., 1:]
        if algebra.name.startswith("top-"):
            # Only the first weight moves: the others are 0, and none may fall below.
            inputs = inputs[..., :1]

        def values(x, circuit=circuit, rest=rest):
            whole = torch.cat([x, rest], -1) if algebra.element_shape[:1] > (2,) else x
            return evaluate_in(circuit, whole, algebra)

        assert gradcheck(values, (inputs.requires_grad_(),), fast_mode=True)


@pytest.mark.parametrize("algebra", DIFFERENTIABLE, ids=lambda a: a.name)
def test_gradcheck_among_zeros_ones_and_infinities(algebra):
    circuit = carry_circuit(1)
    values = torch.from_numpy(weights(circuit, algebra, columns=4))
    # 0 and 1 are moved a little where they are numbers; what is infinite is held, and so is a tie.
    held = values.isinf()
    if algebra.laws.idempotent or algebra.name.startswith("top-"):
        held |= (values == 0.0) | (values == 1.0)
    moving = torch.where(held, 0.5, values).requires_grad_()

    def finite(x):
        found = evaluate_in(circuit, torch.where(held, values, x), algebra)
        return torch.where(found.isinf(), 0.0, found)

    assert gradcheck(finite, (moving,), fast_mode=True)


@pytest.mark.parametrize("algebra", DIFFERENTIABLE, ids=lambda a: a.name)
def test_gradients_are_never_nan(algebra):
    for circuit in circuits()[::4]:
        some = weights(circuit, algebra, seed=1)
        for values in (some, np.full_like(some, algebra.zero)):
            inputs = torch.from_numpy(values).requires_grad_()
            found = evaluate_in(circuit, inputs, algebra)
            found.backward(torch.ones_like(found))
            assert inputs.grad.isfinite().all()


@pytest.mark.parametrize("algebra", [LOG, MAX_LOG, TROPICAL], ids=lambda a: a.name)
def test_nothing_passes_what_is_impossible(algebra):
    builder = CircuitBuilder()
    dead = builder.product([builder.input(0), builder.input(2)])
    circuit = builder.build([dead, builder.sum([dead, builder.input(1)])], [2, 2])
    inputs = torch.tensor([[algebra.zero], [1.0], [2.0], [0.0]], dtype=torch.float64, requires_grad=True)
    evaluate_in(circuit, inputs, algebra).sum().backward()
    assert inputs.grad.tolist() == [[0.0], [1.0], [0.0], [0.0]]


def test_a_tie_shares_the_gradient():
    builder = CircuitBuilder()
    circuit = builder.build([builder.sum([builder.input(i) for i in range(3)])], [3])
    inputs = torch.tensor([[0.5], [0.5], [0.2]], dtype=torch.float64, requires_grad=True)
    evaluate_in(circuit, inputs, MAX_PRODUCT).sum().backward()
    assert inputs.grad.tolist() == [[0.5], [0.5], [0.0]]


def test_the_gradient_of_the_real_value_is_the_dual_number():
    circuit = carry_circuit(2)
    p = np.random.default_rng(3).uniform(size=(circuit.width, 2))
    inputs = torch.from_numpy(p).requires_grad_()
    evaluate_in(circuit, inputs, REAL)[0, 0].backward()
    moved = np.stack([p, np.zeros_like(p)], axis=-1)
    moved[4, :, 1] = 1.0
    dual = next(a for a in BUILTIN if a.name == "dual")
    assert evaluate_in(circuit, moved, dual)[0, 0, 1] == pytest.approx(inputs.grad[4, 0].item(), rel=1e-12)


def test_single_precision_stays_single():
    circuit = addition_circuit()
    inputs = torch.from_numpy(weights(circuit, ENTROPY)).float()
    assert evaluate_in(circuit, inputs, ENTROPY).dtype == torch.float32


def test_an_algebra_of_ones_own_brings_its_operations_on_tensors():
    circuit = addition_circuit()
    own = replace(TROPICAL, name="own")
    inputs = torch.from_numpy(weights(circuit, own, columns=1))
    with pytest.raises(ModelError) as caught:
        evaluate_in(circuit, inputs, own)
    assert caught.value.code == "unsupported-algebra"
    own = replace(own, tensors=(torch.minimum, torch.add))
    assert torch.equal(evaluate_in(circuit, inputs, own), evaluate_in(circuit, inputs, TROPICAL))


@pytest.mark.parametrize("shape", [(20, 3), (19, 3, 2), (20, 3, 3), (20,)])
def test_wrong_shapes_are_refused(shape):
    for inputs in (np.ones(shape), torch.ones(shape)):
        with pytest.raises(ModelError, match="wrong-shape"):
            evaluate_in(addition_circuit(), inputs, ENTROPY)


def test_a_list_is_no_array():
    with pytest.raises(ModelError, match="unsupported-array"):
        evaluate_in(addition_circuit(), [[0.5]], REAL)


def test_no_examples_no_values():
    assert evaluate_in(addition_circuit(), torch.zeros(20, 0, 2), ENTROPY).shape == (19, 0, 2)


def test_impossible_is_impossible():
    circuit = addition_circuit()
    for algebra, dead in ((MAX_LOG, -inf), (TROPICAL, inf)):
        inputs = torch.full((20, 1), dead, requires_grad=True)
        found = evaluate_in(circuit, inputs, algebra)
        assert (found == dead).all()
        found.sum().backward()
        assert (inputs.grad == 0).all()


@pytest.mark.parametrize("algebra", DIFFERENTIABLE, ids=lambda a: a.name)
def test_beliefs_become_elements_with_finite_gradients(algebra):
    p = np.array([[0.0, 1.0], [0.3, 0.5]])
    with np.errstate(divide="ignore"):
        beliefs = torch.from_numpy(np.log(p)).requires_grad_()
    found = elements(beliefs, algebra)
    expected = algebra.from_probability(p.ravel()).reshape(found.shape)
    np.testing.assert_allclose(found.detach(), expected, atol=1e-12)
    found[~found.isinf()].sum().backward()
    assert beliefs.grad.isfinite().all()
    assert beliefs.grad[0, 0] == 0.0
    live = beliefs.detach()[1:].requires_grad_()
    assert gradcheck(lambda x: elements(x, algebra), (live,))


def test_elements_of_other_algebras_are_the_users():
    with pytest.raises(ModelError, match="unsupported-algebra"):
        elements(torch.zeros(2, 1), COUNTING)


def test_the_entropy_of_a_posterior_is_differentiable_where_beliefs_are_0_and_1():
    circuit = carry_circuit(1)
    p = np.random.default_rng(0).dirichlet(np.ones(10), 2).ravel()[:, None]
    p = np.concatenate([p, np.eye(10)[[3, 4]].reshape(20, 1)], axis=1)
    p = np.concatenate([p, np.ones((circuit.width - 20, 2))])
    with np.errstate(divide="ignore"):
        beliefs = torch.from_numpy(np.log(p)).requires_grad_()
    found = evaluate_in(circuit, elements(beliefs, ENTROPY), ENTROPY)
    found.sum().backward()
    assert beliefs.grad.isfinite().all()
