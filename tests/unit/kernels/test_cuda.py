"""The kernels and a whole model on a CUDA device, against the same on the CPU."""

from __future__ import annotations

from math import inf

import pytest
import torch

import nesy
from nesy.kernels import backends, evaluate
from tests.unit.circuit.generate import carry_circuit, parity_circuit
from tests.unit.kernels.conformance import KernelConformance, problem

pytestmark = [
    pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here"),
    pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated:DeprecationWarning"),
]

BACKENDS = [
    "torch",
    pytest.param("triton", marks=pytest.mark.skipif(not backends.has_triton(), reason="no triton")),
]

RULES = """
nn(net, [X], D, 0..3) :: digit(X, D).
addition(X, Y, S) :- digit(X, A), digit(Y, B), S is A + B.
"""


def on_device(backend):
    """A kernel that takes tensors on the CPU, and does its work on the device."""
    return staticmethod(lambda circuit, inputs: evaluate(circuit, inputs.cuda(), backend).cpu())


class TestTorchOnCuda(KernelConformance):
    evaluate = on_device("torch")


@pytest.mark.skipif(not backends.has_triton(), reason="triton is not installed")
class TestTritonOnCuda(KernelConformance):
    evaluate = on_device("triton")


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("columns", [1, 16, 1000])
@pytest.mark.parametrize("make", [lambda: carry_circuit(3), lambda: parity_circuit(300)])
def test_values_and_gradients_agree_with_the_cpu(backend, columns, make) -> None:
    circuit = make()
    inputs = torch.tensor(problem(circuit, columns)[0]).requires_grad_()
    there = inputs.detach().cuda().requires_grad_()
    values, values_there = evaluate(circuit, inputs), evaluate(circuit, there, backend)
    torch.testing.assert_close(values_there.cpu(), values)
    values.masked_fill(values == -inf, 0.0).sum().backward()
    values_there.masked_fill(values_there == -inf, 0.0).sum().backward()
    torch.testing.assert_close(there.grad.cpu(), inputs.grad)


def test_what_is_chosen_says_so() -> None:
    expected = "triton" if backends.has_triton() else "torch"
    assert backends.for_tensors(carry_circuit(1), "cuda") == expected


@pytest.mark.parametrize("backend", BACKENDS)
def test_transformations_agree_with_the_cpu(backend) -> None:
    circuit = carry_circuit(1)
    inputs = torch.tensor(problem(circuit, 2)[0]).clamp(min=-9.0)

    def total(x: torch.Tensor) -> torch.Tensor:
        return evaluate(circuit, x, backend if x.is_cuda else "torch").sum()

    for transform in (torch.func.hessian, lambda f: lambda x: torch.func.jvp(f, (x,), (x,))[1]):
        torch.testing.assert_close(transform(total)(inputs.cuda()).cpu(), transform(total)(inputs))


@pytest.mark.parametrize("backend", BACKENDS)
def test_autocast_leaves_circuits_in_single_precision(backend) -> None:
    circuit = carry_circuit(1)
    net = torch.nn.Linear(4, circuit.width, device="cuda")
    with torch.autocast("cuda", dtype=torch.float16):
        roots = evaluate(circuit, net(torch.randn(6, 4, device="cuda")).T, backend)
    assert roots.dtype == torch.float32
    roots.sum().backward()
    assert net.weight.grad is not None
    assert net.weight.grad.isfinite().all()


@pytest.mark.parametrize("backend", BACKENDS)
def test_compiled_code_agrees(backend) -> None:
    circuit = carry_circuit(1)
    inputs = torch.randn(circuit.width, 8, device="cuda", requires_grad=True)

    def loss(x: torch.Tensor) -> torch.Tensor:
        return -evaluate(circuit, x.log_softmax(0), backend).mean()

    compiled = torch.compile(loss, backend="aot_eager", fullgraph=True)
    torch.testing.assert_close(compiled(inputs), loss(inputs))
    torch.testing.assert_close(
        *(torch.autograd.grad(f(inputs), inputs)[0] for f in (compiled, loss)), rtol=1e-5, atol=1e-6
    )


def test_passes_of_triton_are_captured_in_a_graph() -> None:
    pytest.importorskip("triton")
    circuit = carry_circuit(2)
    inputs = torch.randn(circuit.width, 8, device="cuda", requires_grad=True)

    def step() -> tuple[torch.Tensor, torch.Tensor]:
        roots = evaluate(circuit, inputs, "triton")
        return roots, torch.autograd.grad(roots.sum(), inputs)[0]

    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        captured = step()
    with torch.no_grad():
        inputs.copy_(torch.randn_like(inputs))
    graph.replay()
    for found, expected in zip(captured, step(), strict=True):
        torch.testing.assert_close(found, expected)


@pytest.mark.parametrize("engine", ["exact", "sampling", "sat"])
def test_a_model_trains_on_the_device(engine: str) -> None:
    net = torch.nn.Linear(5, 4)
    model = nesy.Model(
        nesy.parse(RULES), {"net": nesy.logits(net)}, "addition(a, b, S)", "S", engine=engine
    ).cuda()
    a, b = torch.randn(2, 8, 5, device="cuda")
    loss = model.loss(torch.randint(7, (8,), device="cuda"), a=a, b=b)
    loss.backward()
    assert loss.device.type == "cuda"
    assert net.weight.grad is not None
    assert net.weight.grad.isfinite().all()
    assert model.predict(a=a, b=b).shape == (8, 1)
