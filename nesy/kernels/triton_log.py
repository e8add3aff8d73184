"""The triton kernel: circuits in log space on CUDA devices, a launch per level, batch innermost.

A block of threads computes some rows for some columns. Levels of few rows share a launch: then one block
does all rows of its columns, level after level, with a barrier between. Values are in nats and false is
-inf throughout; no step waits for the host, so passes can be captured in a CUDA graph.
"""

# ruff: noqa: N803, PLR0913, PLR0917 - kernels take pointers one by one, and their constants in capitals

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, final

import torch
import triton
import triton.language as tl
from torch import Tensor

from nesy.circuit.circuit import IntArray
from nesy.kernels.triton_layout import GpuLayout, Steps

LANES = 256
"""Values that a block of threads computes at a time: rows times columns."""

DEAD = -1e25
"""Inputs at or below this are false, as to every kernel."""


@triton.jit
def _term(values, factor_offsets, factors, term, live, column, inside, batch):  # type: ignore[no-untyped-def]
    """The log-values of terms (ROWS, 1) at columns (1, COLUMNS); 0 where there is no term."""
    first = tl.load(factor_offsets + term, mask=live, other=0)
    count = tl.load(factor_offsets + term + 1, mask=live, other=0) - first
    total = tl.zeros(live.shape, values.dtype.element_ty) + tl.zeros(inside.shape, values.dtype.element_ty)
    for i in range(tl.max(count)):
        more = i < count
        row = tl.load(factors + first + i, mask=more, other=0)
        total += tl.load(values + row * batch + column, mask=more & inside, other=0.0)
    return total


# Each level has its own numbers here: kernels compiled for single ones among them would be many.
@triton.jit(do_not_specialize=["first", "last"])  # type: ignore[untyped-decorator]
def _up(  # type: ignore[no-untyped-def]
    values,
    starts,
    term_offsets,
    factor_offsets,
    factors,
    base,
    batch,
    first,
    last,
    ROWS: tl.constexpr,
    COLUMNS: tl.constexpr,
):
    """Compute the rows of the steps `first` up to `last`."""
    column = tl.program_id(1) * COLUMNS + tl.arange(0, COLUMNS)[None, :]
    inside = column < batch
    for step in range(first, last):
        end = tl.load(starts + step + 1)
        block = tl.load(starts + step) + tl.program_id(0) * ROWS
        while block < end:
            item = block + tl.arange(0, ROWS)[:, None]
            valid = item < end
            term = tl.load(term_offsets + item, mask=valid, other=0)
            count = tl.load(term_offsets + item + 1, mask=valid, other=0) - term
            top = tl.full((ROWS, COLUMNS), float("-inf"), values.dtype.element_ty)
            total = tl.zeros((ROWS, COLUMNS), values.dtype.element_ty)
            for i in range(tl.max(count)):
                live = i < count
                found = _term(values, factor_offsets, factors, term + i, live, column, inside, batch)
                found = tl.where(live, found, float("-inf"))
                higher = tl.maximum(top, found)
                # Where all is false so far, any finite number keeps the differences from being NaN.
                finite = tl.where(higher == float("-inf"), 0.0, higher)
                total = total * tl.exp(top - finite) + tl.exp(found - finite)
                top = higher
            dead = top == float("-inf")
            result = tl.where(dead, top, top + tl.log(tl.where(dead, 1.0, total)))
            tl.store(values + (base + item) * batch + column, result, mask=valid & inside)
            block += tl.num_programs(0) * ROWS
        tl.debug_barrier()


@triton.jit(do_not_specialize=["first", "last"])  # type: ignore[untyped-decorator]
def _down(  # type: ignore[no-untyped-def]
    values,
    gradients,
    starts,
    targets,
    use_offsets,
    owners,
    terms,
    factor_offsets,
    factors,
    batch,
    first,
    last,
    ROWS: tl.constexpr,
    COLUMNS: tl.constexpr,
):
    """Gather the gradients of the items of the steps `first` up to `last`."""
    column = tl.program_id(1) * COLUMNS + tl.arange(0, COLUMNS)[None, :]
    inside = column < batch
    for step in range(first, last):
        end = tl.load(starts + step + 1)
        block = tl.load(starts + step) + tl.program_id(0) * ROWS
        while block < end:
            item = block + tl.arange(0, ROWS)[:, None]
            valid = item < end
            use = tl.load(use_offsets + item, mask=valid, other=0)
            count = tl.load(use_offsets + item + 1, mask=valid, other=0) - use
            total = tl.zeros((ROWS, COLUMNS), values.dtype.element_ty)
            for i in range(tl.max(count)):
                live = i < count
                owner = tl.load(owners + use + i, mask=live, other=0)
                term = tl.load(terms + use + i, mask=live, other=-1)
                shared = live & (term >= 0)
                found = _term(values, factor_offsets, factors, term, shared, column, inside, batch)
                whole = tl.load(values + owner * batch + column, mask=shared & inside, other=0.0)
                dead = whole == float("-inf")
                # Terms that come on whole are 0 here, and so is `whole`: their share is 1.
                share = tl.where(dead, 0.0, tl.exp(found - tl.where(dead, 0.0, whole)))
                gradient = tl.load(gradients + owner * batch + column, mask=live & inside, other=0.0)
                total += share * gradient
            target = tl.load(targets + item, mask=valid, other=0)
            tl.store(gradients + target * batch + column, total, mask=valid & inside)
            block += tl.num_programs(0) * ROWS
        tl.debug_barrier()


