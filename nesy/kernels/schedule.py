"""The order of work of a batched kernel: layers cut into steps, forward and backward. Free of torch.

Forward, every step fills a range of rows of the value buffer. Backward, gradients travel as messages, one
per term, in slots of a second buffer: a sum writes a message per term; a product's message is its own
gradient. A row's gradient is the sum of the messages to the terms it is a factor of. Rows gather and
nothing is scattered, so the result does not depend on the order of threads. A row with one message needs
no work at all: its gradient is that slot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import final

import numpy as np

from nesy.circuit.circuit import IntArray, NodeKind
from nesy.circuit.csr import offsets_of
from nesy.circuit.layers import Group, Layers
from nesy.kernels.buckets import Bucket, buckets_of


@final
@dataclass(frozen=True, eq=False)
class Bags:
    """Ragged rows to add up: bag i is `indices[offsets[i]:offsets[i + 1]]`."""

    indices: IntArray
    offsets: IntArray


@final
@dataclass(frozen=True, eq=False)
class Sums:
    """Rows `start` to `stop`, sums of `arity` terms each.

    terms: a bag of factors per term, (stop - start) * arity bags; missing terms are the row ZERO.
    slot: where the messages to these terms start.
    gradients: (stop - start,), the slots that hold the gradients of these rows.
    """

    start: int
    stop: int
    arity: int
    terms: Bags
    slot: int
    gradients: IntArray


@final
@dataclass(frozen=True, eq=False)
class Products:
    """Rows `start` to `stop`, a bag of factors each."""

    start: int
    stop: int
    terms: Bags


@final
@dataclass(frozen=True, eq=False)
class Gather:
    """Slots `start` to `stop`: the gradients of rows with several messages, a bag of messages each."""

    start: int
    stop: int
    messages: Bags


@final
@dataclass(frozen=True, eq=False)
class Schedule:
    """A circuit's work, forward and backward.

    width, rows, roots: as in `Layers`.
    forward: in order.
    backward: in order; slots 0 to R are the gradients of the roots and are filled before.
    slots: the number of slots.
    work: the number of factors of all terms, padding included.
    inputs: a bag of messages per input row, (width,) bags.
    """

    width: int
    rows: int
    roots: IntArray
    forward: tuple[Sums | Products, ...]
    backward: tuple[Sums | Gather, ...]
    slots: int
    work: int
    inputs: Bags


def schedule(layers: Layers) -> Schedule:
    """Cut layers into steps. Cost: O((nodes + edges) log(nodes)), in numpy, but for a loop over steps."""
    buckets = {g.start: buckets_of(g.arities) for g in layers.groups if g.kind == NodeKind.SUM}
    slot_of_term, messages_end = _message_slots(layers, buckets)
    slot_of_row, slots = _gradient_slots(layers, slot_of_term, messages_end)
    # A product hands its gradient on as it is, so the message of its term is the slot of that gradient.
    product = slot_of_term < 0
    slot_of_term[product] = slot_of_row[layers.row_of_term[product]]
    messages = _messages(layers, slot_of_term)
    forward: list[Sums | Products] = []
    backward: list[Sums | Gather] = []
    for _, level in groupby(layers.groups, key=lambda group: group.level):
        groups = list(level)
        sums = [s for g in groups for s in _sums(g, buckets, layers.zero, slot_of_term, slot_of_row)]
        forward.extend(_products(g) for g in groups if g.kind == NodeKind.PRODUCT)
        forward.extend(sums)
        backward.extend(reversed(sums))
        backward.extend(_gather(groups, slot_of_row, messages_end, messages))
    return Schedule(
        width=layers.width,
        rows=layers.rows,
        roots=layers.roots,
        forward=tuple(forward),
        backward=tuple(reversed(backward)),
        slots=slots,
        work=sum(len(step.terms.indices) for step in forward),
        inputs=_select(messages, np.arange(layers.width)),
    )


Buckets = dict[int, list[Bucket]]
"""The cuts of each group of sums, by its first row."""


def _message_slots(layers: Layers, buckets: Buckets) -> tuple[IntArray, int]:
    """The slot of each sum's terms, -1 for products; and the end of those slots. Roots have the first."""
    slots = np.full(layers.terms, -1, dtype=np.int64)
    end = len(layers.roots)
    for group in layers.groups:
        for first, last, arity in buckets.get(group.start, ()):
            chosen, places = _places(group, first, last, arity)
            slots[group.first_term + chosen] = end + places
            end += (last - first) * arity
    return slots, end


