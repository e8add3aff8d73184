"""What every torch kernel must do, as tests to inherit: values and gradients against `reference`."""

from __future__ import annotations

from math import inf
from random import Random

import numpy as np
import pytest
import torch

from nesy.circuit.builder import ONE, ZERO, CircuitBuilder
from nesy.circuit.circuit import Circuit
from nesy.kernels import reference
from tests.unit.circuit.generate import (
    addition_circuit,
    arbitrary_circuit,
    carry_circuit,
    decision_circuit,
    parity_circuit,
)

ROUNDING = 1e-12
"""float64, on circuits of some thousand nodes and log-values below a hundred."""

SINGLE = 2e-4
"""float32, on the same: a rounding of 6e-8 on a logarithm of some hundred, at each of some ten levels."""


def circuits() -> list[Circuit]:
    random = Random(7)
    return [
        *(decision_circuit(random, smooth=bool(i % 2)) for i in range(30)),
        *(arbitrary_circuit(random) for _ in range(30)),
        addition_circuit(),
        carry_circuit(1),
        carry_circuit(4),
        parity_circuit(50),
    ]


def problem(circuit: Circuit, columns: int = 5, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Log-weights, a fifth of them false in all columns but the first, and weights of the roots."""
    generator = np.random.default_rng(seed)
    inputs = np.log(generator.uniform(0.01, 1.0, (circuit.width, columns)))
    inputs[:, 1:][generator.random((circuit.width, columns - 1)) < 0.2] = -inf
    return inputs, generator.standard_normal((len(circuit.roots), columns))


class KernelConformance:
    """Inherit, and set `evaluate`: (circuit, tensor (width, B)) to tensor (R, B)."""

    @staticmethod
    def evaluate(circuit: Circuit, inputs: torch.Tensor) -> torch.Tensor:
        raise NotImplementedError

    @pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
    def test_values_and_gradients_agree_with_the_reference(self, dtype):
        tolerance = ROUNDING if dtype == torch.float64 else SINGLE
        for circuit in circuits():
            values, weights = problem(circuit)
            inputs = torch.tensor(values, dtype=dtype, requires_grad=True)
            result = self.evaluate(circuit, inputs)
            assert result.dtype == dtype
            expected = reference.evaluate(circuit, values)
            np.testing.assert_allclose(result.detach(), expected, rtol=tolerance, atol=tolerance)
            result.backward(torch.tensor(weights, dtype=dtype))
            gradient = reference.gradient(circuit, values, weights)
            np.testing.assert_allclose(inputs.grad, gradient, rtol=tolerance, atol=tolerance)
            # Exactly zero at and below what is false, not merely small.
            assert (inputs.grad[torch.from_numpy(gradient == 0)] == 0).all()

    def test_all_false_is_all_false(self):
        for circuit in circuits():
            inputs = torch.full((circuit.width, 2), -inf, dtype=torch.float32, requires_grad=True)
            result = self.evaluate(circuit, inputs)
            result.backward(torch.ones_like(result))
            assert not result.isnan().any()
            assert (inputs.grad == 0).all()

    @pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
    def test_far_apart_weights_neither_overflow_nor_vanish(self, dtype):
        circuit = carry_circuit(3)
        values, weights = problem(circuit, seed=1)
        values *= 300.0
        inputs = torch.tensor(values, dtype=dtype, requires_grad=True)
        result = self.evaluate(circuit, inputs)
        np.testing.assert_allclose(result.detach(), reference.evaluate(circuit, values), rtol=1e-5)
        result.backward(torch.tensor(weights, dtype=dtype))
        assert inputs.grad.isfinite().all()

    def test_gradcheck(self):
        for circuit in (addition_circuit(), carry_circuit(1), parity_circuit(5)):
            values, _ = problem(circuit, columns=2)
            inputs = torch.tensor(values[:, :1].repeat(2, 1), requires_grad=True)
            assert torch.autograd.gradcheck(
                lambda x, c=circuit: self.evaluate(c, x), (inputs,), fast_mode=True
            )

    def test_gradcheck_with_false_inputs_held_apart(self):
        circuit = addition_circuit()
        values, _ = problem(circuit, columns=3)
        dead = torch.from_numpy(np.isneginf(values))
        live = torch.tensor(np.where(dead, 0.0, values), requires_grad=True)

        def probabilities(x: torch.Tensor) -> torch.Tensor:
            # Roots that are false are constants; exp makes them finite numbers to difference.
            return self.evaluate(circuit, x.masked_fill(dead, -inf)).exp()

        # Through exp, a false root would give 0 * inf if its gradient were anything but exactly zero.
        assert torch.autograd.gradcheck(probabilities, (live,))

    def test_empty_batches_and_constant_roots(self):
        builder = CircuitBuilder()
        circuit = builder.build([ZERO, ONE, builder.input(1), builder.input(1)], [2])
        inputs = torch.tensor([[-1.0], [-2.0]], requires_grad=True)
        result = self.evaluate(circuit, inputs)
        assert result.tolist() == [[-inf], [0.0], [-2.0], [-2.0]]
        result.backward(torch.ones(4, 1))
        assert inputs.grad.tolist() == [[0.0], [2.0]]
        assert self.evaluate(circuit, torch.zeros(2, 0)).shape == (4, 0)

    def test_strided_inputs_give_the_same(self):
        circuit = addition_circuit()
        values, _ = problem(circuit)
        beliefs = torch.tensor(values).T.contiguous()
        assert torch.equal(self.evaluate(circuit, beliefs.T), self.evaluate(circuit, torch.tensor(values)))
