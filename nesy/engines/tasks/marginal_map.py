"""The most probable values of all outputs together, everything else summed out.

Sums over symbols and the choice of outputs do not commute, so this is harder than either. Branch and
bound: the circuit gives an upper bound for whatever is not chosen yet, which is exact where outputs are
decided above symbols, as they are where the circuit has a constrained order.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np

from nesy.circuit.circuit import IntArray
from nesy.circuit.layers import BoolArray, Group, Layers
from nesy.engines.tasks.forward import FloatArray, evaluated
from nesy.engines.tasks.given import Given
from nesy.errors import EngineError
from nesy.logic.program import Value

LIMIT = 10_000
"""How many partial choices are looked at before the task is refused."""


@final
@dataclass(frozen=True, slots=True)
class Assignment:
    """Values of all outputs.

    log_probability: that they hold together, given all that is observed, in nats.
    """

    outputs: Mapping[str, Value]
    log_probability: float

    @property
    def probability(self) -> float:
        """That the values hold together; 0 where it is too small for a float."""
        return float(np.exp(self.log_probability))


def most_probable_outputs(
    given: Given, fixed: Mapping[int, int | None], limit: int
) -> tuple[list[int], float]:
    """The best value of each output, and the log-weight of all of them together.

    given: all outputs are observed in its circuit; those in `fixed` have these values, the others are
    sought. Of several best choices, the one whose values come first, first output first.
    Raises `EngineError`: no-joint-value where there is none; intractable-map beyond `limit` partial choices.
    Cost: O(edges) for each partial choice that is looked at: at best the values of all outputs in number.
    """
    search = _Search(given, limit)
    waiting: list[tuple[float, tuple[int, ...]]] = [(-search.bounds([()], fixed)[0], ())]
    while waiting:
        bound, chosen = heapq.heappop(waiting)
        if np.isinf(bound):
            break
        if len(chosen) == len(given.program.outputs):
            return list(chosen), -bound
        size = len(given.program.outputs[len(chosen)].domain)
        known = fixed.get(len(chosen))
        longer = [(*chosen, v) for v in ([known] if known is not None else range(size))]
        for upper, choice in zip(search.bounds(longer, fixed), longer, strict=True):
            if not np.isneginf(upper):
                heapq.heappush(waiting, (-upper, choice))
    raise EngineError(
        "no-joint-value",
        "no world gives each output a value",
        hint="ask for fewer outputs, or give the outputs a value for the other cases",
    )


@final
class _Search:
    def __init__(self, given: Given, limit: int) -> None:
        self._given = given
        self._left = limit
        self._limit = limit
        self._layers = given.compiled.world_layers
        domains = given.compiled.worlds.domains
        self._firsts = np.cumsum(domains)[len(given.program.symbols) - 1 :]
        self._maximal = _choices(self._layers, given.compiled.worlds.variable_of_column, given)

    def bounds(self, choices: list[tuple[int, ...]], fixed: Mapping[int, int | None]) -> list[float]:
        """No choice of the remaining outputs has a greater log-weight; exact where none remains."""
        self._left -= len(choices)
        if self._left < 0:
            raise EngineError(
                "intractable-map",
                f"the best values of {len(self._given.program.outputs)} outputs were not found among "
                f"{self._limit} partial choices: the circuit does not decide outputs before symbols",
                hint="ask for fewer outputs, observe some, raise limit=, or take mpe()",
            )
        inputs = np.repeat(self._given.inputs, len(choices), axis=1)
        for column, choice in enumerate(choices):
            for output, value in {**fixed, **dict(enumerate(choice))}.items():
                if value is not None:
                    self._choose(inputs, column, output, value)
        values = evaluated(self._layers, inputs, self._maximal)
        found: list[float] = values.rows[self._layers.roots[0]].tolist()
        return found

    def _choose(self, inputs: FloatArray, column: int, output: int, value: int) -> None:
        start = int(self._firsts[output])
        size = len(self._given.program.outputs[output].domain)
        inputs[start : start + size, column] = -np.inf
        inputs[start + value, column] = 0.0


def _choices(layers: Layers, variable_of_column: IntArray, given: Given) -> BoolArray:
    """(rows,): the sums whose terms each hold another value of one and the same output."""
    found = np.zeros(layers.rows, dtype=np.bool_)
    symbols = len(given.program.symbols)
    for group in layers.groups:
        if group.terms > group.stop - group.start:
            for number in range(group.stop - group.start):
                found[group.start + number] = _decides(layers, group, number, variable_of_column, symbols)
    return found


def _decides(layers: Layers, group: Group, number: int, variable_of_column: IntArray, symbols: int) -> bool:
    decided: dict[int, set[int]] = {}
    terms = range(int(group.offsets[number]), int(group.offsets[number + 1]))
    for term in terms:
        factors = group.factors[group.factor_offsets[term] : group.factor_offsets[term + 1]]
        for column in factors[factors < layers.width].tolist():
            if variable_of_column[column] >= symbols:
                decided.setdefault(int(variable_of_column[column]), set()).add(column)
    return any(len(columns) == len(terms) for columns in decided.values())
