"""The task that all loops train: four kinds of points, seen only through the sums of two."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn

import nesy

RULES = """
nn(net, [X], D, 0..3) :: digit(X, D).
sum(X, Y, S) :- digit(X, A), digit(Y, B), S is A + B.
"""
CORNERS = torch.tensor([[2.0, 0.0], [0.0, 2.0], [-2.0, 0.0], [0.0, -2.0]])


def make_model(seed: int = 0) -> nesy.Model:
    torch.manual_seed(seed)
    network = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 4))
    networks = {"net": nesy.logits(network)}
    return nesy.Model(nesy.parse(RULES), networks, query="sum(a, b, S)", output="S")


def batches(count: int, size: int = 64, seed: int = 0) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """Pairs of points, and the index of their sum among the output's values, which are 0 to 6."""
    generator = torch.Generator().manual_seed(seed)
    for _ in range(count):
        digits = torch.randint(4, (2, size), generator=generator)
        a, b = CORNERS[digits] + 0.3 * torch.randn(2, size, 2, generator=generator)
        yield a, b, digits.sum(dim=0)


@torch.no_grad()
def accuracy(model: nesy.Model) -> float:
    hits = [model.predict(a=a, b=b)[:, 0] == s for a, b, s in batches(4, seed=1)]
    return torch.cat(hits).float().mean().item()
