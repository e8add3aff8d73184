"""All proofs of literals of a small graph, by writing out their disjunctive normal form.

A proof is a box: for each symbol the set of values it allows. Recursive, over Python sets; nothing of the
engine is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

Box = tuple[frozenset[int], ...]


def all_proofs(program: Any, literals: Iterable[int]) -> list[Box]:
    """The proofs of all the literals together that no other proof contains."""
    everything: Box = tuple(frozenset(range(len(s.values))) for s in program.symbols)
    found = [everything]
    for literal in literals:
        found = _both(found, _proofs(program.graph, literal, everything))
    return found


def _proofs(graph: Any, literal: int, everything: Box) -> list[Box]:
    node, holds = abs(literal), literal > 0
    kind, args = graph.kinds[node].name, graph.args[node]
    if kind == "TRUE":
        return [everything] if holds else []
    if kind == "LEAF":
        symbol, value = args
        allowed = frozenset([value]) if holds else everything[symbol] - {value}
        return [(*everything[:symbol], allowed, *everything[symbol + 1 :])] if allowed else []
    parts = [_proofs(graph, child if holds else -child, everything) for child in args]
    if (kind == "AND") == holds:
        found = [everything]
        for part in parts:
            found = _both(found, part)
        return found
    return _largest([box for part in parts for box in part])


def _both(left: Sequence[Box], right: Sequence[Box]) -> list[Box]:
    met = (tuple(a & b for a, b in zip(x, y, strict=True)) for x in left for y in right)
    return _largest([box for box in met if all(box)])


def _largest(boxes: Iterable[Box]) -> list[Box]:
    unique = set(boxes)
    return [
        box
        for box in unique
        if not any(box != other and all(map(frozenset.issubset, box, other)) for other in unique)
    ]


def weight(box: Box, blocks: Sequence[np.ndarray]) -> float:
    """The log-probability of a box; blocks: the log-probabilities of each symbol's values."""
    logs = [
        np.log(np.exp(block[sorted(allowed)]).sum())
        for allowed, block in zip(box, blocks, strict=True)
        if len(allowed) < len(block)
    ]
    return float(sum(logs))
