"""What no proof of a node can exceed, from the beliefs: the lookahead of the search.

The weight of a proof is charged symbol by symbol. Goals are proved in a fixed order, and each symbol is
charged to the first goal that depends on it. So the bounds of goals may be added, whatever they share, and
the sum with the weight of what is decided already is a bound of the whole: the search is an A* search with
an admissible heuristic. A node counts for the first goal that it is below.
Importing this module loads numba.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nesy.engines.topk.boxes import Weights
from nesy.engines.topk.compiled import ENTRY, INNER
from nesy.engines.topk.goal_graph import Nodes
from nesy.engines.topk.rows import fill
from nesy.engines.topk.truth import Scratch
from nesy.logic.graph import Kind

_LEAF, _AND = int(Kind.LEAF), int(Kind.AND)
NONE = -1


class Bounds(NamedTuple):
    """above: (N, 2) the bound of each node, and of its negation. goal: (N,) the first goal it is below.

    owner: (n,) the first goal that depends on each symbol.
    """

    above: NDArray[np.float64]
    goal: NDArray[np.int64]
    owner: NDArray[np.int64]


@ENTRY
def empty_bounds(count: Any, symbols: Any) -> Any:
    """Room for a graph of so many nodes."""
    return Bounds(np.empty((count, 2)), np.empty(count, np.int64), np.empty(symbols, np.int64))


@INNER
def bound(bounds: Bounds, goal: Any, number: Any) -> Any:
    """The bound of a literal as a part of goal `number`; -inf only where it is impossible."""
    found = bounds.above[goal >> 1, goal & 1]
    return found if bounds.goal[goal >> 1] == number or found == -np.inf else 0.0


@INNER
def fill_bounds(nodes: Nodes, weights: Weights, goals: Any, bounds: Bounds, scratch: Scratch) -> None:
    """Write the bounds of all nodes below the goals. Cost: O(nodes and edges below them)."""
    fill(bounds.goal, NONE)
    fill(bounds.owner, NONE)
    for number in range(len(goals)):
        if goals[number] >= 0 and bounds.goal[goals[number] >> 1] == NONE:
            _below(nodes, weights, goals[number] >> 1, number, bounds, scratch)


@INNER
def _below(nodes: Nodes, weights: Weights, root: Any, number: Any, bounds: Bounds, scratch: Scratch) -> None:
    path, places = scratch.path, scratch.places
    depth = 0
    path[0], places[0] = root, nodes.offsets[root]
    bounds.goal[root] = number
    while depth >= 0:
        node, place = path[depth], places[depth]
        if place < nodes.offsets[node + 1]:
            places[depth] += 1
            child = nodes.children[place] >> 1
            if bounds.goal[child] == NONE:
                bounds.goal[child] = number
                depth += 1
                path[depth], places[depth] = child, nodes.offsets[child]
            continue
        _bound_node(nodes, weights, node, number, bounds)
        depth -= 1


@INNER
def _bound_node(nodes: Nodes, weights: Weights, node: Any, number: Any, bounds: Bounds) -> None:
    kind = nodes.kinds[node]
    if kind == _LEAF:
        _bound_leaf(nodes, weights, node, number, bounds)
    else:
        conjunction = int(kind != _AND)
        bounds.above[node, conjunction] = _all_of(nodes, node, conjunction, number, bounds)
        bounds.above[node, 1 - conjunction] = _any_of(nodes, node, 1 - conjunction, number, bounds)


@INNER
def _bound_leaf(nodes: Nodes, weights: Weights, node: Any, number: Any, bounds: Bounds) -> None:
    symbol, column = nodes.symbol[node], nodes.column[node]
    if bounds.owner[symbol] == NONE:
        bounds.owner[symbol] = number
    takes, takes_not = weights.logs[column], weights.others[column]
    if bounds.owner[symbol] != number:
        # Charged to an earlier goal: here all that counts is whether it can be.
        takes = 0.0 if takes > -np.inf else takes
        takes_not = 0.0 if takes_not > -np.inf else takes_not
    bounds.above[node, 0] = takes
    bounds.above[node, 1] = takes_not


@INNER
def _all_of(nodes: Nodes, node: Any, negated: Any, number: Any, bounds: Bounds) -> Any:
    """Children without a symbol in common add up; of others the least is a bound."""
    total, least = 0.0, 0.0
    for edge in range(nodes.offsets[node], nodes.offsets[node + 1]):
        found = bound(bounds, nodes.children[edge] ^ negated, number)
        if nodes.counted[edge]:
            total += found
        else:
            least = min(least, found)
    return min(total, least)


@INNER
def _any_of(nodes: Nodes, node: Any, negated: Any, number: Any, bounds: Bounds) -> Any:
    best = -np.inf
    for edge in range(nodes.offsets[node], nodes.offsets[node + 1]):
        best = max(best, bound(bounds, nodes.children[edge] ^ negated, number))
    return best
