"""The kernels agree with `reference` at exact 0 and 1, at -inf and at the faintest beliefs, without a NaN."""

from __future__ import annotations

import os
from math import inf
from random import Random

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nesy.circuit.circuit import Circuit
from nesy.kernels import evaluate, reference
from tests.unit.circuit.generate import arbitrary_circuit, carry_circuit, decision_circuit

EVALUATIONS = int(os.environ.get("NESY_SATURATED_EVALUATIONS", "5000"))
"""Random evaluations without a NaN, of each backend and dtype; the full size is 100000."""

AGREEMENT = {torch.float64: 1e-12, torch.float32: 1e-6}
"""Relative, of values and gradients: what a kernel promises in each dtype. Absolute below 1."""

BELIEFS = np.array([0.0, 1.0, 1e-300, 5e-324, 1e-30, 0.5, 0.25, 1 - 1e-16, 0.9])
"""Probabilities that saturated networks give, and some that lie between."""

everywhere = pytest.mark.parametrize("backend", ["torch", "numba"])
in_both = pytest.mark.parametrize("dtype", [torch.float64, torch.float32])


def drawn(circuit: Circuit, columns: int, seed: int) -> np.ndarray:
    """Log-weights of random beliefs, saturated in all columns but the first."""
    generator = np.random.default_rng(seed)
    with np.errstate(divide="ignore"):
        inputs = np.log(generator.choice(BELIEFS, (circuit.width, columns)))
    inputs[:, 0] = np.log(generator.uniform(0.01, 1.0, circuit.width))
    return inputs


def passes(circuit: Circuit, inputs: torch.Tensor, weights: np.ndarray, backend: str):
    """Values and gradients, as numpy."""
    given = inputs.clone().requires_grad_()
    roots = evaluate(circuit, given, backend)
    roots.backward(torch.tensor(weights, dtype=inputs.dtype))
    assert roots.dtype == given.grad.dtype == inputs.dtype
    return roots.detach().numpy(), given.grad.numpy()


def made(seed: int) -> Circuit:
    """A circuit of either kind: with every property, or with none in particular."""
    random = Random(seed)
    return arbitrary_circuit(random) if seed % 2 else decision_circuit(random, smooth=bool(seed % 4))


@everywhere
@in_both
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), columns=st.sampled_from([1, 3, 8, 17]))
def test_values_and_gradients_agree_with_the_reference(backend, dtype, seed, columns):
    circuit, tolerance = made(seed), AGREEMENT[dtype]
    # What is compared is what a kernel is given: numbers of this dtype.
    inputs = torch.tensor(drawn(circuit, columns, seed), dtype=dtype)
    weights = np.random.default_rng(seed).choice([-1.0, 0.5, 1.0], (len(circuit.roots), columns))
    values, gradient = passes(circuit, inputs, weights, backend)
    exact = inputs.double().numpy()
    np.testing.assert_allclose(values, reference.evaluate(circuit, exact), tolerance, tolerance)
    expected = reference.gradient(circuit, exact, weights)
    np.testing.assert_allclose(gradient, expected, tolerance, tolerance)
    assert (gradient[np.isneginf(exact)] == 0).all()


@in_both
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), digits=st.integers(1, 5))
def test_numba_and_torch_agree_on_long_chains(dtype, seed, digits):
    circuit = carry_circuit(digits)
    inputs = torch.tensor(drawn(circuit, 4, seed), dtype=dtype)
    weights = np.ones((1, 4))
    ours, others = (passes(circuit, inputs, weights, backend) for backend in ("numba", "torch"))
    for mine, other in zip(ours, others, strict=True):
        np.testing.assert_allclose(mine, other, AGREEMENT[dtype], AGREEMENT[dtype])


@everywhere
@in_both
def test_saturated_beliefs_give_no_nan(backend, dtype):
    columns, live, false = 250, 0, 0
    for seed in range(-(-EVALUATIONS // columns)):
        circuit = carry_circuit(1) if seed % 3 == 2 else made(seed)
        inputs = torch.tensor(drawn(circuit, columns, seed), dtype=dtype)
        values, gradient = passes(circuit, inputs, np.ones((len(circuit.roots), columns)), backend)
        assert not np.isnan(values).any()
        assert np.isfinite(gradient).all()
        assert (gradient[np.isneginf(inputs.numpy())] == 0).all()
        dead = (values == -inf).all(0)
        assert (gradient[:, dead] == 0).all()
        live, false = live + int((~dead).sum()), false + int(dead.sum())
    # Both happen, and often, or there would be nothing to see.
    assert min(live, false) > EVALUATIONS / 100
