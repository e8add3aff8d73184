"""A drawing as SVG."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from importlib.resources import files

from nesy.viz.drawing import Drawing, Look, Node
from nesy.viz.layout import GAP, HEIGHT, Box, Layout, Point
from nesy.viz.lettering import shortened, width_of
from nesy.viz.markup import number as n
from nesy.viz.markup import text

TITLE_HEIGHT = 56.0
LEGEND_HEIGHT = 40.0
NARROWEST = 560.0
MARKERS = (
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
    'orient="auto" markerUnits="userSpaceOnUse"><path class="head" d="M0 0.8 8 4 0 7.2z"/></marker>'
    '<marker id="bubble" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" '
    'orient="auto" markerUnits="userSpaceOnUse"><circle class="bubble" cx="5" cy="5" r="4"/></marker></defs>'
)
"""The ends of edges: a head, and for negated ones the open circle of logic gates."""


def style() -> str:
    """The style sheet of pictures."""
    return files("nesy.viz").joinpath("picture.css").read_text(encoding="utf-8")


def document_of(
    title: str,
    note: str,
    width: float,
    height: float,
    inner: Sequence[str],
    looks: Sequence[Look] = (),
    *,
    negative: bool = False,
) -> str:
    """An SVG document: title and note, elements of some width and height, and a legend."""
    legend, legend_width = _legend(looks, negative)
    whole = max(NARROWEST, width, legend_width, width_of(note) + 2 * GAP)
    tall = TITLE_HEIGHT + height + (LEGEND_HEIGHT if looks else GAP)
    size = f'viewBox="0 0 {n(whole)} {n(tall)}" width="{n(whole)}" height="{n(tall)}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="nesy" role="img" aria-label="{text(title)}" {size}>',
        f"<style>{style()}</style>",
        MARKERS,
        f'<rect class="paper" width="{n(whole)}" height="{n(tall)}"/>',
        f'<text class="title" x="{n(GAP)}" y="26">{text(title)}</text>',
        f'<text class="note" x="{n(GAP)}" y="44">{text(note)}</text>',
        f'<g transform="translate({n((whole - width) / 2)} {n(TITLE_HEIGHT)})">',
        *inner,
        "</g>",
        f'<g class="legend" transform="translate({n(GAP)} {n(tall - LEGEND_HEIGHT / 2)})">',
        *legend,
        "</g>",
        "</svg>",
        "",
    ]
    return "\n".join(lines)


def legend_entry(look: Look) -> str:
    """A look as a small picture of its own."""
    inner = f'<g class="{look.colour}" transform="translate(14 9)">{_shape(look, 16, 13)}</g>'
    return f'<svg class="nesy" width="28" height="18" aria-hidden="true">{inner}</svg>'


def scene(drawing: Drawing, layout: Layout) -> Iterator[str]:
    """The elements of a graph: outlines of groups, edges, nodes, each with its number."""
    yield '<g class="groups">'
    for group in drawing.groups:
        yield _outline(group.label, [layout.boxes[m] for m in group.members])
    yield '</g><g class="edges">'
    for edge, route in zip(drawing.edges, layout.routes, strict=True):
        ends = (layout.boxes[edge.source], layout.boxes[edge.target])
        marker = "bubble" if edge.negative else "head" if drawing.arrows else None
        end = f' marker-end="url(#{marker})"' if marker else ""
        yield (
            f'<path class="edge{" negative" if edge.negative else ""}" data-from="{edge.source}" '
            f'data-to="{edge.target}" stroke-width="{n(edge.width)}"{end} d="{_path(route, *ends)}"/>'
        )
    yield '</g><g class="nodes">'
    looks = {look.name: look for look in drawing.looks}
    for index, (node, box) in enumerate(zip(drawing.nodes, layout.boxes, strict=True)):
        yield _node(index, node, looks[node.kind], box)
    yield "</g>"


def _node(index: int, node: Node, look: Look, box: Box) -> str:
    classes = f"node {look.colour}{' strong' if node.strong else ''}"
    return (
        f'<g class="{classes}" data-node="{index}" transform="translate({n(box.x)} {n(box.y)})">'
        f"<title>{text(node.label)}</title>{_shape(look, box.width, box.height)}"
        f"<text>{text(shortened(node.label))}</text></g>"
    )


def _shape(look: Look, width: float, height: float) -> str:
    w, h = width / 2, height / 2
    if look.shape == "circle":
        return f'<circle class="shape" r="{n(h)}"/>'
    if look.shape == "hexagon":
        tip = w + h / 2
        points = [(-tip, 0.0), (-w, -h), (w, -h), (tip, 0.0), (w, h), (-w, h)]
        return f'<polygon class="shape" points="{" ".join(f"{n(x)},{n(y)}" for x, y in points)}"/>'
    radius = h if look.shape == "round" else 3.0
    size = f'x="{n(-w)}" y="{n(-h)}" width="{n(width)}" height="{n(height)}"'
    return f'<rect class="shape" {size} rx="{n(radius)}"/>'


def _path(route: Sequence[Point], source: Box, target: Box) -> str:
    """A smooth line, from the edge of one node to that of the other."""
    if source is target:
        x, y = source.x + source.width / 2, source.y
        return f"M{n(x - 8)} {n(y - 13)}C{n(x + 6)} {n(y - 34)} {n(x + 34)} {n(y - 6)} {n(x)} {n(y)}"
    points = list(route)
    if points[0][1] == points[-1][1]:
        return _beside(points[0], points[-1])
    down = 1 if points[0][1] < points[-1][1] else -1
    points[0] = points[0][0], points[0][1] + down * source.height / 2
    points[-1] = points[-1][0], points[-1][1] - down * (target.height / 2 + 1)
    parts = [f"M{n(points[0][0])} {n(points[0][1])}"]
    for (x, y), (to_x, to_y) in itertools.pairwise(points):
        middle = (y + to_y) / 2
        parts.append(f"C{n(x)} {n(middle)} {n(to_x)} {n(middle)} {n(to_x)} {n(to_y)}")
    return "".join(parts)


def _beside(start: Point, end: Point) -> str:
    """An arc over what stands between two nodes of one row."""
    top = start[1] - HEIGHT / 2
    lift = top - 24
    return f"M{n(start[0])} {n(top)}C{n(start[0])} {n(lift)} {n(end[0])} {n(lift)} {n(end[0])} {n(top)}"


def _outline(label: str, boxes: Sequence[Box]) -> str:
    left = min(b.x - b.width / 2 for b in boxes) - 8
    right = max(b.x + b.width / 2 for b in boxes) + 8
    top = min(b.y - b.height / 2 for b in boxes) - 20
    bottom = max(b.y + b.height / 2 for b in boxes) + 8
    return (
        f'<g class="group"><rect x="{n(left)}" y="{n(top)}" width="{n(right - left)}" '
        f'height="{n(bottom - top)}" rx="8"/>'
        f'<text x="{n(left + 8)}" y="{n(top + 13)}">{text(label)}</text></g>'
    )


def _legend(looks: Sequence[Look], negative: bool) -> tuple[list[str], float]:
    parts, x = [], 0.0
    for look in looks:
        parts.append(
            f'<g class="{look.colour}" transform="translate({n(x + 12)} 0)">{_shape(look, 18, 14)}</g>'
        )
        parts.append(f'<text x="{n(x + 28)}" y="4">{text(look.meaning)}</text>')
        x += 28 + width_of(look.meaning) + 14
    if negative:
        parts.append(f'<path class="edge negative" d="M{n(x)} 0H{n(x + 26)}"/>')
        parts.append(f'<text x="{n(x + 32)}" y="4">negated</text>')
        x += 90
    return parts, x + 2 * GAP
