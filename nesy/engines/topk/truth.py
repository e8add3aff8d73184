"""What holds in every world of a box, in none, or in some: Kleene's logic on the graph, one box at a time.

Importing this module loads numba.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nesy.engines.topk.compiled import ENTRY, INNER
from nesy.engines.topk.goal_graph import Nodes
from nesy.logic.graph import Kind

FALSE, TRUE, OPEN, UNSEEN = 0, 1, 2, 3
"""In no world of the box; in all; in some, as far as is seen; not looked at yet."""

_LEAF, _AND = int(Kind.LEAF), int(Kind.AND)


class Scratch(NamedTuple):
    """What is known of the box at hand.

    truth: (N,) `FALSE` or `TRUE`, which stay so in every smaller box, or `UNSEEN`. seen_open: (N,) at which
    time a node was open; time: (1,), goes on whenever the box shrinks. path, places, any_open: the walk.
    """

    truth: NDArray[np.uint8]
    seen_open: NDArray[np.int64]
    time: NDArray[np.int64]
    path: NDArray[np.int64]
    places: NDArray[np.int64]
    any_open: NDArray[np.uint8]


@ENTRY
def empty_scratch(count: Any) -> Any:
    """Room for a graph of so many nodes."""
    return Scratch(
        np.full(count, UNSEEN, np.uint8),
        np.zeros(count, np.int64),
        np.ones(1, np.int64),
        np.empty(count + 1, np.int64),
        np.empty(count + 1, np.int64),
        np.empty(count + 1, np.uint8),
    )


@INNER
def _known(nodes: Nodes, box: Any, scratch: Scratch, node: Any) -> Any:
    """A node's truth where no walk is needed for it, else `UNSEEN`."""
    if nodes.kinds[node] == _LEAF:
        chosen = nodes.column[node]
        if not box[chosen]:
            return FALSE
        symbol = nodes.symbol[node]
        for column in range(nodes.starts[symbol], nodes.starts[symbol + 1]):
            if box[column] and column != chosen:
                return OPEN
        return TRUE
    if scratch.truth[node] != UNSEEN:
        return np.int64(scratch.truth[node])
    return OPEN if scratch.seen_open[node] == scratch.time[0] else UNSEEN


@INNER
def evaluate(nodes: Nodes, box: Any, scratch: Scratch, goal: Any) -> Any:
    """The truth of a literal in a box. Cost: each gate below is looked at once while the box stays."""
    found = _known(nodes, box, scratch, goal >> 1)
    if found == UNSEEN:
        found = _walk(nodes, box, scratch, goal >> 1)
    return found if found == OPEN else found ^ (goal & 1)


@INNER
def _walk(nodes: Nodes, box: Any, scratch: Scratch, root: Any) -> Any:
    depth = 0
    _enter(nodes, scratch, depth, root)
    result = OPEN
    while depth >= 0:
        node = scratch.path[depth]
        # What decides a gate: a false child of a conjunction, a true one of a disjunction.
        decisive = FALSE if nodes.kinds[node] == _AND else TRUE
        place, end = scratch.places[depth], nodes.offsets[node + 1]
        result = UNSEEN
        while place < end:
            child = nodes.children[place]
            value = _known(nodes, box, scratch, child >> 1)
            if value == UNSEEN:
                break
            place += 1
            if value == OPEN:
                scratch.any_open[depth] = 1
            elif value ^ (child & 1) == decisive:
                result = decisive
                break
        scratch.places[depth] = place
        if result == UNSEEN and place < end:
            depth += 1
            _enter(nodes, scratch, depth, nodes.children[place] >> 1)
            continue
        if result == UNSEEN:
            result = OPEN if scratch.any_open[depth] else 1 - decisive
        if result == OPEN:
            scratch.seen_open[node] = scratch.time[0]
        else:
            scratch.truth[node] = result
        depth -= 1
    return result


@INNER
def _enter(nodes: Nodes, scratch: Scratch, depth: Any, node: Any) -> None:
    scratch.path[depth] = node
    scratch.places[depth] = nodes.offsets[node]
    scratch.any_open[depth] = 0
