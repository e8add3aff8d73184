"""A circuit as one stream of integers, which compiled kernels run down and up. Free of numba.

A row's instructions are a head, `number of terms << HEAD_BITS | factors`, and its terms. Where `factors` is
1 or 2, every term has that many, and stands as the rows they are in; where it is 0, every term starts with
the number of its factors. What a pass reads of the circuit lies in the order in which it is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from nesy.circuit.circuit import Circuit, IntArray
from nesy.circuit.csr import joined, offsets_of
from nesy.circuit.layers import Layers, lower

HEAD_BITS = 2
ALIKE = 2**HEAD_BITS - 1
"""The bits of a head that say how many factors each term has."""


@final
@dataclass(frozen=True, eq=False)
class Plan:
    """What the compiled kernels know of a circuit.

    width, rows: as in `Layers`; rows `width` and `width + 1` are the constants ZERO and ONE.
    code: int32; the instructions of the rows from `width + 2` on.
    starts: int64; where the instructions of each of those rows start, and where the last of them end.
    roots: the rows of the roots.
    work: the number of factors of all terms.
    """

    width: int
    rows: int
    code: NDArray[np.int32]
    starts: IntArray
    roots: IntArray
    work: int

    @cached_property
    def instructions(self) -> tuple[NDArray[np.int32], IntArray, IntArray, int]:
        """What compiled code is given of it."""
        return self.code, self.starts, self.roots, self.width + 2


# A plan is not stored with its circuit, which can be copied and pickled as it is.
_PLANS: WeakKeyDictionary[Circuit, Plan] = WeakKeyDictionary()


def plan_of(circuit: Circuit) -> Plan:
    """The plan of a circuit, laid out at the first call. Cost: O((nodes + edges) log(nodes)) once."""
    found = _PLANS.get(circuit)
    return found if found is not None else _PLANS.setdefault(circuit, plan(lower(circuit)))


def plan(layers: Layers) -> Plan:
    """Write down the instructions of a layered circuit. Cost: O(nodes + edges), in numpy."""
    arities = joined([g.arities for g in layers.groups])
    counts = joined([np.diff(g.factor_offsets) for g in layers.groups])
    factors = joined([g.factors for g in layers.groups])
    row_of_term = np.repeat(np.arange(len(arities)), arities)
    term_of_factor = np.repeat(np.arange(len(counts)), counts)
    alike = _alike(arities, counts)
    counted = np.repeat(alike == 0, arities)
    # What stands before each term and each row: a head per row, a number where terms are counted, factors.
    numbers_before, factors_before, terms_before = map(offsets_of, (counted, counts, arities))
    starts = np.arange(len(arities) + 1) + (numbers_before + factors_before)[terms_before]
    term_places = row_of_term + 1 + (numbers_before + factors_before)[:-1]
    factor_places = row_of_term[term_of_factor] + 1 + numbers_before[1:][term_of_factor]
    code = np.empty(starts[-1], dtype=np.int32)
    code[starts[:-1]] = arities << HEAD_BITS | alike
    code[term_places[counted]] = counts[counted]
    code[factor_places + np.arange(len(factors))] = factors
    return Plan(layers.width, layers.rows, code, starts, layers.roots, len(factors))


def _alike(arities: IntArray, counts: IntArray) -> IntArray:
    """For each row the number of factors of every term, where that is 1 or 2; else 0."""
    if not len(arities):
        return arities
    firsts = offsets_of(arities)[:-1]
    least, most = np.minimum.reduceat(counts, firsts), np.maximum.reduceat(counts, firsts)
    return np.where((least == most) & (most <= 2), most, 0)
