"""Circuits under torch's transformations, on both CPU backends, against `reference` and differences."""

from __future__ import annotations

import gc
from math import inf
from random import Random

import numpy as np
import pytest
import torch
from torch.autograd import forward_ad

from nesy.circuit.builder import ONE, ZERO, CircuitBuilder
from nesy.circuit.circuit import Circuit
from nesy.errors import ModelError
from nesy.kernels import evaluate, reference, torch_log
from tests.unit.circuit.generate import addition_circuit, carry_circuit, decision_circuit, parity_circuit
from tests.unit.kernels.conformance import ROUNDING, circuits, problem

pytestmark = pytest.mark.filterwarnings(
    # torch loads rules for forward-mode differentiation in a way that it deprecates itself.
    "ignore:`torch.jit.script` is deprecated:DeprecationWarning"
)

both = pytest.mark.parametrize("backend", ["torch", "numba"])

SATURATED = torch.tensor([0.0, 1.0, 0.25, 0.0, 0.75], dtype=torch.float64)
"""Probabilities with exact 0 and 1 among them."""


def doubles(circuit: Circuit, columns: int = 3, seed: int = 0) -> torch.Tensor:
    return torch.tensor(problem(circuit, columns, seed)[0])


def saturated(circuit: Circuit) -> torch.Tensor:
    """(width, 2): logarithms of 0, 1 and numbers between, in every order."""
    places = torch.arange(circuit.width)
    return torch.stack([SATURATED[places % 5], SATURATED[(places * 2 + 1) % 5]], 1).log()


def masses(circuit: Circuit, backend: str):
    """Numbers, not logarithms: a root that is false is 0, and can be differenced."""
    return lambda x: evaluate(circuit, x, backend).exp()


@both
@pytest.mark.parametrize("make", [saturated, doubles])
def test_gradcheck_forward_and_twice_at_false_and_at_exact_numbers(backend, make):
    for circuit in (addition_circuit(), carry_circuit(1), parity_circuit(4)):
        inputs = make(circuit).requires_grad_()
        assert inputs.isneginf().any()
        function = masses(circuit, backend)
        assert torch.autograd.gradcheck(
            function, (inputs,), fast_mode=True, check_forward_ad=True, check_batched_grad=True
        )
        assert torch.autograd.gradgradcheck(function, (inputs,), fast_mode=True, check_fwd_over_rev=True)


@both
def test_derivatives_of_every_order_are_finite_where_all_is_false(backend):
    circuit = carry_circuit(1)
    inputs = torch.full((circuit.width, 2), -inf, dtype=torch.float64, requires_grad=True)
    (first,) = torch.autograd.grad(evaluate(circuit, inputs, backend).sum(), inputs, create_graph=True)
    (second,) = torch.autograd.grad(first.sum(), inputs)
    assert (first == 0).all()
    assert (second == 0).all()
    tangent = torch.func.jvp(lambda x: evaluate(circuit, x, backend), (inputs,), (torch.ones_like(inputs),))[
        1
    ]
    assert (tangent == 0).all()


@both
def test_empty_batches_and_constant_roots_have_derivatives(backend):
    builder = CircuitBuilder()
    circuit = builder.build([ZERO, ONE, builder.sum([builder.input(0), builder.input(1)])], [2])
    for columns in (0, 2):
        inputs = torch.zeros(2, columns, dtype=torch.float64, requires_grad=True)
        hessian = torch.func.hessian(lambda x: evaluate(circuit, x, backend)[1:].sum())(inputs)
        assert hessian.shape == (2, columns) * 2
    # Of log(exp(x) + exp(y)), at equal shares.
    assert hessian[:, 0, :, 0].tolist() == [[0.25, -0.25], [-0.25, 0.25]]


@both
def test_forward_tangents_are_the_gradient_against_the_direction(backend):
    for circuit in circuits():
        inputs = doubles(circuit)
        direction = torch.randn(inputs.shape, generator=torch.Generator().manual_seed(1)).double()
        with forward_ad.dual_level():
            roots = evaluate(circuit, forward_ad.make_dual(inputs, direction), backend)
            tangent = forward_ad.unpack_dual(roots).tangent
        for row in range(len(circuit.roots)):
            weights = np.zeros((len(circuit.roots), inputs.shape[1]))
            weights[row] = 1.0
            gradient = reference.gradient(circuit, inputs.numpy(), weights)
            expected = (gradient * direction.numpy()).sum(0)
            np.testing.assert_allclose(tangent[row], expected, rtol=ROUNDING, atol=ROUNDING)


