"""Symbols side by side, as beliefs have them, and one below the other, filled up to the largest domain."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor

from nesy.logic.program import GroundProgram

MASKED = -1
"""In a partly known world, what stands for a symbol whose value is not known."""

IMPOSSIBLE = -float("inf")


@final
class Layout:
    """Where the values of n symbols are: in rows of V columns, or in tables of n rows and D columns.

    D is the size of the largest domain. valid: (n, D), which places of a table are values.
    dependent: (n,), the symbols that networks read. The others have the probabilities of the rules, and no
    symbol tells of them. kinds: (n,), numbers from 0: symbols that one network reads, with the same values,
    are of one kind.
    """

    def __init__(self, program: GroundProgram) -> None:
        symbols = program.symbols
        sizes = torch.tensor([len(s.values) for s in symbols], dtype=torch.int64)
        starts = torch.tensor(program.offsets[:-1], dtype=torch.int64)
        self.count = len(symbols)
        self.width = program.width
        self.largest = int(sizes.max()) if len(symbols) else 1
        places = torch.arange(self.largest)
        self.valid = places < sizes[:, None]
        self._columns = (starts[:, None] + places).where(self.valid, 0)
        self.dependent = torch.tensor([s.call is not None for s in symbols], dtype=torch.bool)
        names = [None if s.call is None else (s.call.network, s.values) for s in symbols]
        numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
        self.kinds = torch.tensor([numbers[name] for name in names], dtype=torch.int64)

    def table(self, beliefs: Tensor) -> Tensor:
        """(R, V) to (R, n, D); -inf where a symbol has no such value. Cost: O(R * n * D)."""
        if self.count * self.largest == self.width:
            return beliefs.reshape(len(beliefs), self.count, self.largest)
        valid = self.valid.to(beliefs.device)
        return beliefs[:, self._columns.to(beliefs.device)].masked_fill(~valid, IMPOSSIBLE)

    def row(self, table: Tensor) -> Tensor:
        """(R, n, D) to (R, V). Cost: O(R * n * D)."""
        if self.count * self.largest == self.width:
            return table.reshape(len(table), self.width)
        return table[:, self.valid.to(table.device)]
