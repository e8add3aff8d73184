"""The arrays that GPU kernels run over: rows to compute going up, gradients to gather going down.

Going up, a row is a log-space sum of terms and a term a sum of rows; a product is a row of one term. Going
down, a row's gradient is gathered from all terms that it is part of, so nothing is written twice and
nothing needs an atomic operation. Free of torch and triton.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import final

import numpy as np

from nesy.circuit.circuit import Circuit, IntArray, NodeKind
from nesy.circuit.csr import joined, offsets_of
from nesy.circuit.layers import Layers, lower
from nesy.kernels.narrow import narrowed

WIDEST = 64
"""Children of a node, and terms of a gradient, beyond which work is cut into parts that run side by side."""

FUSED_ROWS = 32
"""Rows of a level up to which neighbouring levels share a launch: one block of threads does them in turn."""

WHOLE = -1
"""Instead of a term: the row's gradient comes on whole."""


@final
@dataclass(frozen=True, eq=False)
class Steps:
    """Items in steps that must follow one another; within a step items are independent.

    starts: where each step's items start, and where the last ones end.
    launches: (first step, last step, not included, most items in one step).
    """

    starts: IntArray
    launches: tuple[tuple[int, int, int], ...]


@final
@dataclass(frozen=True, eq=False)
class GpuLayout:
    """A circuit as arrays.

    width, rows: as in `Layers`; values are (rows, B).
    roots: (R,), the rows of the roots.
    term_offsets: (rows - width - 2 + 1,), the terms of each computed row. factor_offsets, factors: CSR, the
    rows whose sum a term is. up: steps over the computed rows.
    targets: (items,), the row of the gradient buffer each item fills. use_offsets: CSR over items.
    owners, terms: what is gathered; the row of the gradient buffer, and the term of that row which the
    target is part of, or `WHOLE`. down: steps over the items.
    gradient_rows: of the gradient buffer: all rows, then the roots' own gradients, then partial sums.
    """

    width: int
    rows: int
    roots: IntArray
    term_offsets: IntArray
    factor_offsets: IntArray
    factors: IntArray
    up: Steps
    targets: IntArray
    use_offsets: IntArray
    owners: IntArray
    terms: IntArray
    down: Steps
    gradient_rows: int


def gpu_layout(circuit: Circuit) -> GpuLayout:
    """Lay a circuit out. Cost: O((nodes + edges) log(nodes))."""
    layers = lower(narrowed(circuit, WIDEST))
    groups = layers.groups
    counts = joined([np.diff(g.factor_offsets) for g in groups])
    levels = [next(level).start for _, level in groupby(groups, key=lambda group: group.level)]
    starts = np.array([*levels, layers.rows], dtype=np.int64)
    gathering = _Gathering(layers, starts)
    return GpuLayout(
        width=layers.width,
        rows=layers.rows,
        roots=layers.roots,
        term_offsets=offsets_of(joined([g.arities for g in groups])),
        factor_offsets=offsets_of(counts),
        factors=joined([g.factors for g in groups]),
        up=_steps(starts - (layers.width + 2)),
        targets=joined(gathering.targets),
        use_offsets=offsets_of(joined(gathering.counts)),
        owners=joined(gathering.owners),
        terms=joined(gathering.terms),
        down=_steps(offsets_of(np.array(gathering.sizes, dtype=np.int64))),
        gradient_rows=gathering.rows,
    )


class _Gathering:
    """Collects the items of the way down, level by level from the top; the inputs come last."""

    def __init__(self, layers: Layers, starts: IntArray) -> None:
        self.targets: list[IntArray] = []
        self.counts: list[IntArray] = []
        self.owners: list[IntArray] = []
        self.terms: list[IntArray] = []
        self.sizes: list[int] = []
        self.rows = layers.rows + len(layers.roots)
        offsets, owners, terms = _uses(layers)
        bounds = [*pairwise(starts)][::-1]
        for first, last in [*bounds, (0, layers.width)]:
            own = slice(offsets[first], offsets[last])
            self._level(np.arange(first, last), np.diff(offsets[first : last + 1]), owners[own], terms[own])

    def _level(self, targets: IntArray, counts: IntArray, owners: IntArray, terms: IntArray) -> None:
        """Rows with many uses gather partial sums first, as often as it takes."""
        while len(counts) and counts.max() > WIDEST:
            parts = -(-counts // WIDEST)
            wide = parts > 1
            in_wide = np.repeat(wide, counts)
            partial = self.rows + np.arange(parts[wide].sum())
            self.rows += len(partial)
            self._step(partial, _cut(counts[wide], parts[wide]), owners[in_wide], terms[in_wide])
            kept_owners, kept_terms = owners[~in_wide], terms[~in_wide]
            counts = np.where(wide, parts, counts)
            now_wide = np.repeat(wide, counts)
            owners = np.empty(len(now_wide), dtype=np.int64)
            terms = np.full(len(now_wide), WHOLE)
            owners[now_wide], owners[~now_wide] = partial, kept_owners
            terms[~now_wide] = kept_terms
        self._step(targets, counts, owners, terms)

    def _step(self, targets: IntArray, counts: IntArray, owners: IntArray, terms: IntArray) -> None:
        self.targets.append(targets)
        self.counts.append(counts)
        self.owners.append(owners)
        self.terms.append(terms)
        self.sizes.append(len(targets))


def _uses(layers: Layers) -> tuple[IntArray, IntArray, IntArray]:
    """(offsets, owners, terms), CSR over rows: what each row's gradient is gathered from."""
    offsets, terms = layers.uses
    product = joined([np.full(g.terms, g.kind) for g in layers.groups]) == NodeKind.PRODUCT
    rows = np.concatenate([np.repeat(np.arange(layers.rows), np.diff(offsets)), layers.roots])
    owners = np.concatenate([layers.row_of_term[terms], layers.rows + np.arange(len(layers.roots))])
    kinds = np.concatenate([np.where(product[terms], WHOLE, terms), np.full(len(layers.roots), WHOLE)])
    order = np.argsort(rows, kind="stable")
    return offsets_of(np.bincount(rows, minlength=layers.rows)), owners[order], kinds[order]


def _cut(counts: IntArray, parts: IntArray) -> IntArray:
    """The sizes of the parts that groups are cut into: `WIDEST`, and what is left in the last."""
    sizes = np.full(parts.sum(), WIDEST)
    sizes[np.cumsum(parts) - 1] = counts - (parts - 1) * WIDEST
    return sizes


def _steps(starts: IntArray) -> Steps:
    """Steps, neighbours of few items sharing a launch."""
    sizes = np.diff(starts)
    launches: list[tuple[int, int, int]] = []
    for narrow, group in groupby(range(len(sizes)), key=lambda step: bool(sizes[step] <= FUSED_ROWS)):
        steps = list(group)
        runs = [(steps[0], steps[-1] + 1)] if narrow else [(step, step + 1) for step in steps]
        launches.extend((first, last, int(sizes[first:last].max())) for first, last in runs)
    return Steps(starts, tuple(launches))