@both
def test_func_grad_and_its_maps_agree_with_the_reference(backend):
    circuit = addition_circuit()
    inputs = doubles(circuit)
    weights = torch.tensor(problem(circuit, 3)[1])

    def loss(x, w):
        roots = evaluate(circuit, x.unsqueeze(1), backend)[:, 0]
        return (roots.masked_fill(roots.isneginf(), 0.0) * w).sum()

    expected = torch.tensor(reference.gradient(circuit, inputs.numpy(), weights.numpy()))
    for column in range(3):
        found = torch.func.grad(loss)(inputs[:, column], weights[:, column])
        torch.testing.assert_close(found, expected[:, column])
    mapped = torch.func.vmap(torch.func.grad(loss), in_dims=1, out_dims=1)(inputs, weights)
    torch.testing.assert_close(mapped, expected)


@both
def test_jacobians_agree_both_ways_and_hessians_with_differences(backend):
    circuit = addition_circuit()
    point = doubles(circuit, 2)[:, 0]

    def roots(x):
        return evaluate(circuit, x.unsqueeze(1), backend)[:, 0]

    backward, forward = torch.func.jacrev(roots)(point), torch.func.jacfwd(roots)(point)
    torch.testing.assert_close(forward, backward)
    step = 1e-6
    hessian = torch.func.hessian(lambda x: roots(x)[9])(point)
    slope = torch.func.grad(lambda x: roots(x)[9])
    for i in range(circuit.width):
        shift = torch.zeros_like(point)
        shift[i] = step
        # Central differences of gradients: an error of step^2, and rounding over the step.
        expected = (slope(point + shift) - slope(point - shift)) / (2 * step)
        torch.testing.assert_close(hessian[:, i], expected, rtol=0, atol=1e-8)
    assert hessian.abs().max() > 1e-3


@both
def test_further_dimensions_map_at_any_place(backend):
    circuit = carry_circuit(1)
    stacked = torch.stack([torch.stack([doubles(circuit, 3, 2 * i + j) for j in range(2)]) for i in range(4)])
    expected = torch.stack([torch.stack([evaluate(circuit, x, backend) for x in xs]) for xs in stacked])

    def one(x):
        return evaluate(circuit, x, backend)

    leading = torch.vmap(torch.vmap(one))(stacked)
    torch.testing.assert_close(leading, expected)
    among = torch.vmap(torch.vmap(one, in_dims=2, out_dims=2), in_dims=1, out_dims=1)(
        stacked.permute(2, 1, 3, 0)
    )
    torch.testing.assert_close(among.permute(3, 1, 0, 2), expected)


@both
def test_compiled_code_has_one_graph_at_any_batch(backend):
    circuit = addition_circuit()
    graphs = []

    def count(graph, _):
        graphs.append(graph)
        return graph.forward

    def loss(x):
        return evaluate(circuit, x.log_softmax(0), backend).exp()[::3].sum(0)

    compiled = torch.compile(loss, backend=count, fullgraph=True, dynamic=True)
    for columns in (2, 3, 5):
        inputs = torch.randn(20, columns)
        torch.testing.assert_close(compiled(inputs), loss(inputs))
    assert len(graphs) == 1
    assert any("circuit_log" in str(node.target) for node in graphs[0].graph.nodes)


@both
def test_compiled_training_steps_agree(backend):
    circuit = carry_circuit(1)
    inputs = doubles(circuit).clamp(min=-9.0).requires_grad_()

    def loss(x):
        return -evaluate(circuit, x.log_softmax(0), backend).mean()

    compiled = torch.compile(loss, backend="aot_eager", fullgraph=True)
    (through,) = torch.autograd.grad(compiled(inputs), inputs)
    (plain,) = torch.autograd.grad(loss(inputs), inputs)
    torch.testing.assert_close(through, plain)


