import copy
import gc
import pickle
import subprocess
import sys
import weakref
from math import inf

import numpy as np
import pytest
import torch

from nesy.errors import ModelError
from nesy.kernels import evaluate, torch_log
from tests.unit.circuit.generate import addition_circuit, carry_circuit
from tests.unit.kernels.conformance import KernelConformance, problem


class TestTorchLog(KernelConformance):
    evaluate = staticmethod(evaluate)


def single(circuit, **options):
    return torch.tensor(problem(circuit)[0], dtype=torch.float32, **options)


def test_the_operations_pass_opcheck():
    circuit = addition_circuit()
    number, *_ = torch_log.handle(circuit)
    inputs = single(circuit).clamp(min=-10.0).requires_grad_()
    torch.library.opcheck(torch.ops.nesy.circuit_log.default, (inputs, number))
    roots, values = torch.ops.nesy.circuit_log(inputs.detach(), number)
    torch.library.opcheck(
        torch.ops.nesy.circuit_log_backward.default, (torch.randn_like(roots), values, number)
    )


def test_compiled_functions_give_the_same():
    circuit = addition_circuit()
    inputs = single(circuit).clamp(min=-9.0).requires_grad_()

    def loss(x):
        return evaluate(circuit, x.log_softmax(0)).exp()[::3].sum()

    compiled = torch.compile(loss, backend="aot_eager", fullgraph=True)
    torch.testing.assert_close(compiled(inputs), loss(inputs))
    (plain,) = torch.autograd.grad(loss(inputs), inputs)
    (through,) = torch.autograd.grad(compiled(inputs), inputs)
    assert (plain != 0).any()
    torch.testing.assert_close(through, plain)


def test_vmap_folds_the_mapped_dimension_into_the_batch():
    circuit = carry_circuit(1)
    stacked = torch.stack([single(circuit), single(circuit).roll(1, 1)], dim=1)
    mapped = torch.vmap(lambda x: evaluate(circuit, x), in_dims=1)(stacked)
    for i in range(2):
        torch.testing.assert_close(mapped[i], evaluate(circuit, stacked[:, i]))


def test_the_backward_pass_maps_too():
    circuit = addition_circuit()
    inputs = single(circuit, requires_grad=True)
    roots = evaluate(circuit, inputs)
    weights = torch.randn(4, *roots.shape, generator=torch.Generator().manual_seed(0))
    (mapped,) = torch.autograd.grad(roots, inputs, weights, retain_graph=True, is_grads_batched=True)
    for weight, gradient in zip(weights, mapped, strict=True):
        (expected,) = torch.autograd.grad(roots, inputs, weight, retain_graph=True)
        torch.testing.assert_close(gradient, expected)


def test_half_precision_is_refused_but_taken_up_under_autocast():
    circuit = addition_circuit()
    inputs = single(circuit).clamp(min=-10.0).to(torch.bfloat16)
    with pytest.raises(ModelError) as caught:
        evaluate(circuit, inputs)
    assert caught.value.code == "unsupported-dtype"
    assert "bfloat16" in caught.value.message
    with torch.autocast("cpu", dtype=torch.bfloat16):
        result = evaluate(circuit, inputs)
        double = evaluate(circuit, inputs.double())
    assert result.dtype == torch.float32
    assert double.dtype == torch.float64
    torch.testing.assert_close(result, evaluate(circuit, inputs.float()))


def test_whole_numbers_are_refused():
    with pytest.raises(ModelError, match="unsupported-dtype"):
        evaluate(addition_circuit(), torch.zeros(20, 3, dtype=torch.int64))


def test_copies_and_pickles_of_a_circuit_evaluate():
    circuit = addition_circuit()
    inputs = single(circuit)
    expected = evaluate(circuit, inputs)
    for other in (copy.deepcopy(circuit), pickle.loads(pickle.dumps(circuit))):
        assert torch_log.handle(other) == torch_log.handle(circuit), "the number says what a circuit holds"
        assert torch.equal(evaluate(other, inputs), expected)


def test_a_plan_dies_with_its_circuit_but_not_before_the_backward_pass():
    circuit = addition_circuit()
    number, *_ = torch_log.handle(circuit)
    plan = weakref.ref(torch_log._BY_HANDLE[number])
    inputs = single(circuit, requires_grad=True)
    result = evaluate(circuit, inputs)
    del circuit
    gc.collect()
    assert plan() is not None
    result[9].sum().backward()
    assert (inputs.grad != 0).any()
    del result
    gc.collect()
    assert plan() is None


def test_the_number_of_threads_is_left_as_it_was():
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        circuit = addition_circuit()
        evaluate(circuit, single(circuit, requires_grad=True)).sum().backward()
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_losses_on_false_roots_give_no_gradient():
    circuit = addition_circuit()
    inputs = torch.full((20, 1), -inf)
    inputs[0] = inputs[10] = 0.0
    inputs.requires_grad_()
    loss = -evaluate(circuit, inputs)[3].sum()
    assert loss == inf
    loss.backward()
    assert (inputs.grad == 0).all()


def test_importing_the_kernels_loads_no_torch():
    code = "import sys, nesy.kernels, nesy.kernels.worlds.evaluator; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_shapes_are_checked():
    with pytest.raises(ModelError, match="wrong-shape"):
        evaluate(addition_circuit(), torch.zeros(3, 20))


def test_float32_stays_close_on_long_chains():
    circuit = carry_circuit(15)
    values = problem(circuit)[0][:, :1]
    expected = evaluate(circuit, values)
    np.testing.assert_allclose(
        evaluate(circuit, torch.tensor(values, dtype=torch.float32)), expected, rtol=1e-5
    )
