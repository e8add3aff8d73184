"""Sorting ranges of integers, in interpreted and in compiled code."""

from __future__ import annotations

from nesy.compile.jit import Ints, inner


@inner
def sort(values: Ints, start: int, stop: int) -> None:
    """Sort a range by absolute value, in place (shell sort)."""
    gap = 1
    while 3 * gap < stop - start:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(start + gap, stop):
            x = values[i]
            j = i
            while j >= start + gap and abs(values[j - gap]) > abs(x):
                values[j] = values[j - gap]
                j -= gap
            values[j] = x
        gap //= 3
