"""Which boxes the search has met, as a hash table of the rows that hold them.

Importing this module loads numba.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nesy.engines.topk.compiled import ENTRY, INNER

_FREE = -1
_FACTOR = 1_000_003
_BITS = 0xFFFFFFFF


class Meetings(NamedTuple):
    """rows: (H,) the row in each place of the table. times: (H,) how often its box was met.

    taken: (H,) the places in use, `used`, (1,), of them.
    """

    rows: NDArray[np.int64]
    times: NDArray[np.int64]
    taken: NDArray[np.int64]
    used: NDArray[np.int64]


@ENTRY
def empty_meetings(rows: Any) -> Any:
    """Room for the boxes of so many rows."""
    size = 64
    while size < 2 * rows:
        size *= 2
    return Meetings(
        np.full(size, _FREE, np.int64),
        np.empty(size, np.int64),
        np.empty(size, np.int64),
        np.zeros(1, np.int64),
    )


@INNER
def forget(meetings: Meetings) -> None:
    """Empty the table. Cost: O(what is in it)."""
    for index in range(meetings.used[0]):
        meetings.rows[meetings.taken[index]] = _FREE
    meetings.used[0] = 0


@INNER
def meet(meetings: Meetings, box: Any, number: Any, boxes: Any, numbers: Any, row: Any) -> Any:
    """How often a box has been met before while proving goal `number`. The first time it is saved as `row`.

    boxes, numbers: those of all rows.
    """
    mask = len(meetings.rows) - 1
    place = _hash(box, number) & mask
    while meetings.rows[place] != _FREE:
        known = meetings.rows[place]
        if numbers[known] == number and _same(box, boxes[known]):
            meetings.times[place] += 1
            return meetings.times[place] - 1
        place = (place + 1) & mask
    meetings.rows[place] = row
    meetings.times[place] = 1
    meetings.taken[meetings.used[0]] = place
    meetings.used[0] += 1
    return 0


@INNER
def _hash(box: Any, number: Any) -> Any:
    found = number + 1
    for value in box:
        found = (found * _FACTOR + value + 1) & _BITS
    return found ^ (found >> 15)


@INNER
def _same(one: Any, other: Any) -> Any:
    for index in range(len(one)):
        if one[index] != other[index]:
            return False
    return True
