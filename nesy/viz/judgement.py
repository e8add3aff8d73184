"""What a model mistakes for what, and whether it is as sure as it is right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil
from typing import TYPE_CHECKING

from nesy.viz.axes import Plane
from nesy.viz.drawing import Node
from nesy.viz.lettering import counted, shortened, width_of
from nesy.viz.markup import number as n
from nesy.viz.markup import text
from nesy.viz.picture import Picture

if TYPE_CHECKING:
    from nesy.nn.training.judgement import Claims, Confusion

BINS = 15
"""Into how many intervals of equal width confidences are sorted."""
CELL = 34.0
MOST_VALUES = 60
"""Tables of more values are drawn without numbers."""


def confusion(found: Confusion) -> Picture:
    """How often each value was taken for each: a row for each true value, darker the larger its share.

    Cost: the square of the number of values.
    """
    size = len(found.values)
    cell = CELL if size <= 20 else max(8.0, 680.0 / size)
    left = 30 + max((width_of(shortened(v)) for v in found.values), default=0.0)
    top = 46.0
    inner: list[str] = []
    nodes: list[Node] = []
    for row, counts in enumerate(found.counts):
        y = top + row * cell
        place = f'text-anchor="end" x="{n(left - 6)}" y="{n(y + cell / 2 + 4)}"'
        inner.append(f'<text class="tick" {place}>{text(shortened(found.values[row]))}</text>')
        for column, count in enumerate(counts):
            share = count / max(1, sum(counts))
            inner += _square(left + column * cell, y, cell, share, count, len(nodes))
            nodes.append(_cell(found, row, column, count, share))
    for column, value in enumerate(found.values if size <= MOST_VALUES else ()):
        place = f'transform="translate({n(left + (column + 0.5) * cell)} {n(top - 8)}) rotate(-40)"'
        inner.append(f'<text class="tick" {place}>{text(shortened(value))}</text>')
    right = sum(found.counts[i][i] for i in range(size))
    every = sum(map(sum, found.counts))
    note = "no concept is labelled"
    if every:
        told = counted(every, "labelled concept")
        note = f"{told}, {right / every:.2%} right; rows are true, columns were read"
    width, height = left + size * cell + 60, top + size * cell + 20
    return Picture(f"Confusion of {found.network}", note, width, height, inner, nodes)


def _square(x: float, y: float, cell: float, share: float, count: int, node: int) -> Iterator[str]:
    place = f'x="{n(x)}" y="{n(y)}" width="{n(cell)}" height="{n(cell)}"'
    yield f'<rect class="cell" style="fill-opacity:{0.85 * share:.3f}" {place}/>'
    yield f'<rect class="cell-frame mark" data-node="{node}" pointer-events="all" {place}/>'
    if count and cell >= 20:
        middle = f'x="{n(x + cell / 2)}" y="{n(y + cell / 2 + 4)}" text-anchor="middle"'
        dark = " on-dark" if share > 0.5 else ""
        yield f'<text class="count{dark}" pointer-events="none" {middle}>{count}</text>'


def _cell(found: Confusion, row: int, column: int, count: int, share: float) -> Node:
    true, read = found.values[row], found.values[column]
    label = f"{true} read as {read}" if row != column else f"{true} read rightly"
    return Node(label, "cell", (("times", f"{count:,}"), ("share of its row", f"{share:.2%}")))


def reliability(claims: Claims, what: str) -> Picture:
    """How often predictions of about the same confidence are right, beside that confidence.

    what: what is predicted, such as `outputs`. Cost: linear in the predictions.
    """
    plane = Plane(70, 40, 400, 400, (0.0, 1.0), (0.0, 1.0))
    inner = list(plane.axes(f"{what}: right, by confidence", "confidence", "share that is right"))
    nodes: list[Node] = []
    bins = _bins(claims)
    error = 0.0
    for number, members in enumerate(bins):
        if members:
            sure = sum(claims.confidence[i] for i in members) / len(members)
            right = sum(claims.right[i] for i in members) / len(members)
            error += abs(sure - right) * len(members) / len(claims.right)
            inner += _bar(plane, number, sure, right, len(nodes))
            nodes.append(_interval(number, sure, right, len(members)))
    inner.append(f'<path class="curve ideal" d="{plane.line([(0, 0), (1, 1)])}"/>')
    inner += _counts(bins, plane, len(claims.right))
    note = "there are no predictions"
    if claims.right:
        told = counted(len(claims.right), "prediction")
        note = f"{told}; expected calibration error {error:.4f}, {BINS} intervals"
    return Picture(f"Calibration of {what}", note, 520.0, 580.0, inner, nodes)


def _bins(claims: Claims) -> list[list[int]]:
    """The predictions of each interval; intervals are closed above."""
    found: list[list[int]] = [[] for _ in range(BINS)]
    for number, sure in enumerate(claims.confidence):
        found[min(BINS - 1, max(0, ceil(sure * BINS) - 1))].append(number)
    return found


def _bar(plane: Plane, number: int, sure: float, right: float, node: int) -> list[str]:
    left, _ = plane.at(number / BINS, 0)
    end, bottom = plane.at((number + 1) / BINS, 0)
    _, top = plane.at(0, right)
    _, ideal = plane.at(0, sure)
    width = f'x="{n(left + 1)}" width="{n(end - left - 2)}"'
    high, low = min(top, ideal), max(top, ideal)
    return [
        f'<rect class="bar mark" data-node="{node}" {width} y="{n(top)}" height="{n(bottom - top)}"/>',
        f'<rect class="gap" pointer-events="none" {width} y="{n(high)}" height="{n(low - high)}"/>',
    ]


def _interval(number: int, sure: float, right: float, count: int) -> Node:
    label = f"confidence {number / BINS:.2f} to {(number + 1) / BINS:.2f}"
    told = (("predictions", f"{count:,}"), ("mean confidence", f"{sure:.4f}"), ("right", f"{right:.4f}"))
    return Node(label, "interval", told)


def _counts(bins: Sequence[Sequence[int]], plane: Plane, total: int) -> list[str]:
    """How many predictions each interval has, below the diagram."""
    strip = Plane(plane.left, 500, plane.width, 50, plane.x, (0.0, max(map(len, bins)) or 1))
    place = f'x="{n(strip.left)}" y="{n(strip.top - 6)}"'
    found = [f'<text class="tick" {place}>predictions of each interval</text>']
    for number, members in enumerate(bins):
        left, top = strip.at(number / BINS, len(members))
        end, bottom = strip.at((number + 1) / BINS, 0)
        size = f'x="{n(left + 1)}" y="{n(top)}" width="{n(end - left - 2)}" height="{n(bottom - top)}"'
        found.append(f'<rect class="bar" {size}/>')
    return found if total else []
