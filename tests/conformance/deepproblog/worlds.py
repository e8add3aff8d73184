"""Programs with networks, answered by going through all combinations of what the networks may say.

Nothing here knows of rules: each test states its program's meaning as a Python function of the values
that its networks' inputs show.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import product
from pathlib import Path
from typing import TypeVar

import torch
from torch import Tensor, nn

import nesy
from nesy import Model

CORPUS = Path(__file__).parents[3] / "grammar" / "corpus" / "valid"
Value = TypeVar("Value", bound=Hashable)


class Table(nn.Module):
    """A network that says what it is given: its input is the distribution."""

    def forward(self, x: Tensor) -> Tensor:
        return x


def distributions(*shape: int, seed: int, zero: float = 0.0) -> Tensor:
    """Random distributions along the last dimension, float64; about a share `zero` of the entries is 0."""
    draw = torch.Generator().manual_seed(seed)
    weights = torch.rand(*shape, generator=draw, dtype=torch.float64) + 0.05
    dropped = torch.rand(*shape, generator=draw, dtype=torch.float64) < zero
    dropped[..., 0] = False
    weights = weights.masked_fill(dropped, 0.0)
    return weights / weights.sum(dim=-1, keepdim=True)


def model(name: str, query: str, output: str | Sequence[str] | None, *networks: str) -> Model:
    """The model of a program of the corpus whose networks are all tables."""
    program = nesy.load(CORPUS / f"deepproblog_{name}.nesy")
    return Model(program, {network: Table() for network in networks}, query, output)


def answers(asked: Model, **inputs: Tensor) -> list[dict[object, float]]:
    """For each row of a batch, the probability of each value of the model's only output.

    Values that Python takes for equal, 2 and 2.0, are one.
    """
    (output,) = asked.outputs
    found = asked(**inputs)
    assert isinstance(found, Tensor)
    rows: list[dict[object, float]] = []
    for row in found:
        rows.append(defaultdict(float))
        for value, probability in zip(output.domain, row.exp().tolist(), strict=True):
            rows[-1][value] += probability
    return rows


def enumerated(
    tables: Sequence[Sequence[float]], meaning: Callable[..., Iterable[Value]]
) -> dict[Value, float]:
    """The probability of each value that `meaning` finds for the values that the tables' variables take.

    A world may have several values, or none.
    """
    found: dict[Value, float] = defaultdict(float)
    possible = [[(i, p) for i, p in enumerate(table) if p > 0] for table in tables]
    for world in product(*possible):
        weight = 1.0
        for _, p in world:
            weight *= p
        for value in set(meaning(*(i for i, _ in world))):
            found[value] += weight
    return dict(found)


def assert_same(found: dict[object, float], expected: dict[object, float], tolerance: float = 1e-9) -> None:
    """Each value has its probability, and every value that is not expected has none."""
    assert expected, "nothing to compare"
    assert {v for v, p in expected.items() if p > 0} <= found.keys()
    for value, probability in found.items():
        assert abs(probability - expected.get(value, 0.0)) < tolerance, value
