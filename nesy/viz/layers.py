"""Which row each node of a graph stands in: edges point downwards, and are short."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Pair = tuple[int, int]


def acyclic(count: int, edges: Iterable[Pair]) -> list[Pair]:
    """The edges, with those turned round that close a cycle; loops are left out, and none stands twice.

    An edge closes a cycle where a walk in depth, from node 0 on, comes back to what it is still below.
    Cost: O(nodes and edges); iterative.
    """
    below: list[list[int]] = [[] for _ in range(count)]
    for source, target in edges:
        if source != target:
            below[source].append(target)
    order = _finished(below)
    turned = (
        (source, target) if order[source] > order[target] else (target, source)
        for source, targets in enumerate(below)
        for target in targets
    )
    return list(dict.fromkeys(turned))


def _finished(below: Sequence[Sequence[int]]) -> list[int]:
    """When a walk in depth leaves each node for good; a node leaves after all that is below it.

    Only edges that close a cycle lead from nodes that left earlier to such as left later.
    """
    order = [-1] * len(below)
    entered = [False] * len(below)
    clock = 0
    for start in range(len(below)):
        stack = [(start, iter(below[start]))] if not entered[start] else []
        entered[start] = True
        while stack:
            node, rest = stack[-1]
            target = next((t for t in rest if not entered[t]), None)
            if target is None:
                order[node] = clock
                clock += 1
                stack.pop()
            else:
                entered[target] = True
                stack.append((target, iter(below[target])))
    return order


def rows(count: int, edges: Sequence[Pair]) -> list[int]:
    """The row of each node, counted from the bottom: above what it points to, right below what points to it.

    edges: without cycles. What nothing points to stands as low as it can. Cost: O(nodes and edges).
    """
    below: list[list[int]] = [[] for _ in range(count)]
    above: list[list[int]] = [[] for _ in range(count)]
    for source, target in edges:
        below[source].append(target)
        above[target].append(source)
    order = _downwards(below, above)
    row = [0] * count
    for node in reversed(order):
        row[node] = 1 + max((row[t] for t in below[node]), default=-1)
    for node in order:
        if above[node]:
            row[node] = min(row[s] for s in above[node]) - 1
    return row


def _downwards(below: Sequence[Sequence[int]], above: Sequence[Sequence[int]]) -> list[int]:
    """The nodes, each after all that point to it."""
    waiting = [len(sources) for sources in above]
    order = [node for node, sources in enumerate(above) if not sources]
    for node in order:
        for target in below[node]:
            waiting[target] -= 1
            if not waiting[target]:
                order.append(target)
    return order
