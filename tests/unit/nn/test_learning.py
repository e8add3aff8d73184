"""Four kinds of points, seen only through sums of two: every engine learns to tell them apart."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

import nesy
from tests.unit.nn.programs import model

RULES = "nn(net, [X], D, 0..3) :: digit(X, D).\nsum(X, Y, S) :- digit(X, A), digit(Y, B), S is A + B.\n"
CORNERS = torch.tensor([[2.0, 0.0], [0.0, 2.0], [-2.0, 0.0], [0.0, -2.0]])
STEPS = {"exact": 80, "sampling": 80, "sat": 80}


pytestmark = pytest.mark.usefixtures("one_thread")


def points(digits: Tensor, generator: torch.Generator) -> Tensor:
    return CORNERS[digits] + 0.3 * torch.randn(*digits.shape, 2, generator=generator)


@pytest.mark.parametrize("engine", STEPS)
def test_digits_are_learnt_from_sums(engine: str) -> None:
    torch.manual_seed(0)
    generator = torch.Generator().manual_seed(0)
    network = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 4))
    summed = model(RULES, {"net": nesy.logits(network)}, "sum(a, b, S)", "S", engine)
    optimiser = torch.optim.Adam(summed.parameters(), lr=0.03)
    for _ in range(STEPS[engine]):
        a, b = torch.randint(4, (2, 64), generator=generator)
        loss = summed.loss(a + b, a=points(a, generator), b=points(b, generator))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    a, b = torch.randint(4, (2, 500), generator=generator)
    x, y = points(a, generator), points(b, generator)
    assert (summed.predict(a=x, b=y)[:, 0] == a + b).float().mean() >= 0.97
    assert (network(x).argmax(dim=1) == a).float().mean() >= 0.97
