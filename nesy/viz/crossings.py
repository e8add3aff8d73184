"""The order of nodes within rows, so that few edges cross: the barycentre method.

Sugiyama, Tagawa and Toda 1981.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, insort
from collections.abc import Sequence

SWEEPS = 12
"""How often all rows are put in order, down and up in turn."""

Neighbours = Sequence[Sequence[int]]


def ordered(rows: Sequence[Sequence[int]], below: Neighbours, above: Neighbours) -> list[list[int]]:
    """The rows (the lowest first), each in the order with the fewest crossings found.

    below, above: the neighbours of each node, in the next row down and up. The order of equals is kept,
    so the result is the same whenever the input is.
    Cost: O(SWEEPS * edges * log(edges)).
    """
    current = [list(row) for row in rows]
    best, fewest = current, _crossings(current, below)
    for sweep in range(SWEEPS):
        if not fewest:
            break
        current = _swept(current, above if sweep % 2 == 0 else below, downwards=sweep % 2 == 0)
        found = _crossings(current, below)
        if found < fewest:
            best, fewest = current, found
    return best


def _swept(rows: Sequence[Sequence[int]], fixed: Neighbours, *, downwards: bool) -> list[list[int]]:
    """Each row by the mean places of neighbours in the row before it; what has none stays where it is."""
    result = [list(row) for row in rows]
    place: dict[int, float] = {}
    for number in range(len(rows) - 1, -1, -1) if downwards else range(len(rows)):
        row = result[number]
        means = {}
        for position, node in enumerate(row):
            near = [place[n] for n in fixed[node] if n in place]
            means[node] = sum(near) / len(near) if near else position / max(1, len(row) - 1)
        row.sort(key=means.__getitem__)
        # Places are relative, for rows differ in length.
        place.update((node, position / max(1, len(row) - 1)) for position, node in enumerate(row))
    return result


def _crossings(rows: Sequence[Sequence[int]], below: Neighbours) -> int:
    """How many pairs of edges between neighbouring rows cross."""
    total = 0
    for lower, upper in itertools.pairwise(rows):
        place = {node: position for position, node in enumerate(lower)}
        seen: list[int] = []
        for node in upper:
            ends = sorted(place[n] for n in below[node] if n in place)
            for end in ends:
                total += len(seen) - bisect_left(seen, end + 1)
            for end in ends:
                insort(seen, end)
    return total
