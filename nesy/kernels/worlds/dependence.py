"""Which rows of a plan depend on which symbols."""

from __future__ import annotations

from functools import cached_property
from typing import final

import numpy as np
from numpy.typing import NDArray

from nesy.circuit.circuit import IntArray
from nesy.kernels.worlds.plan import Codes, WorldPlan
from nesy.logic.compiled import compiled

_BITS = 64


@final
class Dependence:
    """Symbols and the rows that mention them, through any number of gates.

    masks: (symbols / 64, rows) uint64: bit k of word c is whether a row depends on symbol 64 c + k.
    Memory: a bit for each row and symbol. Cost: O(edges) for every 64 symbols, once.
    """

    def __init__(self, plan: WorldPlan) -> None:
        self._layout = plan.layout
        self._count = len(plan.layout.firsts) - 1
        chunks = -(-self._count // _BITS)
        self.masks = np.zeros((chunks, plan.rows), dtype=np.uint64)
        for chunk in range(chunks):
            fill_masks(plan.layout, _BITS * chunk, self.masks[chunk])

    def of_rows(self, rows: Codes) -> NDArray[np.bool_]:
        """(rows, n): which symbols each row depends on."""
        masks = np.ascontiguousarray(self.masks[:, rows].T)
        bits = np.unpackbits(masks.view(np.uint8), axis=1, bitorder="little")
        return bits[:, : self._count].view(np.bool_)

    @cached_property
    def above(self) -> tuple[Codes, IntArray]:
        """The rows of the gates above each symbol, ascending, and where those of each symbol start."""
        parts = [self._above(symbol) for symbol in range(self._count)]
        starts = np.cumsum([0, *map(len, parts)], dtype=np.int64)
        return np.concatenate([np.empty(0, np.int32), *parts]), starts

    def _above(self, symbol: int) -> Codes:
        mask = self.masks[symbol // _BITS, self._layout.gates :]
        marked = (mask >> np.uint64(symbol % _BITS)) & np.uint64(1)
        return (np.flatnonzero(marked) + self._layout.gates).astype(np.int32)


@compiled
def fill_masks(layout, first, masks):  # type: ignore[no-untyped-def]
    """For each row a word of which of 64 symbols, from `first` on, it depends on."""
    for symbol in range(first, min(first + 64, len(layout.firsts) - 1)):
        for place in range(layout.firsts[symbol], layout.firsts[symbol + 1]):
            masks[layout.leaves[place]] |= np.uint64(1) << np.uint64(symbol - first)
    for gate in range(len(layout.starts) - 1):
        found = np.uint64(0)
        for at in range(layout.starts[gate], layout.starts[gate + 1]):
            found |= masks[layout.codes[at] >> 1]
        masks[layout.gates + gate] = found
