"""The few array operations that engines share, for numpy arrays and torch tensors alike."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

Array = Any
"""A numpy array or a torch tensor."""


def namespace(array: Array) -> Any:
    """The library an array belongs to: numpy, or torch (which is loaded if a tensor exists)."""
    return np if isinstance(array, np.ndarray) else sys.modules["torch"]


def like(array: Array, values: Sequence[int]) -> Array:
    """Whole numbers as an array of the same kind, dtype and device."""
    if isinstance(array, np.ndarray):
        return np.asarray(values, dtype=array.dtype)
    return array.new_tensor(values)


def indicators(sizes: Sequence[int], targets: Array, beliefs: Array) -> Array:
    """Log-indicators of observed values: 0 where a target names the value, else -inf.

    sizes: the number of values of each of the m outputs. targets: (B, m) integers in [0, size).
    Returns (sum of sizes, B), in the dtype and on the device of `beliefs`.
    """
    xp = namespace(beliefs)
    # Plain lists: arrays of numpy's would be numbers that torch may not look at while it traces.
    output = [i for i, size in enumerate(sizes) for _ in range(size)]
    value = [v for size in sizes for v in range(size)]
    hit = targets.T[like(targets, output)] == like(targets, value)[:, None]
    zeros = xp.zeros_like(beliefs, shape=hit.shape) if xp is np else beliefs.new_zeros(hit.shape)
    return xp.where(hit, zeros, -float("inf"))


def log_ratio(numerator: Array, denominator: Array) -> Array:
    """The numerator minus the denominator, in nats; -inf wherever the numerator is, also over a zero."""
    xp = namespace(numerator)
    impossible = numerator == -float("inf")
    # Both branches of a `where` are differentiated: the difference must be finite in either.
    safe = xp.where(impossible, xp.zeros_like(denominator), denominator)
    return numerator - safe


def pick(rows: Array, index: Array) -> Array:
    """(B,): for each column of rows (R, B), the entry that index (B,) names."""
    xp = namespace(rows)
    columns = xp.arange(rows.shape[1]) if xp is np else xp.arange(rows.shape[1], device=rows.device)
    return rows[index, columns]
