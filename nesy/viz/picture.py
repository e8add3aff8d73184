"""A picture: elements that have places, and what is told of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, final

from nesy.viz.drawing import Drawing, Look, Node
from nesy.viz.layout import lay_out
from nesy.viz.svg import document_of, scene

GRAPH_HELP = (
    "Point at a node to see what it is; click to keep it, double-click to fold what lies below. "
    "The wheel zooms, dragging moves, 0 fits."
)
CHART_HELP = "Point at a mark to see its numbers. The wheel zooms, dragging moves, 0 fits."


@final
@dataclass(frozen=True)
class Picture:
    """What can be shown as SVG, or as part of a page.

    inner: SVG elements within width and height. Those with `data-node` are the nodes, by number.
    """

    title: str
    note: str
    width: float
    height: float
    inner: Sequence[str]
    nodes: Sequence[Node] = ()
    looks: Sequence[Look] = ()
    queries: Sequence[str] = ()
    value_name: str = "value"
    negative: bool = False
    help: str = field(default=CHART_HELP)

    def svg(self) -> str:
        """The picture as a document of its own, light or dark as its reader likes. Cost: its length."""
        return document_of(
            self.title, self.note, self.width, self.height, self.inner, self.looks, negative=self.negative
        )

    def _repr_svg_(self) -> str:
        """What notebooks show."""
        return self.svg()

    def data(self) -> dict[str, Any]:
        """What the page's script reads. Cost: linear in the nodes."""
        meanings = {look.name: look.meaning for look in self.looks}
        return {
            "width": round(self.width, 1),
            "height": round(self.height, 1),
            "value": self.value_name,
            "queries": list(self.queries),
            "help": self.help,
            "nodes": [_told(node, meanings.get(node.kind, "")) for node in self.nodes],
        }


def _told(node: Node, meaning: str) -> dict[str, Any]:
    finite = node.value is not None and math.isfinite(node.value)
    known = all(map(math.isfinite, node.derivatives))
    return {
        "label": node.label,
        "kind": meaning,
        "told": [list(line) for line in node.told],
        "value": node.value if finite else None,
        "derivatives": list(node.derivatives) if known else [],
    }


def drawn(drawing: Drawing) -> Picture:
    """A drawing with places for its nodes and edges. Cost: see `lay_out`."""
    layout = lay_out(drawing)
    return Picture(
        drawing.title,
        drawing.note,
        layout.width,
        layout.height,
        list(scene(drawing, layout)),
        drawing.nodes,
        drawing.looks,
        drawing.queries,
        drawing.value_name,
        any(edge.negative for edge in drawing.edges),
        GRAPH_HELP,
    )
