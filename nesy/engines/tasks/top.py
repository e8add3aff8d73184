"""The k most probable worlds, in order."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

import numpy as np

from nesy.circuit.circuit import IntArray, NodeKind
from nesy.engines.tasks.given import Given

SCALE = 1 << 50
"""Logarithms are rounded to multiples of its inverse, about their own precision, and added exactly."""

Ranked = list[tuple[int, int]]
"""Partial worlds from the best on, at most k: (cost, values). A value of symbol s is an integer shifted to
the place of s, the first symbol's highest: partial worlds join by addition, and compare symbol by symbol."""


def most_probable_worlds(given: Given, k: int) -> IntArray:
    """(at most k, n): the k most probable of the possible worlds, the best first.

    Worlds of equal probability stand in the order of their values, first symbol first, and so it is decided
    which of them are the k. Equal are sums of logarithms that are rounded to 50 binary places each.
    Cost: O(edges * k log k); holds O(nodes * k) partial worlds. Smoothing the circuit, the first time.
    """
    given.single("the most probable worlds")
    given.require_worlds()
    circuit = given.compiled.whole_worlds
    inputs = _inputs(given, circuit.domains)
    kinds, columns = circuit.kinds.tolist(), circuit.columns.tolist()
    children, offsets = circuit.children.tolist(), circuit.offsets.tolist()
    ranked: list[Ranked] = []
    for node, kind in enumerate(kinds):
        below = (ranked[c] for c in children[offsets[node] : offsets[node + 1]])
        if kind == NodeKind.INPUT:
            ranked.append(inputs[columns[node]][:k])
        elif kind in (NodeKind.SUM, NodeKind.ZERO):
            ranked.append(sorted(chain.from_iterable(below))[:k])
        else:
            ranked.append(_joined(below, k))
    return _decoded(given, [world for _, world in ranked[int(circuit.roots[0])]])


def _joined(parts: Iterable[Ranked], k: int) -> Ranked:
    """The best of all combinations. One with i and j better parts has (i + 1)(j + 1) - 1 better than it."""
    found: Ranked = [(0, 0)]
    for part in parts:
        if len(part) == 1:
            cost, values = part[0]
            found = [(c + cost, v + values) for c, v in found]
        elif len(found) == 1:
            cost, values = found[0]
            found = [(c + cost, v + values) for c, v in part]
        else:
            pairs = ((x, y) for i, x in enumerate(found) for y in part[: k // (i + 1)])
            found = sorted((c + d, v + w) for (c, v), (d, w) in pairs)[:k]
    return found


def _inputs(given: Given, domains: IntArray) -> list[Ranked]:
    """What each input column stands for: one partial world, or none where it is impossible."""
    shift = _bits(given) * len(given.program.symbols)
    found: list[Ranked] = []
    logs = given.inputs[:, 0].tolist()
    start = 0
    for variable, size in enumerate(domains.tolist()):
        # Observed outputs are variables too, but no part of the world.
        symbol = variable < len(given.program.symbols)
        shift -= _bits(given) if symbol else 0
        for value in range(size):
            log = logs[start + value]
            part = (-round(log * SCALE), value << shift if symbol else 0) if log > -np.inf else None
            found.append([] if part is None else [part])
        start += size
    return found


def _bits(given: Given) -> int:
    return max((len(s.values) for s in given.program.symbols), default=1).bit_length()


def _decoded(given: Given, worlds: list[int]) -> IntArray:
    bits, symbols = _bits(given), len(given.program.symbols)
    digits = [f"{w:0{max(1, bits * symbols)}b}" for w in worlds]
    rows = [[int(d[i * bits : (i + 1) * bits], 2) for i in range(symbols)] for d in digits]
    return np.array(rows, dtype=np.int64).reshape(len(worlds), symbols)
