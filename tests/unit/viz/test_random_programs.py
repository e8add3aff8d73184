"""Values and derivatives of random programs: answers, and what answers become when beliefs are moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

import nesy
from nesy import viz
from nesy.grounding import ground
from nesy.language.syntax import Program
from nesy.logic.program import Symbol
from nesy.viz.drawing import Node
from tests.oracles.generator import random_program
from tests.oracles.program import text

STEP = 1e-5


def moved(symbol: Symbol, value: int, by: float) -> list[float]:
    """The prior with one value made more probable, the others giving way in proportion."""
    prior = list(symbol.prior or ())
    rest = 1 - prior[value]
    return [p + by if i == value else p - by * p / rest for i, p in enumerate(prior)]


def answer(program: Program, beliefs: dict[str, list[float]], query: str) -> float:
    """The query's probability: the value of its root."""
    nodes = viz.circuit(program, beliefs=beliefs).nodes
    (root,) = [node for node in nodes if node.strong and node.label == query]
    assert root.value is not None
    return root.value


def refusal(ask: Callable[[], object]) -> str | None:
    """The code with which something is refused."""
    try:
        ask()
    except nesy.NesyError as error:
        return error.code
    return None


def told(node: Node) -> tuple[str | None, str | None]:
    about = dict(node.told)
    return about.get("symbol"), about.get("its value")


@pytest.mark.parametrize("seed", range(14))
def test_values_and_derivatives(seed: int) -> None:
    rng = Random(seed)
    program = nesy.parse(text(random_program(rng)))
    refused = refusal(lambda: nesy.solve(program))
    assert refusal(lambda: viz.ground(program)) == refused
    if refused is not None:
        return
    expected = nesy.solve(program)
    picture = viz.ground(program)
    held = {node.label: node.value for node in picture.nodes if node.strong}
    assert held == {query: pytest.approx(a.probability, abs=1e-9) for query, a in expected.items()}
    symbols = ground(program).symbols
    counts = Counter(symbol.name for symbol in symbols)
    usable = [s for s in symbols if counts[s.name] == 1 and min(s.prior or (0,)) > 0]
    for symbol in rng.sample(usable, min(2, len(usable))):
        number = len(symbol.values) - 1 if symbol.values[0] == "false" else 0
        query = rng.choice(list(picture.queries))
        high, low = (answer(program, {symbol.name: moved(symbol, number, d)}, query) for d in (STEP, -STEP))
        slope = (high - low) / (2 * STEP)
        place = list(picture.queries).index(query)
        for shown in (picture, viz.circuit(program)):
            leaves = [n for n in shown.nodes if told(n) == (symbol.name, symbol.values[number])]
            assert all(n.derivatives[place] == pytest.approx(slope, abs=1e-5) for n in leaves)
