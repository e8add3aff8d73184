"""Which symbols literals depend on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nesy.engines.sat.costs import IntArray
from nesy.logic.graph import Kind
from nesy.logic.program import GroundProgram


def symbols_below(program: GroundProgram, groups: Sequence[Sequence[int]]) -> list[IntArray]:
    """For each group of literals the symbols that some literal in it depends on, in order.

    Cost: one walk over the graph for all groups together, each node keeping a bit for each group.
    """
    graph = program.graph
    masks: dict[int, int] = {}
    for number, group in enumerate(groups):
        for literal in group:
            masks[abs(literal)] = masks.get(abs(literal), 0) | 1 << number
    above = np.zeros((len(groups), len(program.symbols)), dtype=np.bool_)
    for node in reversed(list(graph.reachable(list(masks)))):
        mask = masks.pop(node)
        if graph.kinds[node] == Kind.LEAF:
            above[_bits(mask, len(groups)), graph.args[node][0]] = True
        for child in graph.children(node):
            masks[abs(child)] = masks.get(abs(child), 0) | mask
    return [np.flatnonzero(row) for row in above]


def _bits(mask: int, count: int) -> IntArray:
    """The places of the ones in a number of so many bits."""
    packed = np.frombuffer(mask.to_bytes((count + 7) // 8, "little"), dtype=np.uint8)
    return np.flatnonzero(np.unpackbits(packed, bitorder="little", count=count))
