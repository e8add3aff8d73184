"""Array passes over a graph's edges that numpy would need sorting for; compiled by numba."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nesy.logic.compiled import compiled

Ints = NDArray[np.int64]
Tags = NDArray[np.int8]
Flags = NDArray[np.bool_]


@compiled
def grouped(keys: Ints, values: Ints, groups: int) -> tuple[Ints, Ints]:
    """Values by key, in order: offsets (groups + 1,), and the values of one key after the other.

    keys: (n,), each from 0 to groups - 1. Cost: O(n + groups).
    """
    offsets = np.zeros(groups + 1, np.int64)
    for key in keys:
        offsets[key + 1] += 1
    for i in range(groups):
        offsets[i + 1] += offsets[i]
    free = offsets[:-1].copy()
    out = np.empty(keys.size, np.int64)
    for i in range(keys.size):
        out[free[keys[i]]] = values[i]
        free[keys[i]] += 1
    return offsets, out


@compiled
def least(tags: Tags, offsets: Ints, literals: Ints, allowed: Flags, leaves: bool) -> Flags:
    """The least set of nodes that holds TRUE, the leaves if so said, and all that follows.

    tags: 0 TRUE, 1 leaf, 2 AND, 3 OR. allowed: for each node, whether its negation counts as holding.
    Cost: O(nodes and edges).
    """
    judgement: tuple[Ints, Flags] = judged(tags, offsets, literals, allowed, leaves)
    waiting, found = judgement
    starts, above = parents(tags, offsets, literals)
    begin = np.flatnonzero(found)
    stack = np.empty(tags.size, np.int64)
    top = begin.size
    stack[:top] = begin
    while top > 0:
        top -= 1
        node = stack[top]
        for i in range(starts[node], starts[node + 1]):
            parent = above[i]
            if found[parent] or waiting[parent] < 0:
                continue
            waiting[parent] -= 1
            if tags[parent] == 3 or waiting[parent] == 0:
                found[parent] = True
                stack[top] = parent
                top += 1
    return found


@compiled
def judged(tags: Tags, offsets: Ints, literals: Ints, allowed: Flags, leaves: bool) -> tuple[Ints, Flags]:
    """How many positive children each node waits for (-1: it can never hold), and which need not wait."""
    waiting = np.zeros(tags.size, np.int64)
    found = np.zeros(tags.size, np.bool_)
    for node in range(1, tags.size):
        if tags[node] < 2:
            found[node] = leaves or tags[node] == 0
            continue
        dead = live = False
        for e in range(offsets[node], offsets[node + 1]):
            if literals[e] > 0:
                waiting[node] += 1
            elif allowed[-literals[e]]:
                live = True
            else:
                dead = True
        if tags[node] == 3:
            found[node] = live
        elif dead:
            waiting[node] = -1
        else:
            found[node] = waiting[node] == 0
    return waiting, found


@compiled
def parents(tags: Tags, offsets: Ints, literals: Ints) -> tuple[Ints, Ints]:
    """For each node, the nodes with a positive edge to it: offsets (n + 1,), and one list after the other."""
    starts = np.zeros(tags.size + 1, np.int64)
    for node in range(1, tags.size):
        for e in range(offsets[node], offsets[node + 1]):
            if tags[node] >= 2 and literals[e] > 0:
                starts[literals[e] + 1] += 1
    for node in range(tags.size):
        starts[node + 1] += starts[node]
    free = starts[:-1].copy()
    above = np.empty(starts[tags.size], np.int64)
    for node in range(1, tags.size):
        for e in range(offsets[node], offsets[node + 1]):
            if tags[node] >= 2 and literals[e] > 0:
                above[free[literals[e]]] = node
                free[literals[e]] += 1
    return starts, above
