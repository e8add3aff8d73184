"""Strongly connected components of an AND-OR graph, and what is found within one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from nesy.logic.flat import FlatGraph
from nesy.logic.graph import Graph


def components(graph: Graph | FlatGraph, roots: Iterable[int]) -> Iterator[list[int]]:
    """The strongly connected components reached from root nodes, callees first (Tarjan, 1972; iterative).

    Cost: O(nodes and edges).
    """
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    open_nodes: dict[int, None] = {}
    for root in roots:
        work = [] if root in index else [(root, iter((root,)))]
        while work:
            node, children = work[-1]
            child = next((c for c in children if c not in index or c in open_nodes), None)
            if child is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node] and node in open_nodes:
                    yield _close(node, open_nodes)
            elif child in index:
                low[node] = min(low[node], index[child])
            else:
                index[child] = low[child] = len(index)
                open_nodes[child] = None
                work.append((child, map(abs, graph.children(child))))


def _close(root: int, open_nodes: dict[int, None]) -> list[int]:
    """Take a finished component off the open nodes, which are in order of discovery."""
    component = [open_nodes.popitem()[0]]
    while component[-1] != root:
        component.append(open_nodes.popitem()[0])
    return component


def on_cycle(graph: Graph | FlatGraph, component: list[int]) -> bool:
    """Whether the nodes of a component depend on themselves."""
    return len(component) > 1 or component[0] in map(abs, graph.children(component[0]))


def shortest_path(graph: Graph | FlatGraph, start: int, goal: int, inside: Collection[int]) -> list[int]:
    """A shortest path of nodes within a component. Cost: O(its nodes and edges)."""
    previous = {start: start}
    queue = [start]
    for node in queue:
        if node == goal:
            break
        for child in map(abs, graph.children(node)):
            if child in inside and child not in previous:
                previous[child] = node
                queue.append(child)
    path = [goal]
    while path[-1] != start:
        path.append(previous[path[-1]])
    return path[::-1]
