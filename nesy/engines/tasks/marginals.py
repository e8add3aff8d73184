"""The probability of every value of every output and symbol, in one forward and one backward pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from nesy.engines.outputs import value_slices
from nesy.engines.tasks.flow import flows
from nesy.engines.tasks.forward import Evaluated, FloatArray, evaluated
from nesy.engines.tasks.given import Given, Number
from nesy.engines.tasks.names import Names
from nesy.logic.program import GroundProgram, Value


@final
@dataclass(frozen=True, slots=True)
class Marginals:
    """Probabilities given all that is observed.

    outputs, symbols: for each name, the probability of each value.
    probability: of what is observed: evidence, constraints and observations together.
    Each probability is a float; where beliefs were given as rows, an array (B,).
    """

    outputs: Mapping[str, Mapping[Value, Number]]
    symbols: Mapping[str, Mapping[str, Number]]
    probability: Number


def marginals(given: Given, names: Names) -> Marginals:
    """All of them. Cost: O(edges * B), forward and backward."""
    values = evaluated(given.compiled.layers, given.inputs)
    roots = values.rows[values.layers.roots]
    given.require_possible(roots[-1])
    outputs = np.minimum(1.0, np.exp(roots[:-1] - roots[-1]))
    symbols = posteriors(given, values, values.layers.roots[-1:])
    groups = value_slices(given.program.outputs)
    return Marginals(
        {n: _named(given, v, outputs[g]) for (n, v), g in zip(names.outputs.items(), groups, strict=True)},
        {
            n: _named(given, v, symbols[start : start + len(v)])
            for (n, v), start in zip(names.symbols.items(), given.program.offsets, strict=False)
        },
        given.number(np.exp(roots[-1] + given.log_observed)),
    )


def posteriors(given: Given, values: Evaluated, roots: Any) -> FloatArray:
    """(V, B): P(symbol = value | root), for a root's row for each column or one for all.

    Where a way through the circuit leaves a symbol out, the symbol is free, and has its own belief.
    """
    width = given.program.width
    flow = flows(values, roots)[:width]
    owners = symbol_of_column(given.program)
    decided = np.add.reduceat(flow, given.program.offsets[:-1], axis=0) if width else flow
    free = np.maximum(0.0, 1.0 - decided)
    found: FloatArray = np.minimum(1.0, flow + free[owners] * np.exp(given.beliefs.T))
    return found


def symbol_of_column(program: GroundProgram) -> Any:
    """(V,): the symbol that each column of beliefs belongs to."""
    return np.repeat(np.arange(len(program.symbols)), [len(s.values) for s in program.symbols])


def _named(given: Given, values: tuple[Any, ...], rows: FloatArray) -> dict[Any, Number]:
    return {value: given.number(row) for value, row in zip(values, rows, strict=True)}
