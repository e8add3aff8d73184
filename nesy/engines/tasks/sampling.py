"""Exact samples of worlds, given all that is observed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from nesy.circuit.circuit import IntArray
from nesy.circuit.layers import Group
from nesy.engines.outputs import value_slices
from nesy.engines.tasks.descent import FREE, descend
from nesy.engines.tasks.forward import FloatArray, shares
from nesy.engines.tasks.given import Given
from nesy.engines.tasks.names import Names
from nesy.engines.tasks.worlds import Outcomes, outcome
from nesy.logic.program import Value

CHUNK = 1 << 22
"""Values of symbols that are drawn at a time, which bounds what waits in memory."""


@final
class Samples:
    """Independent worlds, each drawn with its probability given all that is observed.

    worlds: (S, n) int64, the index of each symbol's value, symbols in the order of `names.symbols`.
    """

    def __init__(self, worlds: IntArray, given: Given, names: Names, outcomes: Outcomes) -> None:
        self.worlds = worlds
        self._names = names
        self._holds = outcomes.holds(worlds)
        self._groups = value_slices(given.program.outputs)

    def __len__(self) -> int:
        return len(self.worlds)

    def symbol(self, name: str) -> NDArray[Any]:
        """(S,): the value of a symbol in each world. Raises `EngineError` (unknown-symbol). Cost: O(S)."""
        values = np.array(self._names.symbols.get(name, ()), dtype=object)
        return values[self.worlds[:, self._names.symbol(name)]]

    def holds(self, name: str) -> NDArray[np.bool_]:
        """(S, |domain|): whether each value of an output holds. Raises `EngineError` (unknown-output)."""
        found: NDArray[np.bool_] = self._holds[self._groups[self._names.output(name)]].T
        return found

    def frequencies(self) -> Mapping[str, Mapping[Value, float]]:
        """For each output, the share of the worlds in which each value holds. Cost: O(values * S)."""
        return {
            name: dict(zip(domain, self.holds(name).mean(axis=0).tolist(), strict=True))
            for name, domain in self._names.outputs.items()
        }

    def rows(self) -> Iterator[dict[str, dict[str, Any]]]:
        """Each world as {"symbols": {name: value}, "outputs": {name: value}}. Cost: O(names) each."""
        truths = self._holds.T
        for world, held in zip(self.worlds.tolist(), truths, strict=True):
            symbols = {n: v[i] for (n, v), i in zip(self._names.symbols.items(), world, strict=True)}
            outputs = {
                n: outcome(v, held[g].tolist())
                for (n, v), g in zip(self._names.outputs.items(), self._groups, strict=True)
            }
            yield {"symbols": symbols, "outputs": outputs}


def sampled_worlds(given: Given, count: int, seed: int) -> IntArray:
    """(count, n): worlds drawn from the posterior, down the circuit, all at once.

    Cost: one evaluation, then O(the part of the circuit that each sample visits).
    """
    given.single("sampling")
    given.require_worlds()
    rng = np.random.default_rng(seed)
    symbols = len(given.program.symbols)
    size = max(1, CHUNK // max(1, symbols))
    draw = _Draw(given, rng)
    parts = [draw.worlds(min(size, count - start)) for start in range(0, count, size)]
    return np.concatenate([np.empty((0, symbols), dtype=np.int64), *parts])


@final
class _Draw:
    """A way down is drawn term by term; each with its share of the sum."""

    def __init__(self, given: Given, rng: np.random.Generator) -> None:
        self._given = given
        self._rng = rng
        self._cumulated: dict[int, tuple[FloatArray, IntArray]] = {}

    def worlds(self, count: int) -> IntArray:
        """(count, n)."""
        given, layers = self._given, self._given.compiled.world_layers
        found = descend(given.compiled.worlds, layers, int(layers.roots[0]), count, self._terms)
        found = found[:, : len(given.program.symbols)]
        for number in np.flatnonzero((found == FREE).any(axis=0)).tolist():
            free = found[:, number] == FREE
            start, stop = given.program.offsets[number : number + 2]
            bounds = np.cumsum(np.exp(given.beliefs[0, start:stop]))
            found[free, number] = self._among(bounds, int(free.sum()))
        return found

    def _among(self, bounds: FloatArray, count: int) -> IntArray:
        """Values, each as probable as its interval between bounds is long."""
        drawn = np.searchsorted(bounds, self._rng.random(count) * bounds[-1], side="right")
        # A product may round up to the last bound; the first place of that bound is the last possible value.
        found: IntArray = np.minimum(drawn, np.searchsorted(bounds, bounds[-1]))
        return found

    def _terms(self, group: Group, rows: IntArray) -> IntArray:
        if group.terms == group.stop - group.start:
            return rows
        bounds, last = self._bounds(group)
        starts = group.offsets[rows]
        low = np.where(starts > 0, bounds[starts - 1], 0.0)
        high = bounds[group.offsets[rows + 1] - 1]
        drawn = np.searchsorted(bounds, low + self._rng.random(len(rows)) * (high - low), side="right")
        return np.minimum(drawn, last[rows])

    def _bounds(self, group: Group) -> tuple[FloatArray, IntArray]:
        """Running sums of the shares of all terms, and each row's last possible term."""
        found = self._cumulated.get(group.first_term)
        if found is None:
            part = shares(self._given.worlds, group)[:, 0]
            possible = np.where(part > 0, np.arange(group.terms), -1)
            found = np.cumsum(part), np.maximum.reduceat(possible, group.offsets[:-1])
            self._cumulated[group.first_term] = found
        return found
