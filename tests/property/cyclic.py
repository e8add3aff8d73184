"""Random programs with recursion, and the worlds in which what was observed of them holds."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import final

import numpy as np

from nesy.logic.graph import Lit
from nesy.logic.ground_rules import GroundRules
from nesy.logic.program import GroundProgram, Output
from tests.property.test_compile_agreement import symbols, unrefused
from tests.unit.compile.worlds import random_weights
from tests.unit.logic.graphs import cyclic_graph, least_model, worlds


@final
@dataclass(frozen=True)
class CyclicQuestion:
    """A program, (1, V) beliefs about it, (1, m) targets, some of them -1, and its worlds that meet these.

    allowed: (W, symbols of the program before its cycles were taken out). weights: of each symbol's values.
    kept: the program's symbols, by their numbers before.
    """

    program: GroundProgram
    beliefs: np.ndarray
    targets: np.ndarray
    allowed: np.ndarray
    weights: list[list[float]]
    kept: list[int]


def cyclic_question(seed: int) -> CyclicQuestion:
    """Least fixpoints, world by world, on the graph as it was before its cycles were taken out."""
    rng = Random(f"cyclic {seed}")
    sizes = tuple(rng.choice([2, 2, 3]) for _ in range(rng.randint(1, 5)))
    graph, declared = cyclic_graph(rng, sizes)
    weights = random_weights(rng, sizes)
    outputs = tuple(Output(f"y{i}", ("false", "true"), (Lit(-x), x)) for i, x in enumerate(declared))
    rules = GroundRules(symbols(weights), graph, lambda: outputs, (), tuple, unrefused)
    targets = np.array([[rng.choice([-1, -1, 0, 1]) for _ in declared]])
    allowed = []
    for world in worlds(sizes):
        truth = least_model(graph, world)
        if all(t < 0 or truth[x] == t for x, t in zip(declared, targets[0], strict=True)):
            allowed.append(world)
    program = rules.acyclic()
    kept = [int(symbol.name[1:]) for symbol in program.symbols]
    with np.errstate(divide="ignore"):
        beliefs = np.log([[p for symbol in kept for p in weights[symbol]]])
    return CyclicQuestion(
        program,
        beliefs,
        targets,
        np.array(allowed, dtype=np.int64).reshape(len(allowed), len(sizes)),
        weights,
        kept,
    )
