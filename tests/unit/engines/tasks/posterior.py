"""Random questions, and everything that is asked of them by looking at every world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nesy.logic.program import GroundProgram, Output
from tests.oracles.ground import Assignments
from tests.unit.compile.programs import random_program


def random_beliefs(rng: Random, program: GroundProgram, *, impossible: bool = True) -> dict[str, list[float]]:
    """A distribution over each symbol's values; some values are impossible."""
    found = {}
    for symbol in program.symbols:
        raw = [
            rng.choice([0.0, 0.2, 0.5] if impossible else [0.2, 0.5]) * rng.random() for _ in symbol.values
        ]
        raw[rng.randrange(len(raw))] += 0.3
        found[symbol.name] = [x / sum(raw) for x in raw]
    return found


def random_question(seed: object) -> tuple[Random, GroundProgram, dict[str, list[float]], dict[str, int]]:
    """A program, beliefs, and values of some of its outputs."""
    rng = Random(str(seed))
    program = random_program(rng, conditioned=rng.random() < 0.5)
    if rng.random() < 0.7:
        # Half of the outputs are as queries are: over a literal and its negation.
        outputs = [
            Output(o.name, ("false", "true"), (-o.literals[0], o.literals[0]))  # type: ignore[arg-type]
            if rng.random() < 0.5
            else o
            for o in program.outputs
        ]
        program = replace(program, outputs=tuple(outputs))
    observed = {o.name: rng.choice(o.domain) for o in program.outputs if rng.random() < 0.3}
    return rng, program, random_beliefs(rng, program), observed  # type: ignore[return-value]


class Posterior:
    """The possible worlds and their probabilities.

    worlds: (W, n), values of the symbols. weights: (W,), posterior.
    total: the probability of what is observed.
    """

    def __init__(
        self, program: GroundProgram, beliefs: Mapping[str, Any], observed: Mapping[str, Any]
    ) -> None:
        every = Assignments(program)
        with np.errstate(divide="ignore"):
            logs = np.log(np.concatenate([beliefs[s.name] for s in program.symbols]))[None]
        weights = every.weights(logs)[0] * every.accepted
        for output, truth in zip(program.outputs, every.truths, strict=True):
            if output.name in observed:
                weights = weights * truth[output.domain.index(observed[output.name])]
        self.total = float(weights.sum())
        if self.total == 0:
            return
        live = weights > 0
        self.worlds = every.values[live]
        self.weights: NDArray[np.float64] = weights[live] / self.total
        self.truths = [truth[:, live] for truth in every.truths]
        self.program = program

    def symbol(self, number: int) -> list[float]:
        size = len(self.program.symbols[number].values)
        return [float(self.weights @ (self.worlds[:, number] == v)) for v in range(size)]

    def entropy(self) -> float:
        return float(-(self.weights * np.log(self.weights)).sum())

    def ranked(self) -> list[tuple[int, ...]]:
        """Worlds from the most probable one on; equals, up to rounding, by their values."""
        keys = [
            (-round(float(np.log(w)), 9), tuple(row))
            for w, row in zip(self.weights, self.worlds.tolist(), strict=True)
        ]
        return [world for _, world in sorted(keys)]

    def information(self, output: int, symbol: int) -> float:
        joint = np.array(
            [
                [
                    float(self.weights @ (truth & (self.worlds[:, symbol] == v)))
                    for v in range(len(self.program.symbols[symbol].values))
                ]
                for truth in self.truths[output]
            ]
        )
        alone = np.outer(joint.sum(axis=1), joint.sum(axis=0))
        live = joint > 0
        return float((joint[live] * np.log(joint[live] / alone[live])).sum())

    def functional(self, output: int) -> bool:
        return bool((self.truths[output].sum(axis=0) == 1).all())
