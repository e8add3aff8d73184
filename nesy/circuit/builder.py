"""Builds a circuit node by node, sharing equal nodes and folding constants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import final

import numpy as np

from nesy.circuit.circuit import Circuit, NodeKind

ZERO = 0
ONE = 1


@final
class CircuitBuilder:
    """Hash-consed nodes. Node 0 is ZERO and node 1 is ONE; children always come before parents."""

    __slots__ = ("_args", "_index", "_kinds")

    def __init__(self) -> None:
        self._kinds: list[NodeKind] = [NodeKind.ZERO, NodeKind.ONE]
        self._args: list[tuple[int, ...]] = [(), ()]
        self._index: dict[tuple[NodeKind, tuple[int, ...]], int] = {}

    def __len__(self) -> int:
        """The number of nodes so far, unreachable ones included."""
        return len(self._kinds)

    def input(self, column: int) -> int:
        """The weight in an input column. Cost: one step."""
        return self._node(NodeKind.INPUT, (column,))

    def sum(self, children: Iterable[int]) -> int:
        """The sum of nodes whose models exclude one another. A child given twice counts twice.

        Cost: O(children log(children)).
        """
        live = [c for c in children if c != ZERO]
        if len(live) < 2:
            return live[0] if live else ZERO
        return self._node(NodeKind.SUM, tuple(sorted(live)))

    def product(self, children: Iterable[int]) -> int:
        """The product of nodes over disjoint variables; products of products are flattened.

        Cost: O(children log(children)), those of products among them too.
        """
        flat: list[int] = []
        for child in children:
            if child == ZERO:
                return ZERO
            if self._kinds[child] == NodeKind.PRODUCT:
                flat.extend(self._args[child])
            elif child != ONE:
                flat.append(child)
        if len(flat) < 2:
            return flat[0] if flat else ONE
        return self._node(NodeKind.PRODUCT, tuple(sorted(flat)))

    def build(self, roots: Sequence[int], domains: Sequence[int]) -> Circuit:
        """The circuit of what the roots reach. Cost: O(nodes and edges)."""
        order = self._reachable(roots)
        renumbered = {old: new for new, old in enumerate(order)}
        kinds = np.array([self._kinds[n] for n in order], dtype=np.int8)
        columns = np.full(len(order), -1, dtype=np.int64)
        children: list[int] = []
        offsets = np.zeros(len(order) + 1, dtype=np.int64)
        for new, old in enumerate(order):
            if self._kinds[old] == NodeKind.INPUT:
                columns[new] = self._args[old][0]
            else:
                children.extend(renumbered[c] for c in self._args[old])
            offsets[new + 1] = len(children)
        return Circuit(
            kinds=kinds,
            columns=columns,
            offsets=offsets,
            children=np.array(children, dtype=np.int64),
            roots=np.array([renumbered[r] for r in roots], dtype=np.int64),
            domains=np.array(domains, dtype=np.int64),
        )

    def _reachable(self, roots: Sequence[int]) -> list[int]:
        live = set(roots)
        # Ids grow from children to parents, so one backward sweep marks everything below the roots.
        for node in range(max(live, default=-1), -1, -1):
            if node in live and self._kinds[node] != NodeKind.INPUT:
                live.update(self._args[node])
        return sorted(live)

    def _node(self, kind: NodeKind, args: tuple[int, ...]) -> int:
        key = (kind, args)
        found = self._index.get(key)
        if found is None:
            found = len(self._kinds)
            self._kinds.append(kind)
            self._args.append(args)
            self._index[key] = found
        return found