@final
@dataclass(frozen=True, eq=False)
class _DeviceSteps:
    starts: Tensor
    launches: tuple[tuple[int, int, int], ...]

    def run(self, kernel: Any, arguments: tuple[Any, ...], batch: int) -> None:
        """Launch a kernel for all steps, in order."""
        columns = min(triton.next_power_of_2(max(batch, 1)), LANES)
        rows = LANES // columns
        with _current(self.starts.device):
            for first, last, most in self.launches:
                # Levels that share a launch are done by one block for each range of columns.
                blocks = triton.cdiv(most, rows) if last - first == 1 else 1
                kernel[(max(blocks, 1), triton.cdiv(batch, columns))](
                    *arguments, first, last, ROWS=rows, COLUMNS=columns, enable_fp_fusion=True
                )


def _current(device: torch.device) -> AbstractContextManager[None]:
    """Kernels are launched on the current device, whatever device their arguments are on."""
    return torch.cuda.device(device) if device.type == "cuda" else nullcontext()


@final
@dataclass(frozen=True, eq=False)
class GpuSchedule:
    """A `GpuLayout` on a device, with the two passes of a backend."""

    width: int
    rows: int
    gradient_rows: int
    roots: Tensor
    term_offsets: Tensor
    factor_offsets: Tensor
    factors: Tensor
    up: _DeviceSteps
    targets: Tensor
    use_offsets: Tensor
    owners: Tensor
    terms: Tensor
    down: _DeviceSteps

    def forward(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """(roots, values) from inputs (width, B) in nats; values (rows, B) are those of all nodes."""
        batch = inputs.shape[1]
        values = inputs.new_empty(self.rows, batch)
        values[: self.width] = inputs.masked_fill(inputs <= DEAD, -torch.inf)
        values[self.width] = -torch.inf
        values[self.width + 1] = 0.0
        if batch:
            arrays = self.up.starts, self.term_offsets, self.factor_offsets, self.factors
            self.up.run(_up, (values, *arrays, self.width + 2, batch), batch)
        return values.index_select(0, self.roots), values

    def backward(self, root_gradients: Tensor, values: Tensor) -> Tensor:
        """The gradient with respect to the inputs, (width, B), from that of the roots, (R, B)."""
        batch = values.shape[1]
        gradients = values.new_empty(self.gradient_rows, batch)
        dead = values.index_select(0, self.roots) == -torch.inf
        gradients[self.rows : self.rows + len(self.roots)] = root_gradients.masked_fill(dead, 0.0)
        if batch:
            arrays = self.down.starts, self.targets, self.use_offsets, self.owners, self.terms
            factors = self.factor_offsets, self.factors
            self.down.run(_down, (values, gradients, *arrays, *factors, batch), batch)
        return gradients[: self.width].clone()


def on_gpu(layout: GpuLayout, device: torch.device) -> GpuSchedule:
    """A layout's arrays on a device. Cost: O(edges) bytes copied."""

    def tensor(array: IntArray) -> Tensor:
        return torch.from_numpy(array).to(device)

    def steps(source: Steps) -> _DeviceSteps:
        return _DeviceSteps(tensor(source.starts), source.launches)

    return GpuSchedule(
        width=layout.width,
        rows=layout.rows,
        gradient_rows=layout.gradient_rows,
        roots=tensor(layout.roots),
        term_offsets=tensor(layout.term_offsets),
        factor_offsets=tensor(layout.factor_offsets),
        factors=tensor(layout.factors),
        up=steps(layout.up),
        targets=tensor(layout.targets),
        use_offsets=tensor(layout.use_offsets),
        owners=tensor(layout.owners),
        terms=tensor(layout.terms),
        down=steps(layout.down),
    )
