"""What is drawn: nodes, edges and what is known of them, before anything has a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, final

Shape = Literal["box", "round", "hexagon", "circle"]
Colour = Literal["blue", "orange", "green", "purple", "grey", "plain"]
"""Told apart by all eyes (Okabe and Ito 2008), in light and in dark; shapes tell them apart too."""


@final
@dataclass(frozen=True, slots=True)
class Look:
    """How a kind of node is drawn, and what it is called in the legend."""

    name: str
    shape: Shape
    colour: Colour
    meaning: str


@final
@dataclass(frozen=True, slots=True)
class Node:
    """A node. label: what stands in it. kind: the name of its `Look`.

    told: further lines about it, a name and a text each. value: its probability, or whatever the
    drawing's `value_name` says. derivatives: of each query of the drawing by this node; none, or one for
    each. strong: drawn with a heavy outline. weight: how wide it is drawn, 0 for as wide as its label.
    """

    label: str
    kind: str
    told: tuple[tuple[str, str], ...] = ()
    value: float | None = None
    derivatives: tuple[float, ...] = ()
    strong: bool = False
    weight: float = 0.0


@final
@dataclass(frozen=True, slots=True)
class Edge:
    """From a node to one that it depends on, by number. negative: on its negation. width: in pixels."""

    source: int
    target: int
    negative: bool = False
    width: float = 1.2


@final
@dataclass(frozen=True, slots=True)
class Group:
    """Nodes that belong together, drawn within one outline."""

    label: str
    members: tuple[int, ...]


@final
@dataclass(frozen=True)
class Drawing:
    """A graph to draw from the top down.

    title: a few words. note: a sentence about what is shown, and what is not.
    looks: the kinds of nodes. queries: what derivatives are of. value_name: what `Node.value` is.
    cells: where they are fixed, the row of each node (from the bottom) and its column.
    arrows: whether edges have heads; without them they point downwards.
    """

    title: str
    note: str
    nodes: Sequence[Node]
    edges: Sequence[Edge]
    looks: Sequence[Look]
    groups: Sequence[Group] = ()
    queries: Sequence[str] = ()
    value_name: str = "probability"
    cells: Sequence[tuple[int, int]] | None = None
    arrows: bool = True
