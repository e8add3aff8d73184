"""Constant folding."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, final

import numpy as np

from nesy.circuit.circuit import Circuit, NodeKind
from nesy.circuit.passes.passing import EXACT, NONE, Property
from nesy.circuit.passes.trimming import trimmed

_UNSEEN = -1


@final
@dataclass(frozen=True, slots=True)
class Fold:
    """Compute with constants: no sum has a ZERO, no product a constant, and every node two children or more.

    A sum of nothing is ZERO, a product of nothing ONE, and a node of one child is that child. Smoothness may
    go where a zero branch alone spoke of a variable. Cost: O(nodes and edges).
    """

    keeps: ClassVar[frozenset[Property]] = EXACT
    gives: ClassVar[frozenset[Property]] = NONE

    def run(self, circuit: Circuit) -> Circuit:
        """The circuit without constants, except where a root is one."""
        kinds: list[int] = circuit.kinds.tolist()
        image: list[int] = []
        kept: list[int] = []
        ends = [0]
        zero = one = _UNSEEN
        children, offsets = circuit.children.tolist(), circuit.offsets.tolist()
        for node in range(circuit.size):
            kind = kinds[node]
            below = [image[c] for c in children[offsets[node] : offsets[node + 1]]]
            if kind == NodeKind.SUM:
                below = [c for c in below if c != zero]
                kind = kind if below else NodeKind.ZERO
            elif kind == NodeKind.PRODUCT:
                below = [c for c in below if c != one]
                kind = NodeKind.ZERO if zero in below else kind if below else NodeKind.ONE
            kinds[node] = kind
            if kind == NodeKind.ZERO:
                # The first constant of a kind stands for all of them.
                zero = node if zero == _UNSEEN else zero
                image.append(zero)
            elif kind == NodeKind.ONE:
                one = node if one == _UNSEEN else one
                image.append(one)
            elif len(below) == 1:
                image.append(below[0])
            else:
                image.append(node)
                kept += below
            ends.append(len(kept))
        return trimmed(
            replace(
                circuit,
                kinds=np.array(kinds, dtype=np.int8),
                offsets=np.array(ends, dtype=np.int64),
                children=np.array(kept, dtype=np.int64),
                roots=np.array(image, dtype=np.int64)[circuit.roots],
            )
        )
