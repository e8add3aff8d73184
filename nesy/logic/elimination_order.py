"""In which order the nodes of a component are eliminated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from heapq import heapify, heappop, heappush
from typing import Any, NamedTuple

Neighbours = Mapping[int, Iterable[int]]
"""For each node of a component, the nodes beside it; symmetric."""

_SLACK = 2
"""How much wider than by fewest neighbours the fronts of a sweep may be.

A sweep leaves one front at any time, where the other order leaves many that a search meets side by side.
"""

_ROUNDS = 8
"""How far around a node one looks to tell it from others."""


class Order(NamedTuple):
    """Nodes as they go, the most neighbours one then has (width), and the sum of their squares (fill)."""

    nodes: list[int]
    width: int
    fill: int


def elimination_order(around: Neighbours, asked: Iterable[int], most: int) -> Order | None:
    """A sweep towards the asked nodes where that is narrow, else fewest neighbours first.

    None where the fill exceeds `most`. Cost: O(nodes and edges), and O(fill * log nodes).
    """
    around = by_shape(around, asked)
    narrow = by_fewest_neighbours(around, asked, most)
    swept = sweep(around, asked, most)
    if swept is None or (narrow is not None and swept.width > narrow.width + _SLACK):
        return narrow
    return swept


def by_shape(around: Neighbours, asked: Iterable[int]) -> Neighbours:
    """The same with nodes and neighbours in an order that names and the order of clauses do not change.

    Nodes are told apart by whether they are asked, by their neighbours, by their neighbours' neighbours,
    and so on for some rounds (Weisfeiler and Leman, 1968). Cost: O(rounds * edges * log nodes).
    """
    last = frozenset(asked)
    keys: dict[int, Any] = {node: (node in last, len(tuple(near))) for node, near in around.items()}
    for _ in range(_ROUNDS):
        places = {key: i for i, key in enumerate(sorted(set(keys.values())))}
        colours = {node: places[key] for node, key in keys.items()}
        if len(places) == len(keys):
            break
        keys = {
            node: (colours[node], *sorted(colours[other] for other in near)) for node, near in around.items()
        }
    order = sorted(around, key=lambda node: (keys[node], node))
    place = {node: i for i, node in enumerate(order)}
    return {node: sorted(around[node], key=place.__getitem__) for node in order}


def sweep(around: Neighbours, asked: Iterable[int], most: int) -> Order | None:
    """From the far end of the component to the asked node, where it is one: what keeps the front small first.

    The front are the nodes that stay beside those gone. Cost: O(fill), and O(nodes and edges).
    """
    start, *others = asked
    last = None if others else start
    front = {_by_distance(around, start)[-1]: None}
    gone: set[int] = set()
    nodes: list[int] = []
    width = fill = 0
    while front:
        node = min(front, key=lambda n: (n == last, sum(x not in gone and x not in front for x in around[n])))
        del front[node]
        gone.add(node)
        nodes.append(node)
        front.update((n, None) for n in around[node] if n not in gone)
        width, fill = max(width, len(front)), fill + len(front) ** 2
        if fill > most:
            return None
    return Order(nodes, width, fill)


def _by_distance(around: Neighbours, start: int) -> list[int]:
    queue = [start]
    seen = {start}
    for node in queue:
        found = [n for n in around[node] if n not in seen]
        seen.update(found)
        queue += found
    return queue


def by_fewest_neighbours(around: Neighbours, asked: Iterable[int], most: int) -> Order | None:
    """A node of fewest neighbours first (minimum degree); asked ones after all others, if they are few."""
    last = frozenset(asked)
    shape = {node: i for i, node in enumerate(around)}
    if len(last) > 1:
        last = frozenset()
    beside = {node: set(near) - {node} for node, near in around.items()}
    waiting = [(node in last, len(near), shape[node], node) for node, near in beside.items()]
    heapify(waiting)
    nodes: list[int] = []
    width = fill = 0
    while waiting:
        _, degree, _, node = heappop(waiting)
        if node not in beside or degree != len(beside[node]):
            continue
        width, fill = max(width, degree), fill + degree**2
        if fill > most:
            return None
        nodes.append(node)
        near = beside.pop(node)
        for other in near:
            beside[other] |= near
            beside[other] -= {other, node}
            heappush(waiting, (other in last, len(beside[other]), shape[other], other))
    return Order(nodes, width, fill)
