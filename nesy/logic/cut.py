"""A set of nodes that cuts every cycle of a component, and an order of its nodes between them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from heapq import heapify, heappop, heappush

from nesy.logic.flat import FlatGraph
from nesy.logic.graph import Graph

Edges = Mapping[int, set[int]]


def cut_order(
    graph: Graph | FlatGraph, component: list[int], inside: Collection[int]
) -> tuple[list[int], list[int]]:
    """The nodes of a component, children first but for children in the cut, and the cut.

    The cut is small, not smallest (that is NP-hard): nodes that are on no cycle without the cut go
    first, then the one with most ways through it is cut. Cost: O(nodes and edges, times log nodes).
    """
    below = {node: {c for c in graph.children(node) if c in inside} for node in component}
    cut = _cut(below)
    return _children_first(below, component, cut), list(cut)


def _cut(below: Edges) -> dict[int, None]:
    after = {node: set(children) for node, children in below.items()}
    before: dict[int, set[int]] = {node: set() for node in below}
    for node, children in below.items():
        for child in children:
            before[child].add(node)
    cut: dict[int, None] = {}
    loose = [n for n in below if not (before[n] and after[n])]
    waiting = [(-len(before[n]) * len(after[n]), n) for n in below]
    heapify(waiting)
    while loose or waiting:
        if loose:
            node = loose.pop()
        else:
            ways, node = heappop(waiting)
            if node in after and -ways != len(before[node]) * len(after[node]):
                continue
            if node in after:
                cut[node] = None
        if node in after:
            for other in _taken_out(node, before, after):
                if before[other] and after[other]:
                    heappush(waiting, (-len(before[other]) * len(after[other]), other))
                else:
                    loose.append(other)
    return cut


def _taken_out(node: int, before: dict[int, set[int]], after: dict[int, set[int]]) -> set[int]:
    """Remove a node; returns those that were beside it."""
    onward, back = after.pop(node) - {node}, before.pop(node) - {node}
    for other in onward:
        before[other].discard(node)
    for other in back:
        after[other].discard(node)
    return onward | back


def _children_first(below: Edges, component: list[int], cut: Collection[int]) -> list[int]:
    order: list[int] = []
    seen: set[int] = set()
    stack = component[::-1]
    while stack:
        node = stack.pop()
        if node < 0:
            order.append(-node)
        elif node not in seen:
            seen.add(node)
            stack.append(-node)
            stack.extend(c for c in below[node] if c not in seen and c not in cut)
    return order
