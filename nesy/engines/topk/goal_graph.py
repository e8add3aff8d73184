"""The ground program as the search for proofs reads it: flat arrays, and the order in which goals are taken.

A goal is a literal code: `2 * node` where a node must hold, `2 * node + 1` where it must not.
Importing this module loads numba.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from nesy.engines.topk.compiled import ENTRY
from nesy.logic.graph import Kind
from nesy.logic.program import GroundProgram

IntArray = NDArray[np.int64]

SUPPORT_BYTES = 1 << 26
"""How much memory may say which symbols each node depends on; without it bounds are weaker."""

ABSENT = -1
"""Stands for a goal that is none: what is not observed."""


class Nodes(NamedTuple):
    """The arrays that compiled code gets.

    kinds: (N,) the `Kind` of each node. offsets: (N + 1,); children: (E,) literal codes, leaves first and
    then those that depend on few symbols. counted: (E,) whether a child shares no symbol with the siblings
    before it that are counted. symbol, column: (N,) of leaves. starts: (n + 1,) the columns of each symbol.
    supports: (N, W) the symbols each node depends on, as bits; W is 0 where that would be too large.
    """

    kinds: NDArray[np.int8]
    offsets: IntArray
    children: IntArray
    counted: NDArray[np.uint8]
    symbol: IntArray
    column: IntArray
    starts: IntArray
    supports: NDArray[np.uint64]


@final
@dataclass(frozen=True, eq=False)
class GoalGraph:
    """nodes: the graph below all outputs and the condition.

    values: (m, most values) the goal that says that an output has a value; `ABSENT` beyond its domain.
    decided: (m,) the goals that say that an output has some value. condition: (c,).
    order: the columns of (m + c) goals, outputs first, in the order in which the search takes them.
    """

    nodes: Nodes
    values: IntArray
    decided: IntArray
    condition: IntArray
    order: IntArray


def goal_graph(program: GroundProgram) -> GoalGraph:
    """Cost: O(nodes and edges below the outputs and the condition, times symbols / 64)."""
    outputs = program.outputs
    literals = [*program.condition, *(x for o in outputs for x in o.literals)]
    below = list(program.graph.reachable(literals))
    number = {1: 0}
    for node in below:
        number.setdefault(node, len(number))
    rows = [[_code(c, number) for c in program.graph.children(n)] for n in number]
    # TRUE is the conjunction of nothing.
    kinds = [int(program.graph.kinds[n]) or int(Kind.AND) for n in number]
    values = [[_code(x, number) for x in o.literals] for o in outputs]
    decided = []
    for codes in values:
        decided.append(2 * len(rows))
        rows.append(codes)
        kinds.append(int(Kind.OR))
    nodes = _nodes(program, number, kinds, rows)
    condition = np.array([_code(x, number) for x in program.condition], dtype=np.int64)
    units = np.concatenate([np.array(decided, dtype=np.int64), condition])
    return GoalGraph(
        nodes=nodes,
        values=_padded(values),
        decided=np.array(decided, dtype=np.int64),
        condition=condition,
        order=_order(nodes.supports[units >> 1]),
    )


def _code(literal: int, number: Mapping[int, int]) -> int:
    return 2 * number[abs(literal)] + (literal < 0)


def _padded(rows: list[list[int]]) -> IntArray:
    found = np.full((len(rows), max(map(len, rows), default=0)), ABSENT, dtype=np.int64)
    for place, row in enumerate(rows):
        found[place, : len(row)] = row
    return found


def _nodes(
    program: GroundProgram, number: Mapping[int, int], kinds: list[int], rows: list[list[int]]
) -> Nodes:
    symbol, column = (np.full(len(rows), ABSENT, dtype=np.int64) for _ in range(2))
    for node, place in number.items():
        if program.graph.kinds[node] == Kind.LEAF:
            owner, value = program.graph.args[node]
            symbol[place], column[place] = owner, program.offsets[owner] + value
    tags = np.array(kinds, dtype=np.int8)
    sizes = np.array([len(row) for row in rows], dtype=np.int64)
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    children = np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=int(offsets[-1]))
    words = -(-len(program.symbols) // 64)
    if 8 * words * len(rows) > SUPPORT_BYTES:
        words = 0
    supports = np.zeros((len(rows), words), dtype=np.uint64)
    fill_supports(tags, offsets, children, symbol, supports)
    many = np.array([sum(map(_bits, row)) for row in supports.tolist()], dtype=np.int64)
    below = children >> 1
    by_size = np.lexsort((many[below], tags[below] != Kind.LEAF, np.repeat(np.arange(len(rows)), sizes)))
    children = children[by_size]
    counted = np.zeros(len(children), dtype=np.uint8)
    fill_counted(offsets, children, supports, counted)
    starts = np.array(program.offsets, dtype=np.int64)
    return Nodes(tags, offsets, children, counted, symbol, column, starts, supports)


def _bits(word: int) -> int:
    return bin(word).count("1")


@ENTRY
def fill_supports(kinds: Any, offsets: Any, children: Any, symbol: Any, supports: Any) -> None:
    """Write which symbols each node depends on; children come before parents."""
    if supports.shape[1] == 0:
        return
    for node in range(len(kinds)):
        if symbol[node] >= 0:
            supports[node, symbol[node] >> 6] |= np.uint64(1) << np.uint64(symbol[node] & 63)
        for edge in range(offsets[node], offsets[node + 1]):
            for word in range(supports.shape[1]):
                supports[node, word] |= supports[children[edge] >> 1, word]


@ENTRY
def fill_counted(offsets: Any, children: Any, supports: Any, counted: Any) -> None:
    """Write which children share no symbol with the counted siblings before them."""
    words = supports.shape[1]
    union = np.zeros(words, np.uint64)
    for node in range(len(offsets) - 1):
        union[:] = 0
        for edge in range(offsets[node], offsets[node + 1]):
            child = children[edge] >> 1
            fresh = words > 0 or edge == offsets[node]
            for word in range(words):
                fresh = fresh and (union[word] & supports[child, word]) == np.uint64(0)
            if fresh:
                counted[edge] = 1
                for word in range(words):
                    union[word] |= supports[child, word]


MOST_ORDERED = 2048
"""How many goals are ordered one by one; more are ordered by the number of their symbols."""


def _order(supports: NDArray[np.uint64]) -> IntArray:
    """Goals so that each asks about few symbols that those before it do not ask about."""
    if not supports.size:
        return np.arange(len(supports))
    bits = np.unpackbits(supports.view(np.uint8), axis=1).astype(bool)
    if len(supports) > MOST_ORDERED:
        return np.argsort(bits.sum(axis=1), kind="stable")
    return np.fromiter(_one_by_one(bits), dtype=np.int64, count=len(bits))


def _one_by_one(bits: NDArray[np.bool_]) -> Iterator[int]:
    new, covered = bits.sum(axis=1), np.zeros(bits.shape[1], dtype=bool)
    left = np.ones(len(bits), dtype=bool)
    for _ in range(len(bits)):
        best = int(np.where(left, new, np.iinfo(np.int64).max).argmin())
        yield best
        left[best] = False
        fresh = bits[best] & ~covered
        covered |= fresh
        new = new - bits[:, fresh].sum(axis=1)
