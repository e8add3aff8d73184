"""Where the nodes of each row stand, from left to right: near what they are joined to, and apart."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

SWEEPS = 16


def positions(
    rows: Sequence[Sequence[int]],
    widths: Sequence[float],
    below: Sequence[Sequence[int]],
    above: Sequence[Sequence[int]],
    margins: Sequence[float],
) -> list[float]:
    """The middle of each node. rows: in their order, the lowest first. margins: what each keeps free.

    Each row in turn takes the places nearest (in squares) to the mean of its neighbours' that keep order
    and gaps; rows look up and down in turn, and last both ways. Cost: O(SWEEPS * (nodes + edges)).
    """
    x = [0.0] * len(widths)
    for row in rows:
        start = -sum(widths[n] + 2 * margins[n] for n in row) / 2
        for node in row:
            x[node] = start + widths[node] / 2 + margins[node]
            start += widths[node] + 2 * margins[node]
    for sweep in range(SWEEPS):
        downwards = sweep % 2 == 0
        for row in reversed(rows) if downwards else rows:
            near = [_near(node, downwards, sweep, below, above) for node in row]
            wanted = [
                sum(x[n] for n in found) / len(found) if found else x[node]
                for node, found in zip(row, near, strict=True)
            ]
            weights = [1.0 if found else 0.1 for found in near]
            apart = [
                (widths[a] + widths[b]) / 2 + margins[a] + margins[b] for a, b in itertools.pairwise(row)
            ]
            for node, place in zip(row, spaced(wanted, weights, apart), strict=True):
                x[node] = place
    return x


def _near(
    node: int,
    downwards: bool,
    sweep: int,
    below: Sequence[Sequence[int]],
    above: Sequence[Sequence[int]],
) -> Sequence[int]:
    if sweep >= SWEEPS - 4:
        return [*below[node], *above[node]]
    return above[node] if downwards else below[node]


def spaced(wanted: Sequence[float], weights: Sequence[float], apart: Sequence[float]) -> list[float]:
    """The places nearest to those wanted, in weighted squares, where each is so far apart from the last.

    apart: one less than the places. Without the distances this is isotonic regression, by pooling
    adjacent violators. Cost: linear.
    """
    offsets = [0.0]
    for distance in apart:
        offsets.append(offsets[-1] + distance)
    # Each block: the sum of its weighted wishes, its weight, and how many places it has.
    blocks: list[tuple[float, float, int]] = []
    for place, weight, offset in zip(wanted, weights, offsets, strict=False):
        block = ((place - offset) * weight, weight, 1)
        while blocks and blocks[-1][0] / blocks[-1][1] >= block[0] / block[1]:
            total, heavy, count = blocks.pop()
            block = (total + block[0], heavy + block[1], count + block[2])
        blocks.append(block)
    means = [total / weight for total, weight, count in blocks for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=False)]
