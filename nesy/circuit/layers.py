"""A circuit laid out in layers: rows of a buffer, level by level, ready for gather kernels.

Row r of a buffer (rows, B) holds one node's values on B examples. The inputs come first, then the two
constants, then each level's sums and products, a contiguous range of rows for each. Every node is a sum
of terms, and every term a product of rows. A product that only one sum reads is a term of that sum and has
no row of its own: in most circuits those are nearly all, and their values need never be stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import final

import numpy as np
from numpy.typing import NDArray

from nesy.circuit.circuit import Circuit, IntArray, NodeKind
from nesy.circuit.csr import joined, offsets_of

BoolArray = NDArray[np.bool_]


@final
@dataclass(frozen=True, eq=False)
class Group:
    """The nodes of one kind on one level: rows `start` to `stop`, in order.

    offsets: (stop - start + 1,), CSR; the terms of row `start + i` are `offsets[i]` to `offsets[i + 1]`.
    A product has one term. Sums stand in ascending order of their number of terms.
    factor_offsets, factors: CSR; term t is the product of the rows
    `factors[factor_offsets[t]:factor_offsets[t + 1]]`, all on lower levels. No term is empty.
    first_term: the number of terms in the groups before this one.
    """

    kind: NodeKind
    level: int
    start: int
    stop: int
    offsets: IntArray
    factor_offsets: IntArray
    factors: IntArray
    first_term: int

    @property
    def arities(self) -> IntArray:
        """(stop - start,): the number of terms of each node."""
        return np.diff(self.offsets)

    @property
    def terms(self) -> int:
        """The number of terms of the group."""
        return len(self.factor_offsets) - 1


@final
@dataclass(frozen=True, eq=False)
class Layers:
    """A circuit as a sequence of groups over one buffer of rows.

    width: rows 0 to `width` are the input columns; row `width` is ZERO and row `width + 1` is ONE.
    rows: the number of rows.
    groups: in order of evaluation; each reads only inputs, constants and groups of lower levels.
    row_of_node: (N,), the row of each node of the circuit; -1 for a product that is a term of a sum, and
    for a node that no root reaches.
    roots: (R,), the rows of the roots.
    """

    width: int
    rows: int
    groups: tuple[Group, ...]
    row_of_node: IntArray
    roots: IntArray

    @property
    def zero(self) -> int:
        """The row of the constant ZERO."""
        return self.width

    @property
    def one(self) -> int:
        """The row of the constant ONE."""
        return self.width + 1

    @cached_property
    def terms(self) -> int:
        """The number of terms; they are numbered group by group."""
        return sum(group.terms for group in self.groups)

    @cached_property
    def row_of_term(self) -> IntArray:
        """(terms,): the row each term belongs to."""
        owners = (np.repeat(np.arange(g.start, g.stop), g.arities) for g in self.groups)
        return joined(owners)

    @cached_property
    def uses(self) -> tuple[IntArray, IntArray]:
        """(offsets, terms), CSR over rows: row r is a factor of `terms[offsets[r]:offsets[r + 1]]`.

        For the backward pass, where each row gathers its gradient from the terms it is part of.
        """
        factors = joined(g.factors for g in self.groups)
        terms = np.repeat(np.arange(self.terms), joined(np.diff(g.factor_offsets) for g in self.groups))
        order = np.argsort(factors, kind="stable")
        return offsets_of(np.bincount(factors, minlength=self.rows)), terms[order]


def lower(circuit: Circuit) -> Layers:
    """Lay a circuit out in layers. A level is one more than the highest level among a node's factors.

    Cost: O((nodes + edges) log(nodes)), and O(nodes + edges) memory.
    """
    circuit = _without_empty(circuit)
    reads = _reads(circuit)
    private = _private_products(circuit, reads)
    levels = _levels(circuit, private)
    stored = (circuit.kinds >= NodeKind.SUM) & ~private & (reads > 0)
    members = _members(circuit, np.flatnonzero(stored), levels)
    row_of_node = _rows(circuit, members, reads)
    groups: list[Group] = []
    first_term = 0
    for nodes in members:
        offsets, factor_offsets, factors = _terms(circuit, nodes, private)
        start = int(row_of_node[nodes[0]])
        group = Group(
            kind=NodeKind(circuit.kinds[nodes[0]]),
            level=int(levels[nodes[0]]),
            start=start,
            stop=start + len(nodes),
            offsets=offsets,
            factor_offsets=factor_offsets,
            factors=row_of_node[factors],
            first_term=first_term,
        )
        groups.append(group)
        first_term += group.terms
    rows = groups[-1].stop if groups else circuit.width + 2
    return Layers(circuit.width, rows, tuple(groups), row_of_node, row_of_node[circuit.roots])


def _without_empty(circuit: Circuit) -> Circuit:
    """The same circuit, where a sum or product of nothing is the constant it stands for."""
    empty = np.diff(circuit.offsets) == 0
    kinds = circuit.kinds.copy()
    kinds[empty & (circuit.kinds == NodeKind.SUM)] = NodeKind.ZERO
    kinds[empty & (circuit.kinds == NodeKind.PRODUCT)] = NodeKind.ONE
    return replace(circuit, kinds=kinds)


def _reads(circuit: Circuit) -> IntArray:
    """(N,): how often the roots or nodes that the roots reach read each node."""
    reads = np.bincount(circuit.roots, minlength=circuit.size).tolist()
    children, offsets = circuit.children.tolist(), circuit.offsets.tolist()
    for node in range(circuit.size - 1, -1, -1):
        if reads[node]:
            for child in children[offsets[node] : offsets[node + 1]]:
                reads[child] += 1
    return np.array(reads, dtype=np.int64)


def _private_products(circuit: Circuit, reads: IntArray) -> BoolArray:
    """(N,): whether a node is a product that is read once, and by a sum."""
    owner_kinds = np.repeat(circuit.kinds, np.diff(circuit.offsets))
    read_by_sum = np.zeros(circuit.size, dtype=np.bool_)
    read_by_sum[circuit.children[owner_kinds == NodeKind.SUM]] = True
    read_by_product = np.zeros(circuit.size, dtype=np.bool_)
    read_by_product[circuit.children[owner_kinds == NodeKind.PRODUCT]] = True
    is_root = np.zeros(circuit.size, dtype=np.bool_)
    is_root[circuit.roots] = True
    once: BoolArray = (circuit.kinds == NodeKind.PRODUCT) & (reads == 1)
    return once & read_by_sum & ~read_by_product & ~is_root


def _levels(circuit: Circuit, private: BoolArray) -> IntArray:
    """(N,): 0 for inputs and constants, else one more than the highest factor.

    A private product has the level of its highest factor, one below that of the sum it is a term of.
    """
    levels = [0] * circuit.size
    own = (~private).astype(np.int64).tolist()
    children, offsets = circuit.children.tolist(), circuit.offsets.tolist()
    for node in range(circuit.size):
        below = children[offsets[node] : offsets[node + 1]]
        if below:
            levels[node] = own[node] + max([levels[c] for c in below])
    return np.array(levels, dtype=np.int64)


def _members(circuit: Circuit, stored: IntArray, levels: IntArray) -> list[IntArray]:
    """The nodes of each group, groups in order of evaluation, sums in ascending arity."""
    kinds, arities = circuit.kinds[stored], np.diff(circuit.offsets)[stored]
    within = np.where(kinds == NodeKind.SUM, arities, 0)
    order = stored[np.lexsort((stored, within, kinds, levels[stored]))]
    key = levels[order] * len(NodeKind) + circuit.kinds[order]
    return [part for part in np.split(order, np.flatnonzero(np.diff(key)) + 1) if len(part)]


def _rows(circuit: Circuit, members: Iterable[IntArray], reads: IntArray) -> IntArray:
    rows = np.full(circuit.size, -1, dtype=np.int64)
    inputs = (circuit.kinds == NodeKind.INPUT) & (reads > 0)
    rows[inputs] = circuit.columns[inputs]
    rows[circuit.kinds == NodeKind.ZERO] = circuit.width
    rows[circuit.kinds == NodeKind.ONE] = circuit.width + 1
    row = circuit.width + 2
    for nodes in members:
        rows[nodes] = np.arange(row, row + len(nodes))
        row += len(nodes)
    return rows


def _terms(circuit: Circuit, nodes: IntArray, private: BoolArray) -> tuple[IntArray, IntArray, IntArray]:
    """(offsets, factor offsets, factors as nodes) of the nodes of a group, as `Group` holds them."""
    if circuit.kinds[nodes[0]] == NodeKind.PRODUCT:
        return np.arange(len(nodes) + 1), *_children(circuit, nodes)
    offsets, terms = _children(circuit, nodes)
    return offsets, *_expanded(circuit, terms, private)


def _children(circuit: Circuit, nodes: IntArray) -> tuple[IntArray, IntArray]:
    """CSR of the children of some nodes."""
    arities = np.diff(circuit.offsets)[nodes]
    offsets = offsets_of(arities)
    edges = np.arange(offsets[-1]) + np.repeat(circuit.offsets[nodes] - offsets[:-1], arities)
    return offsets, circuit.children[edges]


def _expanded(circuit: Circuit, terms: IntArray, private: BoolArray) -> tuple[IntArray, IntArray]:
    """CSR of the factors of a sum's children: a private product's children, any other node itself."""
    inner = private[terms]
    counts = np.where(inner, np.diff(circuit.offsets)[terms], 1)
    offsets = offsets_of(counts)
    factors = np.repeat(terms, counts)
    factors[np.repeat(inner, counts)] = _children(circuit, terms[inner])[1]
    return offsets, factors
