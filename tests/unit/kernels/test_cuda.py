"""The torch kernel and a whole model on a CUDA device, against the same on the CPU."""

from __future__ import annotations

import pytest
import torch

import nesy
from nesy.kernels import evaluate
from tests.unit.circuit.generate import carry_circuit

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")

RULES = """
nn(net, [X], D, 0..3) :: digit(X, D).
addition(X, Y, S) :- digit(X, A), digit(Y, B), S is A + B.
"""


def test_values_and_gradients_agree_with_the_cpu() -> None:
    circuit = carry_circuit(3)
    inputs = torch.randn(circuit.width, 16, dtype=torch.float64).requires_grad_()
    inputs_there = inputs.detach().cuda().requires_grad_()
    values, values_there = evaluate(circuit, inputs), evaluate(circuit, inputs_there)
    torch.testing.assert_close(values_there.cpu(), values)
    values.sum().backward()
    values_there.sum().backward()
    torch.testing.assert_close(inputs_there.grad.cpu(), inputs.grad)


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
