"""The numba kernel: through torch, from numpy, and its parts."""

import gc
import subprocess
import sys
from math import inf
from random import Random

import numpy as np
import pytest
import torch

from nesy.circuit.builder import CircuitBuilder
from nesy.errors import ModelError
from nesy.kernels import backends, evaluate, numba_log, reference, threads
from nesy.kernels.numba_plan import plan_of
from tests.unit.circuit.generate import addition_circuit, carry_circuit, decision_circuit, parity_circuit
from tests.unit.kernels.conformance import ROUNDING, KernelConformance, circuits, problem

SINGLE = 1e-6
"""float32: one rounding of the result, for inside there is only float64."""


class TestNumbaThroughTorch(KernelConformance):
    @staticmethod
    def evaluate(circuit, inputs):
        return evaluate(circuit, inputs, backend="numba")


def both(circuit, values, weights):
    """Values and gradients of the numba kernel."""
    plan = plan_of(circuit)
    found, kept = numba_log.values(plan, values)
    gradient = numba_log.gradient(plan, values, weights)
    if kept:
        np.testing.assert_array_equal(numba_log.gradient(plan, values, weights, kept), gradient)
    return found, gradient


@pytest.mark.parametrize("columns", [1, 2, 8, 9, 16, 37])
def test_every_width_of_tile_agrees_with_the_reference(columns):
    for circuit in circuits():
        values, weights = problem(circuit, columns)
        found, gradient = both(circuit, values, weights)
        np.testing.assert_allclose(found, reference.evaluate(circuit, values), rtol=ROUNDING, atol=ROUNDING)
        expected = reference.gradient(circuit, values, weights)
        np.testing.assert_allclose(gradient, expected, rtol=ROUNDING, atol=ROUNDING)
        assert (gradient[expected == 0] == 0).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("columns", [1, 128])
