"""Functions that numba compiles, kept on disk until any file that they may be made of changes.

What numba keeps goes by the file of a function alone. Functions call others of their folder, whose code
becomes part of what is kept: after an upgrade of this package it would be out of date, and run all the same.

Importing this module loads numba.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from numba import njit

Decorator = Callable[[Callable[..., Any]], Any]


def compiling(**options: Any) -> Decorator:
    """A decorator: a function is compiled at its first call for given types. It may call those of its folder.

    options: of `numba.njit`, beside those that keep the code and release the GIL.
    Cost: seconds at the first call on a machine, else milliseconds.
    """
    make: Callable[..., Any] = njit(cache=True, nogil=True, **options)
    return lambda function: make(_versioned(function))


compiled = compiling()
"""For all but special cases."""

inlined = compiling(inline="always")
"""For a function of a line, which becomes part of those that call it."""


def _versioned(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function under a name of its own for each state of its folder: what is kept goes by name, too."""
    folder = Path(function.__code__.co_filename).parent
    function.__qualname__ = f"{function.__qualname__}_{_version(folder)}"
    return function


@cache
def _version(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        source = path.read_bytes()
        if b"compiled" in source or b"numba" in source:
            digest.update(path.name.encode() + b"\0" + source + b"\0")
    return digest.hexdigest()[:12]
