"""A plane with axes: scales, ticks, grid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import final

from nesy.viz.markup import number as n
from nesy.viz.markup import text


@final
@dataclass(frozen=True, slots=True)
class Plane:
    """A rectangle of a picture, in pixels, and the numbers that its sides stand for."""

    left: float
    top: float
    width: float
    height: float
    x: tuple[float, float]
    y: tuple[float, float]

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The place of a point."""
        across = (x - self.x[0]) / ((self.x[1] - self.x[0]) or 1.0)
        up = (y - self.y[0]) / ((self.y[1] - self.y[0]) or 1.0)
        return self.left + across * self.width, self.top + (1 - up) * self.height

    def axes(self, title: str, across: str, up: str, *, whole: bool = False) -> Iterator[str]:
        """Grid, ticks and labels. whole: only whole numbers are marked on the lower side."""
        right, bottom = self.left + self.width, self.top + self.height
        yield f'<text x="{n(self.left)}" y="{n(self.top - 12)}">{text(title)}</text>'
        for value in ticks(*self.y):
            _, y = self.at(self.x[0], value)
            yield f'<path class="grid" d="M{n(self.left)} {n(y)}H{n(right)}"/>'
            place = f'text-anchor="end" x="{n(self.left - 6)}" y="{n(y + 4)}"'
            yield f'<text class="tick" {place}>{value:g}</text>'
        for value in ticks(*self.x, whole=whole):
            x, _ = self.at(value, self.y[0])
            yield f'<text class="tick" text-anchor="middle" x="{n(x)}" y="{n(bottom + 16)}">{value:g}</text>'
        yield f'<path class="axis" d="M{n(self.left)} {n(self.top)}V{n(bottom)}H{n(right)}"/>'
        middle = f'x="{n((self.left + right) / 2)}" y="{n(bottom + 34)}"'
        yield f'<text class="tick" text-anchor="middle" {middle}>{text(across)}</text>'
        side = self.left - 46, (self.top + bottom) / 2
        turned = f'transform="translate({n(side[0])} {n(side[1])}) rotate(-90)"'
        yield f'<text class="tick" text-anchor="middle" {turned}>{text(up)}</text>'

    def line(self, points: Sequence[tuple[float, float]]) -> str:
        """The path through some points."""
        places = [self.at(*point) for point in points]
        return "M" + "L".join(f"{n(x)} {n(y)}" for x, y in places)


def ticks(low: float, high: float, *, whole: bool = False, about: int = 5) -> list[float]:
    """Round numbers from one to another, some five of them."""
    span = high - low
    if span <= 0:
        return [low]
    step = 10.0 ** floor(log10(span / about))
    step *= next(f for f in (1, 2, 5, 10) if span / (step * f) <= about)
    if whole:
        step = max(1.0, ceil(step))
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(i * step, 12) for i in range(first, last + 1)]
