"""Places for a drawing: layered, from the top down (Sugiyama's method)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import final

import networkx as nx

from nesy.viz import layers
from nesy.viz.coordinates import positions
from nesy.viz.crossings import ordered
from nesy.viz.drawing import Drawing, Node
from nesy.viz.lettering import shortened, width_of

HEIGHT = 26.0
ROW = 64.0
"""From the middle of a row to that of the next."""
GAP = 14.0
SHELF = 1100.0
"""Parts that nothing joins stand side by side up to this width."""
COLUMN = 48.0
"""What is free between the columns of a table."""
BEND = 6.0
"""How wide a place is that an edge passes through between the nodes of a row."""
MOST_BENDS = 6_000
"""Beyond so many, long edges are drawn straight."""

Point = tuple[float, float]


@final
@dataclass(frozen=True, slots=True)
class Box:
    """The place of a node: its middle, and how large it is."""

    x: float
    y: float
    width: float
    height: float


@final
@dataclass(frozen=True)
class Layout:
    """Where everything is. boxes: of the nodes. routes: of each edge the points that it passes through."""

    boxes: Sequence[Box]
    routes: Sequence[Sequence[Point]]
    width: float
    height: float


def lay_out(drawing: Drawing) -> Layout:
    """A place for each node and edge; the same whenever the drawing is. Parts that nothing joins stand apart.

    Cost: O(edges * log(edges)) for each of some sweeps, counting an edge once for each row it passes.
    """
    if drawing.cells is not None:
        return _table(drawing, drawing.cells)
    count = len(drawing.nodes)
    down = layers.acyclic(count, ((e.source, e.target) for e in drawing.edges))
    row = layers.rows(count, down)
    places = [_Placing(drawing, part, row, inner) for part, inner in _split(_parts(count, down), down)]
    return _packed(drawing, places)


def _table(drawing: Drawing, cells: Sequence[tuple[int, int]]) -> Layout:
    """Nodes in the middles of their cells; edges within a column pass beside what stands between."""
    widths = [_width(node) for node in drawing.nodes]
    columns = [0.0] * (1 + max((column for _, column in cells), default=0))
    for (_, column), width in zip(cells, widths, strict=True):
        columns[column] = max(columns[column], width)
    lefts = [0.0, *accumulate(width + COLUMN for width in columns)]
    top = max((row for row, _ in cells), default=0)
    boxes = [
        Box(lefts[column] + (columns[column] + COLUMN) / 2, (top - row) * ROW + ROW / 2, width, HEIGHT)
        for (row, column), width in zip(cells, widths, strict=True)
    ]
    routes = []
    for edge in drawing.edges:
        a, b = boxes[edge.source], boxes[edge.target]
        column = cells[edge.source][1]
        beside = cells[edge.target][1] == column and abs(a.y - b.y) > ROW
        bend = [(lefts[column + 1] - COLUMN / 4, (a.y + b.y) / 2)] if beside else []
        routes.append([(a.x, a.y), *bend, (b.x, b.y)])
    return Layout(boxes, routes, lefts[-1], (top + 1) * ROW)


def _parts(count: int, edges: Sequence[tuple[int, int]]) -> list[list[int]]:
    """The connected parts, each in order, by their first nodes."""
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from(edges)
    return sorted(sorted(part) for part in nx.connected_components(graph))


def _split(
    parts: Sequence[list[int]], edges: Sequence[tuple[int, int]]
) -> Iterator[tuple[list[int], list[tuple[int, int]]]]:
    part_of = {node: i for i, part in enumerate(parts) for node in part}
    found: list[list[tuple[int, int]]] = [[] for _ in parts]
    for edge in edges:
        found[part_of[edge[0]]].append(edge)
    yield from zip(parts, found, strict=True)


def _packed(drawing: Drawing, places: Sequence[_Placing]) -> Layout:
    """Parts side by side, and below one another where that would be too wide."""
    placed: dict[int, Point] = {}
    bends: dict[tuple[int, int], list[Point]] = {}
    widths: dict[int, float] = {}
    limit = max(SHELF, *(place.width for place in places)) if places else SHELF
    left = top = shelf = right = 0.0
    for place in places:
        if left and left + place.width > limit:
            left, top, shelf = 0.0, top + shelf, 0.0
        placed.update((node, (x + left, y + top)) for node, (x, y) in place.points.items())
        widths.update(place.widths)
        for ends, points in place.bends.items():
            bends[ends] = [(x + left, y + top) for x, y in points]
        left += place.width
        shelf, right = max(shelf, place.height), max(right, left)
    boxes = [Box(*placed[n], widths[n], HEIGHT) for n in range(len(drawing.nodes))]
    routes = [_route(e.source, e.target, placed, bends) for e in drawing.edges]
    return Layout(boxes, routes, right, top + shelf)


def _route(
    source: int, target: int, placed: Mapping[int, Point], bends: Mapping[tuple[int, int], list[Point]]
) -> list[Point]:
    between = bends.get((source, target))
    if between is None:
        between = bends.get((target, source), [])[::-1]
    return [placed[source], *between, placed[target]]


@final
class _Placing:
    """A connected part. points: the middles of its nodes. bends: what its edges pass through."""

    def __init__(
        self, drawing: Drawing, part: Sequence[int], row: Sequence[int], down: Sequence[tuple[int, int]]
    ) -> None:
        own = {node: i for i, node in enumerate(part)}
        lowest = min((row[node] for node in part), default=0)
        self._row = [row[node] - lowest for node in part]
        self._widths = [_width(drawing.nodes[node]) for node in part]
        self._below: list[list[int]] = [[] for _ in part]
        self._above: list[list[int]] = [[] for _ in part]
        self._chains: dict[tuple[int, int], list[int]] = {}
        inner = [(own[s], own[t]) for s, t in down]
        total = sum(max(0, abs(self._row[s] - self._row[t]) - 1) for s, t in inner)
        for source, target in inner:
            self._join(source, target, bend=total <= MOST_BENDS)
        x, y = self._coordinates()
        self.points = {node: (x[i], y[i]) for i, node in enumerate(part)}
        self.widths = {node: self._widths[i] for i, node in enumerate(part)}
        self.bends = {
            (part[s], part[t]): [(x[b], y[b]) for b in chain] for (s, t), chain in self._chains.items()
        }

    def _join(self, source: int, target: int, *, bend: bool) -> None:
        """Connect two nodes by way of a bend in each row between them."""
        upper, lower = (source, target) if self._row[source] >= self._row[target] else (target, source)
        chain = [upper]
        for row in range(self._row[upper] - 1, self._row[lower], -1) if bend else ():
            self._row.append(row)
            self._widths.append(BEND)
            self._below.append([])
            self._above.append([])
            chain.append(len(self._row) - 1)
        chain.append(lower)
        self._chains[upper, lower] = chain[1:-1]
        for a, b in pairwise(chain):
            if self._row[a] - self._row[b] == 1:
                self._below[a].append(b)
                self._above[b].append(a)

    def _coordinates(self) -> tuple[list[float], list[float]]:
        rows: list[list[int]] = [[] for _ in range(1 + max(self._row, default=0))]
        for node in self._reading_order():
            rows[self._row[node]].append(node)
        rows = ordered(rows, self._below, self._above)
        margins = [GAP / 2 if width > BEND else BEND / 4 for width in self._widths]
        x = positions(rows, self._widths, self._below, self._above, margins)
        half = [width / 2 for width in self._widths]
        left = min((place - w for place, w in zip(x, half, strict=True)), default=0.0)
        right = max((place + w for place, w in zip(x, half, strict=True)), default=0.0)
        self.width = right - left + 4 * GAP
        self.height = len(rows) * ROW
        top = len(rows) - 1
        return [place - left + 2 * GAP for place in x], [(top - row) * ROW + ROW / 2 for row in self._row]

    def _reading_order(self) -> list[int]:
        """All nodes as a walk in depth from the top meets them: what belongs together stands together."""
        seen = [False] * len(self._row)
        order = []
        for start in sorted(range(len(self._row)), key=lambda n: (-self._row[n], n)):
            stack = [start]
            while stack:
                node = stack.pop()
                if not seen[node]:
                    seen[node] = True
                    order.append(node)
                    stack.extend(reversed(self._below[node]))
        return order


def _width(node: Node) -> float:
    """A label of one sign stands in a circle; a bar has its weight, where its label is not wider."""
    if len(node.label) <= 1:
        return HEIGHT
    return max(HEIGHT, node.weight, width_of(shortened(node.label)) + 20)
