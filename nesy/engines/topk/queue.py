"""The states that wait, the most promising on top, and the lists of goals that states share.

Importing this module loads numba.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nesy.engines.topk.compiled import ENTRY, INNER

NIL = -1
"""The end of a list of goals: nothing is left to prove."""


class Queue(NamedTuple):
    """A binary heap in front, and states that are held back at the end, in no order.

    above: the bound of what the state can lead to, by which the heap is sorted.
    row: the state it is made of. alternative: the literal to be proved there first, or -1. depth: how many
    choices led to it. mass: the log-probability of its box, as far as is known.
    """

    above: NDArray[np.float64]
    mass: NDArray[np.float64]
    row: NDArray[np.int64]
    alternative: NDArray[np.int64]
    depth: NDArray[np.int64]


class Goals(NamedTuple):
    """Lists of goals that share their ends. next: the rest of the list.

    number: the goal of the question that it is part of. above: the bound of this goal and all after it.
    """

    goal: NDArray[np.int64]
    next: NDArray[np.int64]
    number: NDArray[np.int64]
    above: NDArray[np.float64]


@ENTRY
def empty_queue(size: Any) -> Any:
    """Room for so many states."""
    whole = np.empty((3, size), np.int64)
    return Queue(np.empty(size), np.empty(size), whole[0], whole[1], whole[2])


@ENTRY
def empty_goals(size: Any) -> Any:
    """Room for so many goals."""
    whole = np.empty((3, size), np.int64)
    return Goals(whole[0], whole[1], whole[2], np.empty(size))


@INNER
def push(queue: Queue, used: Any, above: Any, mass: Any, row: Any, alternative: Any, depth: Any) -> Any:
    """Add a state to those in use, for which there is room; how many there are now."""
    place = used
    while place > 0 and queue.above[(place - 1) >> 1] < above:
        _copy(queue, (place - 1) >> 1, queue, place)
        place = (place - 1) >> 1
    _write(queue, place, above, mass, row, alternative, depth)
    return used + 1


@INNER
def remove_best(queue: Queue, used: Any) -> Any:
    """Take the top away; how many are left."""
    left = used - 1
    last = queue.above[left]
    place = 0
    while True:
        child = 2 * place + 1
        if child >= left:
            break
        if child + 1 < left and queue.above[child + 1] > queue.above[child]:
            child += 1
        if queue.above[child] <= last:
            break
        _copy(queue, child, queue, place)
        place = child
    _copy(queue, left, queue, place)
    return left


@INNER
def hold(queue: Queue, held: Any, above: Any, mass: Any, row: Any, alternative: Any, depth: Any) -> Any:
    """Put a state aside, for which there is room; how many are held back now."""
    _write(queue, len(queue.row) - held - 1, above, mass, row, alternative, depth)
    return held + 1


@INNER
def release(queue: Queue, held: Any) -> None:
    """Let all that are held back wait, where nothing else does. Cost: O(h log h)."""
    for index in range(held):
        place = len(queue.row) - held + index
        above, mass, row = queue.above[place], queue.mass[place], queue.row[place]
        push(queue, index, above, mass, row, queue.alternative[place], queue.depth[place])


@INNER
def _write(queue: Queue, place: Any, above: Any, mass: Any, row: Any, alternative: Any, depth: Any) -> None:
    queue.above[place] = above
    queue.mass[place] = mass
    queue.row[place] = row
    queue.alternative[place] = alternative
    queue.depth[place] = depth


@INNER
def _copy(source: Queue, start: Any, target: Queue, place: Any) -> None:
    target.above[place] = source.above[start]
    target.mass[place] = source.mass[start]
    target.row[place] = source.row[start]
    target.alternative[place] = source.alternative[start]
    target.depth[place] = source.depth[start]
