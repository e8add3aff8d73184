"""Large graphs, level by level: one bar for all nodes of a kind that are as high above the leaves."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from math import log10
from typing import final

from nesy.viz import layers
from nesy.viz.drawing import Drawing, Edge, Node

MOST = 300
"""Graphs of at most so many nodes are drawn whole."""
MOST_ROWS = 24
"""Where there are more levels, several stand in one row."""
MOST_EDGES = 240
WIDEST = 320.0
SHOWN = 8
"""How many nodes of a level are named."""


def by_level(drawing: Drawing) -> Drawing:
    """The same graph with a node for each kind and level; a bar's width tells its number of nodes.

    Cost: linear in nodes and edges.
    """
    down = layers.acyclic(len(drawing.nodes), ((e.source, e.target) for e in drawing.edges))
    height = layers.rows(len(drawing.nodes), down)
    return _Levels(drawing, height).drawing()


Key = tuple[int, str]
"""A row, and a kind of nodes in it."""


@final
class _Levels:
    def __init__(self, drawing: Drawing, height: Sequence[int]) -> None:
        self._drawing = drawing
        self._levels = 1 + max(height, default=0)
        self._per_row = -(-self._levels // MOST_ROWS)
        self._column = {look.name: i for i, look in enumerate(drawing.looks)}
        keys = [(h // self._per_row, node.kind) for h, node in zip(height, drawing.nodes, strict=True)]
        self._members: defaultdict[Key, list[Node]] = defaultdict(list)
        for key, node in zip(keys, drawing.nodes, strict=True):
            self._members[key].append(node)
        self._edges: Counter[tuple[Key, Key]] = Counter()
        for edge in drawing.edges:
            self._edges[keys[edge.source], keys[edge.target]] += 1
        self._down: Counter[Key] = Counter()
        for (source, target), count in self._edges.items():
            self._down[source] += count if source != target else 0

    def drawing(self) -> Drawing:
        """The levels as a drawing."""
        every = sorted(self._members, key=lambda key: (-key[0], self._column[key[1]]))
        number = {key: i for i, key in enumerate(every)}
        between = {(number[a], number[b]): count for (a, b), count in self._edges.items() if a != b}
        kept = sorted(between, key=lambda ends: (-between[ends], ends))[:MOST_EDGES]
        note = f"{self._drawing.note}; level by level, for there are more than {MOST}"
        if len(kept) < len(between):
            note += f", without the thinnest edges between levels ({MOST_EDGES} are drawn)"
        return replace(
            self._drawing,
            note=note,
            nodes=[self._bar(key) for key in every],
            edges=[Edge(a, b, width=1 + log10(between[a, b])) for a, b in sorted(kept)],
            looks=[replace(x, shape="round") if x.shape == "circle" else x for x in self._drawing.looks],
            groups=(),
            queries=(),
            cells=[(row, self._column[kind]) for row, kind in every],
        )

    def _bar(self, key: Key) -> Node:
        row, kind = key
        members = self._members[key]
        first, last = row * self._per_row, min((row + 1) * self._per_row, self._levels) - 1
        where = f"level {first}" if first == last else f"levels {first} to {last}"
        (look,) = [look for look in self._drawing.looks if look.name == kind]
        told = [("where", where), ("kind", look.meaning), ("nodes", f"{len(members):,}")]
        if self._edges[key, key]:
            told.append(("edges within", f"{self._edges[key, key]:,}"))
        told.append(("edges to others", f"{self._down[key]:,}"))
        values = sorted(node.value for node in members if node.value is not None)
        if values:
            name = self._drawing.value_name
            told.append((f"least {name}", f"{values[0]:.6g}"))
            told.append((f"middle {name}", f"{values[len(values) // 2]:.6g}"))
            told.append((f"greatest {name}", f"{values[-1]:.6g}"))
        told += [("", node.label) for node in members[:SHOWN] if len(node.label) > 1]
        largest = max(map(len, self._members.values()))
        width = 60 + (WIDEST - 60) * log10(len(members)) / max(1.0, log10(largest))
        return Node(f"{where}: {len(members):,}", kind, tuple(told), weight=width)
