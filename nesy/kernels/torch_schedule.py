"""A schedule on a device, and the two passes over it, as plain torch operations on preallocated buffers.

Inside, values are logarithms to base 2, and false is a large negative number rather than -inf. Both are for
speed and safety: exp2 of float32 stays vectorised where exp takes a path a hundred times slower on -inf and
on results near the smallest number (measured), and without infinities no difference can be NaN.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from math import inf, log
from typing import final

import torch
from torch import Tensor

from nesy.circuit.circuit import IntArray
from nesy.kernels.schedule import Bags, Gather, Products, Schedule, Sums

FALSE = -1e30
"""False inside. A product adds at most one false input per variable, so no sum of them leaves float32."""

DEAD = -1e25
"""Values at or below this are false: no live product comes near it, no dead one above it."""

FAINT = {torch.float32: -100.0, torch.float64: -900.0}
"""Base-2 logarithms of the least shares of a sum that count; below, exp2 meets subnormal numbers."""

LN2 = log(2.0)

ONE_THREAD = 2**18
"""Factors times columns per step, on average, below which a pass on a CPU keeps to one thread. Two threads
gain little on so small operations, and wait for milliseconds at each where other processes hold a core."""


@final
@dataclass(frozen=True, eq=False)
class DeviceBags:
    """`Bags` as int64 tensors."""

    indices: Tensor
    offsets: Tensor

    def of(self, rows: Tensor) -> Tensor:
        """The sums of rows: (bags, B) from (rows, B), new. Cost: O(indices * B), no temporary."""
        return torch.embedding_bag(rows, self.indices, self.offsets, False, 0, False, None, True)[0]


@final
@dataclass(frozen=True, eq=False)
class DeviceSums:
    """`Sums` on a device."""

    start: int
    stop: int
    arity: int
    terms: DeviceBags
    slot: int
    gradients: slice | Tensor

    def forward(self, values: Tensor, faint: float) -> None:
        """Fill the rows of these sums."""
        terms = self.terms.of(values).view(self.stop - self.start, self.arity, -1)
        top = torch.amax(terms, 1)
        shares = _exp2_(terms.sub_(top.unsqueeze(1)), faint)
        torch.add(top, shares.sum(1).log2_(), out=values[self.start : self.stop])

    def backward(self, values: Tensor, slots: Tensor, faint: float) -> None:
        """Fill the messages to the terms of these sums: a sum's gradient times the term's share of it."""
        count = self.stop - self.start
        terms = self.terms.of(values).view(count, self.arity, -1)
        shares = _exp2_(terms.sub_(values[self.start : self.stop].unsqueeze(1)), faint)
        gradients = self._gradients(slots).unsqueeze(1)
        messages = slots[self.slot : self.slot + count * self.arity].view(count, self.arity, -1)
        torch.mul(shares, gradients, out=messages)

    def _gradients(self, slots: Tensor) -> Tensor:
        rows = self.gradients
        return slots[rows] if isinstance(rows, slice) else slots.index_select(0, rows)


@final
@dataclass(frozen=True, eq=False)
class DeviceProducts:
    """`Products` on a device."""

    start: int
    stop: int
    terms: DeviceBags

    def forward(self, values: Tensor, faint: float) -> None:
        """Fill the rows of these products."""
        values[self.start : self.stop] = self.terms.of(values)


@final
@dataclass(frozen=True, eq=False)
class DeviceGather:
    """`Gather` on a device."""

    start: int
    stop: int
    messages: DeviceBags

    def backward(self, values: Tensor, slots: Tensor, faint: float) -> None:
        """Add up the messages to these rows."""
        slots[self.start : self.stop] = self.messages.of(slots)


@final
@dataclass(frozen=True, eq=False)
class DeviceSchedule:
    """A `Schedule` on a device."""

    width: int
    rows: int
    roots: Tensor
    forward_steps: tuple[DeviceSums | DeviceProducts, ...]
    backward_steps: tuple[DeviceSums | DeviceGather, ...]
    slots: int
    work: int
    inputs: DeviceBags

    def forward(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """(roots, values) from inputs (width, B) in nats.

        roots: (R, B) in nats. values: (rows, B), all nodes as they are inside, of `inside(inputs)`.
        """
        values = inputs.new_empty(self.rows, inputs.shape[1], dtype=inside(inputs))
        with self._threads(values):
            torch.mul(inputs.to(values.dtype), 1 / LN2, out=values[: self.width])
            values[: self.width].clamp_(min=FALSE)
            values[self.width] = FALSE
            values[self.width + 1] = 0.0
            faint = FAINT[values.dtype]
            for step in self.forward_steps:
                step.forward(values, faint)
            roots = values.index_select(0, self.roots)
            return torch.where(roots > DEAD, roots * LN2, -inf).to(inputs.dtype), values

    def backward(self, root_gradients: Tensor, values: Tensor) -> Tensor:
        """The gradient with respect to the inputs, (width, B), from that of the roots, (R, B)."""
        slots = values.new_empty(self.slots, values.shape[1])
        with self._threads(values):
            dead = values.index_select(0, self.roots) <= DEAD
            slots[: len(self.roots)] = root_gradients.masked_fill(dead, 0.0)
            faint = FAINT[values.dtype]
            for step in self.backward_steps:
                step.backward(values, slots, faint)
            return self.inputs.of(slots).to(root_gradients.dtype)

    def _threads(self, values: Tensor) -> AbstractContextManager[None]:
        small = self.work * values.shape[1] < ONE_THREAD * max(1, len(self.forward_steps))
        return _one_thread() if small and values.device.type == "cpu" else nullcontext()


def inside(inputs: Tensor) -> torch.dtype:
    """What a pass computes in. On the CPU that is float64, which costs a quarter more and rounds once.

    Logarithms of some hundreds in float32 would leave four digits of a gradient.
    """
    return torch.float64 if inputs.device.type == "cpu" else inputs.dtype


@contextmanager
def _one_thread() -> Iterator[None]:
    """Keep torch's operations to the calling thread. Cost: under a microsecond."""
    threads = torch.get_num_threads()
    if threads == 1:
        yield
        return
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def on_device(schedule: Schedule, device: torch.device) -> DeviceSchedule:
    """The schedule with its index arrays on a device."""

    def tensor(array: IntArray) -> Tensor:
        return torch.from_numpy(array).to(device)

    def bags(source: Bags) -> DeviceBags:
        return DeviceBags(tensor(source.indices), tensor(source.offsets))

    def sums(s: Sums) -> DeviceSums:
        rows = _contiguous(s.gradients)
        return DeviceSums(s.start, s.stop, s.arity, bags(s.terms), s.slot, rows or tensor(s.gradients))

    def products(p: Products) -> DeviceProducts:
        return DeviceProducts(p.start, p.stop, bags(p.terms))

    def gather(g: Gather) -> DeviceGather:
        return DeviceGather(g.start, g.stop, bags(g.messages))

    # A sum serves both passes; it is laid out once.
    shared = {id(s): sums(s) for s in schedule.forward if isinstance(s, Sums)}
    return DeviceSchedule(
        width=schedule.width,
        rows=schedule.rows,
        roots=tensor(schedule.roots),
        forward_steps=tuple(shared[id(s)] if isinstance(s, Sums) else products(s) for s in schedule.forward),
        backward_steps=tuple(shared[id(s)] if isinstance(s, Sums) else gather(s) for s in schedule.backward),
        slots=schedule.slots,
        work=schedule.work,
        inputs=bags(schedule.inputs),
    )


def _contiguous(rows: IntArray) -> slice | None:
    """The slice that rows are, or None."""
    start = int(rows[0])
    return slice(start, start + len(rows)) if (rows == range(start, start + len(rows))).all() else None


def _exp2_(exponents: Tensor, faint: float) -> Tensor:
    """2 to the power of exponents, in place; exactly 0 where the result would be fainter than 2^faint."""
    return torch.threshold_(exponents, faint, FALSE).exp2_()
