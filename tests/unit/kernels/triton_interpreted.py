"""The triton kernel in triton's interpreter, on the CPU: `test_triton` runs this in a process of its own."""

from __future__ import annotations

from itertools import pairwise
from math import inf

import numpy as np
import pytest
import torch

from nesy.circuit.builder import CircuitBuilder
from nesy.kernels import evaluate, reference
from nesy.kernels.triton_layout import FUSED_ROWS, WIDEST
from tests.unit.circuit.generate import addition_circuit, parity_circuit
from tests.unit.kernels import conformance
from tests.unit.kernels.conformance import ROUNDING, KernelConformance, circuits, problem

pytestmark = pytest.mark.filterwarnings(
    "ignore:`torch.jit.script` is deprecated:DeprecationWarning",
)


class TestTriton(KernelConformance):
    @pytest.fixture(autouse=True)
    def fewer_circuits(self, monkeypatch):
        # Interpreted, an operation takes some ten microseconds.
        chosen = [c for c in circuits()[::9] if c.edges < 500]
        monkeypatch.setattr(conformance, "circuits", lambda: chosen)
        monkeypatch.setattr(conformance, "addition_circuit", lambda: parity_circuit(3))
        monkeypatch.setattr(conformance, "carry_circuit", lambda _: parity_circuit(6))

    @staticmethod
    def evaluate(circuit, inputs):
        return evaluate(circuit, inputs, "triton")


def agrees(circuit, columns):
    values, weights = problem(circuit, columns)
    inputs = torch.tensor(values, requires_grad=True)
    roots = evaluate(circuit, inputs, "triton")
    roots.backward(torch.tensor(weights))
    expected = reference.evaluate(circuit, values), reference.gradient(circuit, values, weights)
    np.testing.assert_allclose(roots.detach(), expected[0], rtol=ROUNDING, atol=ROUNDING)
    np.testing.assert_allclose(inputs.grad, expected[1], rtol=ROUNDING, atol=ROUNDING)


@pytest.mark.parametrize("columns", [1, 2, 7, 300])
def test_batches_of_any_size(columns):
    agrees(parity_circuit(3), columns)


def test_wide_nodes_and_inputs_with_many_uses():
    builder = CircuitBuilder()
    width = 3 * WIDEST + 5
    shared = builder.input(0)
    wide = builder.sum([builder.product([shared, builder.input(i)]) for i in range(1, width)])
    agrees(builder.build([wide, shared, wide], [width]), 2)
    wide = builder.product([builder.sum([shared, builder.input(i)]) for i in range(1, WIDEST + 5)])
    agrees(builder.build([wide], [width]), 2)


def test_deep_and_narrow_circuits_share_launches():
    agrees(parity_circuit(15), 3)


def test_wide_levels_between_narrow_ones():
    builder = CircuitBuilder()
    leaves = [builder.input(i) for i in range(FUSED_ROWS + 10)]
    pairs = [builder.sum([a, b]) for a, b in pairwise(leaves)]
    top = builder.product([builder.sum([a, b]) for a, b in zip(pairs[:3], pairs[3:], strict=False)])
    agrees(builder.build([top, *pairs], [len(leaves)]), 3)


def test_maps_forward_tangents_and_second_derivatives():
    circuit = addition_circuit()
    inputs = torch.tensor(problem(circuit, 2)[0])

    def total(backend):
        return lambda x: evaluate(circuit, x, backend)[9].sum()

    ours, others = total("triton"), total("torch")
    tangents = [torch.func.jvp(f, (inputs,), (torch.ones_like(inputs),))[1] for f in (ours, others)]
    torch.testing.assert_close(*tangents)
    torch.testing.assert_close(torch.func.hessian(ours)(inputs), torch.func.hessian(others)(inputs))
    stacked = torch.stack([inputs, inputs.flip(1)])
    torch.testing.assert_close(torch.vmap(ours)(stacked), torch.vmap(others)(stacked))


def test_inputs_below_the_floor_are_false():
    circuit = addition_circuit()
    inputs = torch.zeros(20, 1)
    inputs[1:10] = inputs[11:] = -1e26
    assert evaluate(circuit, inputs, "triton")[1:].eq(-inf).all()


def test_saturated_beliefs_agree_and_give_no_nan():
    circuit = parity_circuit(4)
    generator = np.random.default_rng(1)
    for dtype, tolerance in ((torch.float64, ROUNDING), (torch.float32, 1e-6)):
        with np.errstate(divide="ignore"):
            values = np.log(generator.choice([0.0, 1.0, 1e-300, 0.5, 0.3], (circuit.width, 300)))
        inputs = torch.tensor(values, dtype=dtype, requires_grad=True)
        roots = evaluate(circuit, inputs, "triton")
        roots.backward(torch.ones_like(roots))
        exact = inputs.detach().double().numpy()
        expected = reference.evaluate(circuit, exact), reference.gradient(circuit, exact, np.ones((2, 300)))
        assert np.isneginf(expected[0]).any()
        np.testing.assert_allclose(roots.detach(), expected[0], rtol=tolerance, atol=tolerance)
        # In float32 a share is known as well as the logarithms, here of up to some thousands, it comes from.
        share = tolerance * (1e3 if dtype == torch.float32 else 1.0)
        np.testing.assert_allclose(inputs.grad, expected[1], rtol=share, atol=share)
