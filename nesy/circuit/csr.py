"""Lists of different lengths in one array, and the offsets that part it: compressed sparse rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nesy.circuit.circuit import IntArray


def offsets_of(counts: NDArray[Any]) -> IntArray:
    """Where each list starts, and last where all end: (n + 1,). counts: whole numbers, or truths."""
    result = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=result[1:])
    return result


def joined(parts: Iterable[IntArray]) -> IntArray:
    """All lists one after the other, int64 also where there are none."""
    return np.concatenate([np.empty(0, np.int64), *parts])