def test_numba_and_torch_agree(dtype, columns):
    tolerance = ROUNDING if dtype == np.float64 else SINGLE
    for circuit in (carry_circuit(2), carry_circuit(15), parity_circuit(100)):
        values, weights = problem(circuit, columns)
        results = []
        for backend in ("numba", "torch"):
            inputs = torch.tensor(values.astype(dtype), requires_grad=True)
            # torch works in the dtype of its inputs: in float64 it is the better judge of float32.
            taken = inputs.double() if backend == "torch" else inputs
            roots = evaluate(circuit, taken, backend=backend)
            roots.backward(torch.tensor(weights).to(roots.dtype))
            results.append((roots.detach().double(), inputs.grad.double()))
        for mine, other in zip(*results, strict=True):
            torch.testing.assert_close(mine, other, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("scale", [1.0, 50.0, 3000.0])
def test_numbers_beyond_the_range_of_floats_are_kept(scale):
    circuit = carry_circuit(6)
    for columns in (1, 16):
        values, weights = problem(circuit, columns)
        values *= scale
        found, gradient = both(circuit, values, weights)
        np.testing.assert_allclose(found, reference.evaluate(circuit, values), rtol=ROUNDING)
        # A share of a sum is known as well as the difference of two logarithms of some thousands.
        expected = reference.gradient(circuit, values, weights)
        np.testing.assert_allclose(gradient, expected, rtol=ROUNDING * scale, atol=ROUNDING * scale)


def test_products_of_many_factors_stay_in_range():
    builder = CircuitBuilder()
    many = [builder.product([builder.input(i) for i in range(s, s + 40)]) for s in (0, 40)]
    circuit = builder.build([builder.sum(many)], [80])
    for weight in (-700.0, 700.0, -0.1):
        values = np.full((80, 3), weight)
        values[40:, 1] = -inf
        values[0, 2] = weight - 1.0
        found, gradient = both(circuit, values, np.ones((1, 3)))
        np.testing.assert_allclose(found, reference.evaluate(circuit, values), rtol=ROUNDING)
        np.testing.assert_allclose(gradient, reference.gradient(circuit, values, np.ones((1, 3))), rtol=1e-10)


def test_saturated_beliefs_give_no_nan_in_a_hundred_thousand_evaluations():
    circuit = carry_circuit(2)
    generator = np.random.default_rng(3)
    extreme = np.array([0.0, 0.0, 1.0, 1.0, 1e-300, 5e-324, 1e-30, 0.5, 1 - 1e-16, 1e30])
    with np.errstate(divide="ignore"):
        inputs = np.log(generator.choice(extreme, (circuit.width, 100_000)))
    plan = plan_of(circuit)
    found, _ = numba_log.values(plan, inputs)
    gradient = numba_log.gradient(plan, inputs, np.ones_like(found))
    assert not np.isnan(found).any()
    assert np.isfinite(gradient).all()
    assert (gradient[np.isneginf(inputs)] == 0).all()
    assert (gradient[:, np.isneginf(found[0])] == 0).all()
    assert np.isneginf(found).any()
    assert np.isfinite(found).any()
    chosen = slice(0, 500)
    np.testing.assert_allclose(
        found[:, chosen], reference.evaluate(circuit, inputs[:, chosen]), rtol=1e-12, atol=1e-12
    )


def test_what_is_below_every_number_is_false():
    builder = CircuitBuilder()
    circuit = builder.build([builder.input(0), builder.product([builder.input(0), builder.input(1)])], [2])
    values = np.array([[-1e26, -1e24, -1e5], [0.0, -1e24, -1e5]])
    expected = [[-inf, -1e24, -1e5], [-inf, -2e24, -2e5]]
    np.testing.assert_allclose(numba_log.evaluate(circuit, values), expected, rtol=1e-15)


def test_weights_beyond_all_whole_numbers_neither_hang_nor_vanish():
    circuit = carry_circuit(2)
    generator = np.random.default_rng(5)
    values = generator.choice([-1e24, -3e20, 0.0, 1e20, 7e24], (circuit.width, 200))
    found, gradient = both(circuit, values, np.ones((1, 200)))
    np.testing.assert_allclose(found, reference.evaluate(circuit, values), rtol=ROUNDING)
    assert np.isfinite(gradient).all()


def test_not_a_number_is_not_hidden():
    circuit = addition_circuit()
    values = np.zeros((20, 16))
    values[3, 5] = np.nan
    with np.errstate(invalid="ignore"):
        expected = reference.evaluate(circuit, values)
    assert np.isnan(expected).sum() == 10
    np.testing.assert_array_equal(np.isnan(numba_log.evaluate(circuit, values)), np.isnan(expected))


def test_threads_share_the_tiles_and_raise_what_went_wrong():
    circuit = carry_circuit(4)
    values, weights = problem(circuit, 200)
    alone = both(circuit, values, weights)
    done: list[int] = []

    def worker():
        return lambda first, last: done.extend(range(first, last))

    threads.in_parts(worker, 50, 3)
    assert sorted(done) == list(range(50))
    before = threads.ENOUGH
    try:
        threads.ENOUGH = 1
        for mine, other in zip(both(circuit, values, weights), alone, strict=True):
            np.testing.assert_array_equal(mine, other)
    finally:
        threads.ENOUGH = before

    def failing():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        threads.in_parts(failing, 50, 3)


def test_unknown_and_unusable_backends_are_refused():
    circuit = addition_circuit()
    array, tensor = np.zeros((20, 2)), torch.zeros(20, 2)
    for inputs, name, code in (
        (array, "numpy", "unknown-backend"),
        (tensor, "cuda", "unknown-backend"),
        (array, "torch", "unusable-backend"),
        (array, "triton", "unusable-backend"),
        (tensor, "reference", "unusable-backend"),
        (tensor, "triton", "unusable-backend"),
    ):
        with pytest.raises(ModelError) as caught:
            evaluate(circuit, inputs, backend=name)
        assert caught.value.code == code
        assert repr(name) in caught.value.message
    with pytest.raises(ModelError, match="wrong-shape"):
        evaluate(circuit, np.zeros((3, 2)), backend="numba")


def test_size_chooses():
    tiny, small, large = decision_circuit(Random(0), 3), addition_circuit(), carry_circuit(25)
    assert backends.for_cpu_tensors(tiny) == "torch"
    assert backends.for_cpu_tensors(small) == "numba"
    assert backends.for_cpu_tensors(large) == "numba"
    assert backends.for_arrays(small) == "reference"
    assert backends.for_arrays(large) == "numba"


def test_warming_leaves_nothing_to_compile():
    numba_log.warm()
    signatures = len(numba_log.forward.signatures), len(numba_log.backward.signatures)
    for columns in (1, 2, 16, 40):
        circuit = addition_circuit()
        both(circuit, *problem(circuit, columns))
    assert (len(numba_log.forward.signatures), len(numba_log.backward.signatures)) == signatures


def test_small_circuits_load_no_compiled_code():
    code = (
        "import sys, numpy as np\n"
        "from nesy.kernels import evaluate\n"
        "from tests.unit.circuit.generate import carry_circuit\n"
        "c = carry_circuit(4)\n"
        "evaluate(c, np.zeros((c.width, 2)))\n"
        "assert not {'numba', 'torch'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def tensors(circuit, **options):
    return torch.tensor(problem(circuit)[0], **options)


def test_transforms_take_the_operation_and_agree():
    circuit = carry_circuit(1)
    stacked = torch.stack([tensors(circuit), tensors(circuit).roll(1, 1)], dim=1)
    mapped = torch.vmap(lambda x: evaluate(circuit, x, "numba"), in_dims=1)(stacked)
    for i in range(2):
        torch.testing.assert_close(mapped[i], evaluate(circuit, stacked[:, i], "torch"))

    inputs = tensors(circuit).clamp(min=-9.0).requires_grad_()
    compiled = torch.compile(lambda x: evaluate(circuit, x, "numba"), backend="aot_eager", fullgraph=True)
    results = [run(inputs) for run in (compiled, lambda x: evaluate(circuit, x, "torch"))]
    torch.testing.assert_close(*results)
    torch.testing.assert_close(*(torch.autograd.grad(r.sum(), inputs)[0] for r in results))


def test_the_backward_pass_maps_runs_again_and_is_differentiable():
    circuit = addition_circuit()
    inputs = tensors(circuit, requires_grad=True)
    roots = evaluate(circuit, inputs, "numba")
    weights = torch.randn(4, *roots.shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    (mapped,) = torch.autograd.grad(roots, inputs, weights, retain_graph=True, is_grads_batched=True)
    for weight, gradient in zip(weights, mapped, strict=True):
        (expected,) = torch.autograd.grad(roots, inputs, weight, retain_graph=True)
        torch.testing.assert_close(gradient, expected)
    (gradient,) = torch.autograd.grad(evaluate(circuit, inputs, "numba").sum(), inputs, create_graph=True)
    (again,) = torch.autograd.grad(gradient.square().sum(), inputs)
    assert (again != 0).any()


def test_a_graph_keeps_what_its_backward_pass_needs():
    circuit = addition_circuit()
    inputs = tensors(circuit, requires_grad=True)
    expected = torch.autograd.grad(evaluate(circuit, inputs, "numba")[9].sum(), inputs)[0]
    result = evaluate(circuit, inputs, "numba")
    del circuit
    gc.collect()
    (found,) = torch.autograd.grad(result[9].sum(), inputs)
    assert torch.equal(found, expected)
