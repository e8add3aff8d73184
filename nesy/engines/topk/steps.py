"""The steps of the search for proofs: to take an alternative, to go on while nothing is to be chosen.

Importing this module loads numba.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nesy.engines.topk.bounds import Bounds, bound, empty_bounds
from nesy.engines.topk.boxes import Weights, change, empty_weights, mark, restrict
from nesy.engines.topk.compiled import ENTRY, INNER
from nesy.engines.topk.goal_graph import Nodes
from nesy.engines.topk.queue import NIL, Goals
from nesy.engines.topk.rows import copy
from nesy.engines.topk.truth import FALSE, OPEN, TRUE, Scratch, empty_scratch, evaluate
from nesy.logic.graph import Kind

NO_ROOM = -1
"""The lists of goals have grown too long for the memory there is."""

RESTRICTS, NOTHING = -1, -2
"""A literal that restricts the box as soon as it is taken; one that is settled."""

_LEAF, _AND = int(Kind.LEAF), int(Kind.AND)


class Place(NamedTuple):
    """Where the search is, and its room for work.

    box, restricted: the box at hand. union: (W,) bits. work, pending: literals. part: their bounds.
    seen: (2 * N,) and symbol_seen: (n,) at which stamp a literal or symbol was met. stamp: (1,).
    lost: (n,) what an alternative costs in each symbol. visited: (2 * N,) and visit: (1,) of descents.
    """

    weights: Weights
    bounds: Bounds
    scratch: Scratch
    box: NDArray[np.uint8]
    restricted: NDArray[np.uint64]
    union: NDArray[np.uint64]
    work: NDArray[np.int64]
    pending: NDArray[np.int64]
    part: NDArray[np.float64]
    seen: NDArray[np.int64]
    symbol_seen: NDArray[np.int64]
    lost: NDArray[np.float64]
    stamp: NDArray[np.int64]
    visited: NDArray[np.int64]
    visit: NDArray[np.int64]


@ENTRY
def empty_place(nodes: Nodes) -> Any:
    """Room for a search in a graph."""
    count, edges = len(nodes.kinds), len(nodes.children)
    symbols, width = len(nodes.starts) - 1, nodes.starts[-1]
    words = (symbols + 63) // 64
    return Place(
        empty_weights(symbols, width),
        empty_bounds(count, symbols),
        empty_scratch(count),
        np.empty(width, np.uint8),
        np.empty(words, np.uint64),
        np.empty(words, np.uint64),
        np.empty(2 * edges + 2, np.int64),
        np.empty(2 * count, np.int64),
        np.empty(2 * count),
        np.zeros(2 * count, np.int64),
        np.zeros(symbols, np.int64),
        np.empty(symbols),
        np.zeros(1, np.int64),
        np.zeros(2 * count, np.int64),
        np.zeros(1, np.int64),
    )


@INNER
def is_conjunction(nodes: Nodes, goal: Any) -> Any:
    """Whether a literal of a gate asks for all of its children."""
    return (nodes.kinds[goal >> 1] == _AND) != (goal & 1 == 1)


@INNER
def take(nodes: Nodes, place: Place, goal: Any) -> Any:
    """Restrict the box to what a literal asks for at least; disjunctions that are open are left pending.

    Returns the change of the box's log-weight, -inf where the literal cannot hold in it, and how many are
    pending.
    """
    place.stamp[0] += 1
    place.work[0] = goal
    left, count, total = 1, 0, 0.0
    while left > 0:
        left -= 1
        literal = place.work[left]
        if place.seen[literal] == place.stamp[0]:
            continue
        place.seen[literal] = place.stamp[0]
        value = evaluate(nodes, place.box, place.scratch, literal)
        if value == TRUE:
            continue
        if value == FALSE:
            return -np.inf, 0
        node, negated = literal >> 1, literal & 1
        if nodes.kinds[node] == _LEAF:
            total += restrict(nodes, place.weights, place.box, place.restricted, node, negated)
            place.scratch.time[0] += 1
            if total == -np.inf:
                return -np.inf, 0
        elif is_conjunction(nodes, literal):
            for edge in range(nodes.offsets[node + 1] - 1, nodes.offsets[node] - 1, -1):
                place.work[left] = nodes.children[edge] ^ negated
                left += 1
        else:
            place.pending[count] = literal
            count += 1
    return total, count


@INNER
def part_above(nodes: Nodes, place: Place, goal: Any, number: Any) -> Any:
    """What a pending goal may add to the bound: its own, where it asks about no symbol in `union`.

    Its symbols then join the union. -inf where it is impossible.
    """
    node, words = goal >> 1, nodes.supports.shape[1]
    found = bound(place.bounds, goal, number)
    apart = words > 0
    for word in range(words):
        apart = apart and (nodes.supports[node, word] & place.union[word]) == np.uint64(0)
    for word in range(words):
        place.union[word] |= nodes.supports[node, word]
    return found if apart or found == -np.inf else 0.0


@INNER
def prepend(nodes: Nodes, place: Place, goals: Goals, used: Any, count: Any, rest: Any, number: Any) -> Any:
    """Put pending goals before a list. Returns how many goals are in use, and the new list.

    `NO_ROOM` in place of the former where there is none.
    """
    if used + count > len(goals.goal):
        return NO_ROOM, rest
    copy(place.restricted, place.union)
    for index in range(count):
        place.part[index] = part_above(nodes, place, place.pending[index], number)
    for index in range(count - 1, -1, -1):
        goals.goal[used] = place.pending[index]
        goals.next[used] = rest
        goals.number[used] = number
        goals.above[used] = place.part[index] + (0.0 if rest == NIL else goals.above[rest])
        rest = used
        used += 1
    return used, rest


@INNER
def only_way(nodes: Nodes, place: Place, goal: Any) -> Any:
    """The one literal that a goal which is open comes to; -1 where there is a choice."""
    node, negated = goal >> 1, goal & 1
    if nodes.kinds[node] == _LEAF or is_conjunction(nodes, goal):
        return goal
    found = -1
    for edge in range(nodes.offsets[node], nodes.offsets[node + 1]):
        child = nodes.children[edge] ^ negated
        if evaluate(nodes, place.box, place.scratch, child) != FALSE:
            if found >= 0:
                return -1
            found = child
    return found


@INNER
def go_on(nodes: Nodes, place: Place, goals: Goals, used: Any, rest: Any) -> Any:
    """Prove goals while there is only one way to.

    Returns how many goals are in use, or `NO_ROOM`; the list that is left; and the change of the box's
    log-weight, -inf where some goal cannot hold in it.
    """
    total = 0.0
    while rest != NIL:
        goal, number = goals.goal[rest], goals.number[rest]
        value = evaluate(nodes, place.box, place.scratch, goal)
        if value == FALSE:
            return used, rest, -np.inf
        if value != TRUE:
            way = only_way(nodes, place, goal)
            if way < 0:
                break
            gained, count = take(nodes, place, way)
            total += gained
            if total == -np.inf:
                return used, rest, total
            used, rest = prepend(nodes, place, goals, used, count, goals.next[rest], number)
            if used == NO_ROOM:
                break
        else:
            rest = goals.next[rest]
    return used, rest, total


@INNER
def look_at(nodes: Nodes, place: Place, goal: Any, number: Any) -> Any:
    """What an alternative would change the box's log-weight by, and a bound of what it leaves pending.

    Both from the literals that stand in it directly. -inf where it cannot hold.
    """
    node, negated = goal >> 1, goal & 1
    single = nodes.kinds[node] == _LEAF or not is_conjunction(nodes, goal)
    first, last = (0, 1) if single else (nodes.offsets[node], nodes.offsets[node + 1])
    place.stamp[0] += 1
    copy(place.restricted, place.union)
    total, above = 0.0, 0.0
    for index in range(first, last):
        literal = goal if single else nodes.children[index] ^ negated
        value = evaluate(nodes, place.box, place.scratch, literal)
        if value == FALSE:
            return -np.inf, -np.inf
        if value == TRUE:
            continue
        if nodes.kinds[literal >> 1] == _LEAF:
            total += _leaf_change(nodes, place, literal)
        else:
            above += part_above(nodes, place, literal, number)
    return total, above


@INNER
def _leaf_change(nodes: Nodes, place: Place, literal: Any) -> Any:
    """What a leaf costs; of leaves of one symbol together, no more than the dearest."""
    node = literal >> 1
    symbol = nodes.symbol[node]
    cost = change(nodes, place.weights, place.box, place.restricted, node, literal & 1)
    if place.symbol_seen[symbol] == place.stamp[0]:
        more = min(cost, place.lost[symbol]) - place.lost[symbol]
        place.lost[symbol] += more
        return more
    place.symbol_seen[symbol] = place.stamp[0]
    place.lost[symbol] = cost
    mark(place.union, symbol)
    return cost


@INNER
def begin_descent(place: Place, goal: Any) -> Any:
    """Begin to look below a goal, each literal once; how many there are in `work`."""
    place.visit[0] += 1
    return descend(place, 0, goal)


@INNER
def descend(place: Place, left: Any, goal: Any) -> Any:
    """Look below one more literal, unless that was done; how many there are in `work`."""
    if place.visited[goal] == place.visit[0]:
        return left
    place.visited[goal] = place.visit[0]
    place.work[left] = goal
    return left + 1


@INNER
def first_open(nodes: Nodes, place: Place, goal: Any) -> Any:
    """`RESTRICTS`, or `NOTHING`, or the first disjunction that a literal asks for and that is open.

    Of a conjunction that is the first literal it asks for that is open; a leaf among its own restricts.
    """
    while evaluate(nodes, place.box, place.scratch, goal) == OPEN:
        if nodes.kinds[goal >> 1] == _LEAF:
            return RESTRICTS
        if not is_conjunction(nodes, goal):
            return goal
        found = goal
        for edge in range(nodes.offsets[goal >> 1], nodes.offsets[(goal >> 1) + 1]):
            child = nodes.children[edge] ^ (goal & 1)
            if evaluate(nodes, place.box, place.scratch, child) != TRUE:
                if nodes.kinds[child >> 1] == _LEAF:
                    return RESTRICTS
                if found == goal:
                    found = child
        goal = found
    return NOTHING
