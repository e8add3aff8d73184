"""Worlds as callers see them: values of symbols, what the rules make of them, and how probable that is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Union, final

import numpy as np

from nesy.circuit.circuit import IntArray
from nesy.engines.outputs import value_slices
from nesy.engines.tasks.given import Given
from nesy.engines.tasks.names import Names
from nesy.kernels.worlds.evaluator import WorldEvaluator
from nesy.logic.program import GroundProgram, Value

Outcome = Union[Value, tuple[Value, ...]]
"""An output's value in a world; where it has none or several, a tuple of them."""


@final
@dataclass(frozen=True, slots=True)
class World:
    """One value for each symbol that the queries and the evidence depend on.

    symbols: the value of each, by name. outputs: what the rules make of them.
    log_probability: of the world given all that is observed, in nats.
    """

    symbols: Mapping[str, str]
    outputs: Mapping[str, Outcome]
    log_probability: float

    @property
    def probability(self) -> float:
        """Of the world given all that is observed; 0 where it is too small for a float."""
        return math.exp(self.log_probability)


@final
class Outcomes:
    """What the rules make of worlds. Cost of making it: O(the graph), once; of a call: O(edges * S)."""

    def __init__(self, program: GroundProgram) -> None:
        self._program = program
        self._evaluator = WorldEvaluator(program.graph, [x for o in program.outputs for x in o.literals])

    def holds(self, worlds: IntArray) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """(values of all outputs, S): which hold in each of the worlds (S, n)."""
        found: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = self._evaluator.evaluate(worlds)
        return found


def outcome(domain: tuple[Value, ...], holds: list[bool]) -> Outcome:
    """The value that holds, or the tuple of those that do."""
    values = tuple(v for v, held in zip(domain, holds, strict=True) if held)
    return values[0] if len(values) == 1 else values


def described(given: Given, names: Names, outcomes: Outcomes, worlds: IntArray) -> list[World]:
    """Worlds (S, n) of one example, with names and probabilities. Cost: O(edges * S)."""
    columns = np.asarray(given.program.offsets[:-1], dtype=np.int64) + worlds
    logs = given.beliefs[0][columns].sum(axis=1) - given.log_condition[0]
    holds = outcomes.holds(worlds).T.tolist()
    parts = value_slices(given.program.outputs)
    found = []
    for world, truths, log in zip(worlds.tolist(), holds, logs.tolist(), strict=True):
        symbols = {n: values[i] for (n, values), i in zip(names.symbols.items(), world, strict=True)}
        outputs = {
            name: outcome(domain, truths[part])
            for (name, domain), part in zip(names.outputs.items(), parts, strict=True)
        }
        # Rounding may leave a certainty a little above 1.
        found.append(World(symbols, outputs, min(0.0, log)))
    return found