def _places(group: Group, first: int, last: int, arity: int) -> tuple[IntArray, IntArray]:
    """The terms of the nodes `first` to `last`, and where they stand among padded terms."""
    terms = np.arange(group.offsets[first], group.offsets[last])
    arities = group.arities[first:last]
    shift = np.arange(last - first) * arity - group.offsets[first:last]
    return terms, terms + np.repeat(shift, arities)


def _gradient_slots(layers: Layers, slot_of_term: IntArray, end: int) -> tuple[IntArray, int]:
    """The slot of each computed row's gradient, -1 below the first of them; and the end of all slots."""
    offsets, terms = layers.uses
    reads = np.diff(offsets) + np.bincount(layers.roots, minlength=layers.rows)
    slots = np.full(layers.rows, -1, dtype=np.int64)
    slots[layers.roots] = np.arange(len(layers.roots))
    # From the top down, for the one message of a row may be the gradient of a product above it.
    for group in reversed(layers.groups):
        rows = np.arange(group.start, group.stop)
        several = rows[reads[rows] > 1]
        slots[several] = np.arange(end, end + len(several))
        end += len(several)
        alone = rows[(reads[rows] == 1) & (slots[rows] < 0)]
        term = terms[offsets[alone]]
        slots[alone] = np.where(slot_of_term[term] >= 0, slot_of_term[term], slots[layers.row_of_term[term]])
    return slots, end


def _messages(layers: Layers, slot_of_term: IntArray) -> Bags:
    """The slots of the messages to each row, the roots' own among them."""
    offsets, terms = layers.uses
    rows = np.concatenate([layers.roots, np.repeat(np.arange(layers.rows), np.diff(offsets))])
    slots = np.concatenate([np.arange(len(layers.roots)), slot_of_term[terms]])
    return Bags(slots[np.argsort(rows, kind="stable")], offsets_of(np.bincount(rows, minlength=layers.rows)))


def _sums(
    group: Group, buckets: Buckets, zero: int, slot_of_term: IntArray, slot_of_row: IntArray
) -> list[Sums]:
    result: list[Sums] = []
    for first, last, arity in buckets.get(group.start, ()):
        chosen, places = _places(group, first, last, arity)
        counts = np.ones((last - first) * arity, dtype=np.int64)
        counts[places] = np.diff(group.factor_offsets)[chosen]
        factors = np.full(int(counts.sum()), zero, dtype=np.int64)
        real = np.zeros(len(counts), dtype=np.bool_)
        real[places] = True
        own = slice(group.factor_offsets[group.offsets[first]], group.factor_offsets[group.offsets[last]])
        factors[np.repeat(real, counts)] = group.factors[own]
        start, stop = group.start + first, group.start + last
        slot = int(slot_of_term[group.first_term + chosen[0]])
        terms = Bags(factors, offsets_of(counts))
        result.append(Sums(start, stop, arity, terms, slot, slot_of_row[start:stop]))
    return result


def _products(group: Group) -> Products:
    return Products(group.start, group.stop, Bags(group.factors, group.factor_offsets))


def _gather(
    groups: Sequence[Group], slot_of_row: IntArray, messages_end: int, messages: Bags
) -> list[Gather]:
    """What fills the gradients of a level's rows that have several messages: one step, or none."""
    rows = np.arange(groups[0].start, groups[-1].stop)
    rows = rows[slot_of_row[rows] >= messages_end]
    # A single message may itself be a gathered slot of a product above; those are not this level's.
    rows = rows[np.diff(messages.offsets)[rows] > 1]
    if not len(rows):
        return []
    rows = rows[np.argsort(slot_of_row[rows])]
    start = int(slot_of_row[rows[0]])
    return [Gather(start, start + len(rows), _select(messages, rows))]


def _select(bags: Bags, chosen: IntArray) -> Bags:
    counts = np.diff(bags.offsets)[chosen]
    offsets = offsets_of(counts)
    places = np.arange(offsets[-1]) + np.repeat(bags.offsets[chosen] - offsets[:-1], counts)
    return Bags(bags.indices[places], offsets)
