"""Answers for a ground program by looking at every assignment of its symbols.

Works on whatever has the fields of a ground program (symbols with values, a graph of kinds and args,
outputs with literals, a condition); nothing of the package is imported. All assignments are rows of one
array, and a node's truth is one boolean vector over them.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

MOST_ASSIGNMENTS = 200_000


class Assignments:
    """Every assignment of a ground program's symbols, and what holds in each.

    values: (W, n) the index of each symbol's value.
    accepted: (W,) where the condition holds.
    truths: for each output, (|domain|, W) where each of its values holds.
    """

    def __init__(self, program: Any) -> None:
        sizes = [len(s.values) for s in program.symbols]
        assert np.prod(sizes, initial=1) <= MOST_ASSIGNMENTS, "too many assignments to look at"
        self.values: Integers = np.array(list(product(*map(range, sizes))), dtype=np.int64)
        self.values = self.values.reshape(int(np.prod(sizes, initial=1)), len(sizes))
        self._starts = np.cumsum([0, *sizes])[:-1]
        self._graph = program.graph
        self._known: dict[int, Booleans] = {}
        self.accepted: Booleans = np.ones(len(self.values), dtype=bool)
        for literal in program.condition:
            self.accepted &= self._truth(literal)
        self.truths = [np.array([self._truth(x) for x in o.literals]) for o in program.outputs]

    def weights(self, beliefs: Floats) -> Floats:
        """(B, W): the probability of each assignment, for (B, V) log-probabilities."""
        with np.errstate(divide="ignore"):
            return np.asarray(np.exp(beliefs[:, self.values + self._starts].sum(axis=2)))

    def condition(self, beliefs: Floats) -> Floats:
        """(B,): the probability of the condition."""
        return self.weights(beliefs) @ self.accepted

    def probability(self, beliefs: Floats, targets: Integers) -> Floats:
        """(B,): P(observed targets | condition); -1 is not observed."""
        hit = np.repeat(self.accepted[None], len(targets), axis=0)
        for truth, column in zip(self.truths, targets.T, strict=True):
            hit &= np.where((column >= 0)[:, None], truth[column], True)
        return np.asarray((self.weights(beliefs) * hit).sum(axis=1) / self.condition(beliefs))

    def marginals(self, beliefs: Floats) -> list[Floats]:
        """For each output (B, |domain|): P(value | condition)."""
        weights = self.weights(beliefs) * self.accepted
        return [weights @ truth.T / weights.sum(axis=1, keepdims=True) for truth in self.truths]

    def _truth(self, literal: int) -> Booleans:
        node = abs(literal)
        pending = [node]
        while pending:
            current = pending[-1]
            below = self._below(current)
            missing = [c for c in below if c not in self._known]
            if missing:
                pending.extend(missing)
                continue
            self._known[current] = self._combined(current)
            pending.pop()
        return self._known[node] if literal > 0 else ~self._known[node]

    def _below(self, node: int) -> list[int]:
        kind = self._graph.kinds[node].name
        return [abs(c) for c in self._graph.args[node]] if kind in ("AND", "OR") else []

    def _combined(self, node: int) -> Booleans:
        kind, args = self._graph.kinds[node].name, self._graph.args[node]
        if kind == "LEAF":
            symbol, value = args
            return np.asarray(self.values[:, symbol] == value)
        everywhere = np.ones(len(self.values), dtype=bool)
        if kind == "TRUE":
            return everywhere
        parts = [self._known[c] if c > 0 else ~self._known[-c] for c in args]
        if kind == "AND":
            return np.asarray(np.all([everywhere, *parts], axis=0))
        return np.asarray(np.any([~everywhere, *parts], axis=0))
