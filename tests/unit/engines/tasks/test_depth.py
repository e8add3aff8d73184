"""Circuits far deeper than Python's stack."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nesy.circuit.builder import CircuitBuilder
from nesy.circuit.circuit import Circuit
from nesy.engines.tasks.counting import count_worlds
from nesy.engines.tasks.given import Given
from nesy.engines.tasks.information import entropy
from nesy.engines.tasks.marginals import posteriors
from nesy.engines.tasks.mpe import most_probable_world
from nesy.engines.tasks.questions import Compiled
from nesy.engines.tasks.sampling import sampled_worlds
from nesy.engines.tasks.top import most_probable_worlds
from nesy.logic.graph import Graph
from nesy.logic.program import GroundProgram, Symbol

DEPTH = 5_000


def chain() -> Circuit:
    """Of DEPTH coins, an even number shows heads: two nodes a level, alternately shared."""
    builder = CircuitBuilder()
    even, odd = builder.input(0), builder.input(1)
    for coin in range(1, DEPTH):
        tails, heads = builder.input(2 * coin), builder.input(2 * coin + 1)
        even, odd = (
            builder.sum([builder.product([tails, a]), builder.product([heads, b])])
            for a, b in ((even, odd), (odd, even))
        )
    return builder.build([even], [2] * DEPTH)


@pytest.fixture(scope="module")
def coins() -> Given:
    """Fair coins, but for the first: it shows heads with probability 0.4."""
    symbols = tuple(Symbol(f"c{i}", ("tails", "heads"), (0.5, 0.5)) for i in range(DEPTH))
    beliefs = np.log(np.full((1, 2 * DEPTH), 0.5))
    beliefs[0, :2] = np.log([0.6, 0.4])
    compiled = Compiled(chain())
    assert len(compiled.world_layers.groups) >= DEPTH - 1
    return Given(GroundProgram(symbols, Graph()), compiled, beliefs, np.zeros(1), {}, False)


def test_posteriors(coins: Given) -> None:
    assert coins.log_condition == pytest.approx([math.log(0.5)])
    found = posteriors(coins, coins.worlds, coins.compiled.world_layers.roots)
    assert found[:4, 0] == pytest.approx([0.6, 0.4, 0.5, 0.5])
    expected = math.log(2) * (DEPTH - 2) - 0.6 * math.log(0.6) - 0.4 * math.log(0.4)
    assert entropy(coins) == pytest.approx([expected])


def test_worlds(coins: Given) -> None:
    assert count_worlds(coins) == 2 ** (DEPTH - 1)
    for world in (most_probable_world(coins)[0], *sampled_worlds(coins, 20, seed=0)):
        assert world.sum() % 2 == 0
    assert most_probable_world(coins)[0, 0] == 0
    listed = most_probable_worlds(coins, 3)
    # All tails; then heads at the last two coins; then at the last but two and the last.
    assert [np.flatnonzero(w).tolist() for w in listed] == [
        [],
        [DEPTH - 2, DEPTH - 1],
        [DEPTH - 3, DEPTH - 1],
    ]
