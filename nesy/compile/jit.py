"""Code that is interpreted for small work and compiled by numba for large.

The compiler's inner loops are plain functions over sequences of integers. For a small program they
run as they stand, over lists, so that numba (half a second to load) is never touched; for a large
one the same source is compiled, over int64 arrays. Such code keeps to what both understand: integers
below 2**62 and indexing. `ints` makes a sequence in either world.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar

import numpy as np

Ints = Any
"""A list of int, or a one-dimensional int64 array: whichever world the code runs in."""

F = TypeVar("F", bound=Callable[..., Any])

_INNER: list[Callable[..., Any]] = []
_FILES: set[str] = {__file__, str(Path(__file__).with_name("views.py"))}


def ints(count: int, fill: int) -> Ints:
    """A sequence of `count` integers that all are `fill`."""
    return [fill] * count


def inner(function: F) -> F:
    """Mark a function that compiled code may call."""
    _INNER.append(function)
    _FILES.add(function.__code__.co_filename)
    return function


@inner
def longer(values: Ints, size: int) -> Ints:
    """A sequence of `size` integers that begins with those given; the rest are zero."""
    grown = ints(size, 0)
    for i in range(len(values)):
        grown[i] = values[i]
    return grown


def _array_of_ints(count, fill):  # type: ignore[no-untyped-def]
    """What `ints` is in compiled code. Numba compares the signatures, annotations too."""
    return lambda count, fill: np.full(count, fill, np.int64)


def borrowed(values: Any) -> Any:
    """The same sequences, alone or in tuples, of which compiled code does not count the references.

    Counting takes longer than what small functions do. Whoever borrows keeps the sequences themselves
    alive, and does not return what is borrowed.
    """
    return values


@cache
def compiled(entry: Callable[..., Any]) -> Callable[..., Any]:
    """A function and all inner ones it calls, compiled; from the disk where it has been before.

    Cost: seconds the first time on a machine, else a fraction of one.
    """
    from numba import njit  # noqa: PLC0415
    from numba.extending import overload, register_jitable  # noqa: PLC0415

    if _INNER:
        from nesy.compile.views import view_of  # noqa: PLC0415

        overload(ints)(_array_of_ints)
        overload(borrowed)(view_of)
    while _INNER:
        register_jitable(_INNER.pop())
    dispatcher: Callable[..., Any] = njit(_versioned(entry), cache=True, nogil=True)
    return dispatcher


def _versioned(entry: Callable[..., Any]) -> Callable[..., Any]:
    """The function under a name that changes with any file of inner functions.

    What is kept on disk goes by name, and by the file of the entry alone.
    """
    stats = [Path(name).stat() for name in sorted(_FILES)]
    version = hashlib.sha256(repr([(s.st_mtime_ns, s.st_size) for s in stats]).encode()).hexdigest()[:12]
    copy = FunctionType(entry.__code__, entry.__globals__, entry.__name__)
    copy.__module__ = entry.__module__
    copy.__qualname__ = f"{entry.__qualname__}_{version}"
    return copy


def sequence(values: Sequence[int] | np.ndarray[Any, Any], *, fast: bool) -> Ints:
    """Integers as the sequence of one of the two worlds."""
    if fast:
        return np.ascontiguousarray(values, np.int64)
    return values.tolist() if isinstance(values, np.ndarray) else list(values)
