"""Circuits as a composition of torch's own operations: slower, but differentiable any number of times.

What the fast passes cannot give is taken from here: derivatives forward, and derivatives of gradients.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import final

import numpy as np
import torch
from torch import Tensor

from nesy.circuit.circuit import IntArray
from nesy.kernels.schedule import Bags, Schedule, Sums
from nesy.kernels.torch_schedule import DEAD, FALSE


@final
@dataclass(frozen=True, eq=False)
class _Reading:
    """Ragged rows to add up, from the chunks that hold them: (chunk, rows in it), and the bag of each row."""

    parts: tuple[tuple[int, Tensor], ...]
    bags: Tensor
    count: int

    def of(self, chunks: list[Tensor]) -> Tensor:
        """(count, B): the sums of rows."""
        rows = torch.cat([chunks[chunk].index_select(0, index) for chunk, index in self.parts])
        return rows.new_zeros(self.count, rows.shape[1]).index_add(0, self.bags, rows)


@final
@dataclass(frozen=True, eq=False)
class Composite:
    """A circuit as torch's own operations.

    steps: what each step adds up, and for sums how many terms each has, 0 for products.
    """

    steps: tuple[tuple[_Reading, int], ...]
    roots: _Reading

    def __call__(self, inputs: Tensor) -> Tensor:
        """(R, B), log-values of the roots in nats, from log-weights (width, B).

        All derivatives are 0 at and below what is false. Differentiable any number of times, forward and
        backward; maps and traces as its parts do.
        Cost: O(edges * B) time, and as much memory for each time it is differentiated.
        """
        # Without infinities no derivative of any order can be NaN: false is a large negative number.
        given = torch.where(inputs > DEAD, inputs, FALSE)
        constants = given.new_tensor([[FALSE], [0.0]]).expand(2, given.shape[1])
        chunks = [torch.cat([given, constants])]
        for reading, arity in self.steps:
            rows = reading.of(chunks)
            chunks.append(_summed(rows, arity) if arity else rows)
        roots = self.roots.of(chunks)
        return torch.where(roots > DEAD, roots, -inf)


def _summed(terms: Tensor, arity: int) -> Tensor:
    """Sums of `arity` consecutive terms each, in log space."""
    terms = terms.reshape(len(terms) // arity, arity, terms.shape[1])
    top = terms.detach().amax(1)
    return top + (terms - top.unsqueeze(1)).exp().sum(1).log()


def composite(schedule: Schedule, device: torch.device) -> Composite:
    """A schedule's forward pass, with its index arrays on a device. Cost: O(edges log(steps))."""
    starts = np.array([0, *(step.start for step in schedule.forward)], dtype=np.int64)
    steps = tuple(
        (_reading(step.terms, starts, device), step.arity if isinstance(step, Sums) else 0)
        for step in schedule.forward
    )
    roots = Bags(schedule.roots, np.arange(len(schedule.roots) + 1))
    return Composite(steps, _reading(roots, starts, device))


def _reading(bags: Bags, starts: IntArray, device: torch.device) -> _Reading:
    ascending = np.argsort(starts, kind="stable")
    chunk_of = ascending[np.searchsorted(starts[ascending], bags.indices, side="right") - 1]
    order = np.argsort(chunk_of, kind="stable")
    chunks, firsts = np.unique(chunk_of[order], return_index=True)
    rows = np.split((bags.indices - starts[chunk_of])[order], firsts[1:])
    owners = np.repeat(np.arange(len(bags.offsets) - 1), np.diff(bags.offsets))[order]
    parts = [(int(c), torch.from_numpy(r).to(device)) for c, r in zip(chunks, rows, strict=True)]
    if not parts:  # a circuit without roots
        parts = [(0, torch.empty(0, dtype=torch.int64, device=device))]
    return _Reading(tuple(parts), torch.from_numpy(owners).to(device), len(bags.offsets) - 1)
