"""Sharing of equal nodes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, final

import numpy as np

from nesy.circuit.circuit import Circuit, NodeKind
from nesy.circuit.passes.passing import EVERY, NONE, Property
from nesy.circuit.passes.trimming import trimmed


@final
@dataclass(frozen=True, slots=True)
class Share:
    """Make nodes of equal content one node, from the leaves up: common subcircuits are computed once.

    Nodes are equal where their kinds and their children are, in whatever order; nodes are compared by
    content, never by a hash alone. Cost: O(nodes + edges log(children of a node)).
    """

    keeps: ClassVar[frozenset[Property]] = EVERY
    gives: ClassVar[frozenset[Property]] = NONE

    def run(self, circuit: Circuit) -> Circuit:
        """The circuit without two equal nodes."""
        seen: dict[tuple[int, ...], int] = {}
        image: list[int] = []
        kinds, columns = circuit.kinds.tolist(), circuit.columns.tolist()
        children, offsets = circuit.children.tolist(), circuit.offsets.tolist()
        for node, kind in enumerate(kinds):
            if kind >= NodeKind.SUM:
                key = (kind, *sorted([image[c] for c in children[offsets[node] : offsets[node + 1]]]))
            else:
                key = (kind, columns[node])
            image.append(seen.setdefault(key, node))
        place = np.array(image, dtype=np.int64)
        return trimmed(replace(circuit, children=place[circuit.children], roots=place[circuit.roots]))
