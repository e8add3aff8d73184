"""Filling and copying of one-dimensional arrays, for compiled code that counts no references.

Importing this module loads numba.
"""

from __future__ import annotations

from typing import Any

from nesy.engines.topk.compiled import INNER


@INNER
def fill(values: Any, value: Any) -> None:
    """Make all entries the same."""
    for index in range(len(values)):
        values[index] = value


@INNER
def copy(source: Any, target: Any) -> None:
    """Copy all entries of one array into another that is as long."""
    for index in range(len(source)):
        target[index] = source[index]