@both
def test_maps_compile_but_transformed_derivatives_are_refused_there(backend):
    circuit = addition_circuit()
    stacked = torch.stack([doubles(circuit), doubles(circuit, seed=1)])

    def total(x):
        return evaluate(circuit, x, backend)[9].sum()

    mapped = torch.compile(torch.func.vmap(total), backend="aot_eager", fullgraph=True)
    torch.testing.assert_close(mapped(stacked), torch.stack([total(x) for x in stacked]))
    for transformed in (torch.func.grad(total), lambda x: torch.func.jvp(total, (x,), (x,))):
        torch.compiler.reset()
        # torch wraps what is raised while it traces.
        with pytest.raises(Exception, match="untraceable-derivative"):
            torch.compile(transformed, backend="aot_eager", fullgraph=True)(stacked[0])


class _Module(torch.nn.Module):
    def __init__(self, circuit: Circuit, backend: str) -> None:
        super().__init__()
        self.circuit, self.backend = circuit, backend

    def forward(self, beliefs: torch.Tensor) -> torch.Tensor:
        return evaluate(self.circuit, beliefs.log_softmax(1).T, self.backend)


@both
@pytest.mark.parametrize("strict", [False, True])
def test_exported_programs_take_any_batch(backend, strict):
    module = _Module(addition_circuit(), backend)
    batch = torch.export.Dim("batch", min=2)
    program = torch.export.export(module, (torch.randn(3, 20),), dynamic_shapes=({0: batch},), strict=strict)
    for size in (2, 7):
        beliefs = torch.randn(size, 20)
        torch.testing.assert_close(program.module()(beliefs), module(beliefs))


def test_a_program_of_a_circuit_that_is_gone_is_refused():
    number, *_ = torch_log.handle(parity_circuit(7))
    gc.collect()
    with pytest.raises(ModelError) as caught:
        torch.ops.nesy.circuit_log(torch.zeros(14, 1), number)
    assert caught.value.code == "unknown-circuit"


def test_equal_circuits_have_one_number_and_others_another():
    first, same, other = addition_circuit(), addition_circuit(), carry_circuit(1)
    assert torch_log.handle(first) == torch_log.handle(same)
    assert torch_log.handle(first)[0] != torch_log.handle(other)[0]
    assert torch_log.handle(first, "cpu", "numba")[0] != torch_log.handle(first, "cpu", "torch")[0]


@both
def test_autocast_leaves_circuits_in_single_precision(backend):
    circuit = carry_circuit(1)
    net = torch.nn.Linear(4, circuit.width)
    images = torch.randn(6, 4)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = net(images)
        weights = logits.log_softmax(1).T
        roots = evaluate(circuit, weights, backend)
        loss = -roots.mean()
    assert weights.dtype == torch.bfloat16
    assert roots.dtype == torch.float32
    expected = evaluate(circuit, weights.float(), backend)
    torch.testing.assert_close(roots, expected)
    loss.backward()
    assert net.weight.grad.isfinite().all()


@both
@pytest.mark.parametrize("where", ["inference", "map", "tangent"])
def test_what_is_laid_out_inside_a_mode_serves_outside(backend, where):
    circuit = decision_circuit(Random({"inference": 1, "map": 2, "tangent": 3}[where]))
    inputs = doubles(circuit, 2).clamp(min=-5.0)

    def total(x):
        return evaluate(circuit, x, backend).exp().sum()

    if where == "inference":
        # The tangents here want the circuit as torch's own operations, and so does what follows.
        with torch.inference_mode():
            torch.func.jvp(total, (inputs,), (inputs,))
    elif where == "map":
        torch.vmap(torch.func.hessian(total))(inputs[None])
    else:
        torch.func.jvp(total, (inputs,), (inputs,))
    number, *_ = torch_log.handle(circuit, "cpu", backend)
    reading = torch_log._BY_HANDLE[number].on(inputs.device).composite().roots
    for kept in (reading.bags, *(rows for _, rows in reading.parts)):
        assert not torch._C._functorch.is_functorch_wrapped_tensor(kept), "it belongs to what is over"
        assert not kept.is_inference()
    assert torch.autograd.gradgradcheck(total, (inputs.requires_grad_(),), fast_mode=True)
