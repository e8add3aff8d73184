"""How the search is compiled: once for a machine, with the interpreter's lock released.

Importing this module loads numba.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from nesy.logic.compiled import compiled, compiling

F = TypeVar("F", bound=Callable[..., Any])

ENTRY: Callable[[F], F] = compiled
"""For functions that make arrays."""

INNER: Callable[[F], F] = compiling(_nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""For functions that are given all arrays they use, and return none: references to them are not counted.

Counting them takes most of the time of functions this small. They are called from compiled code alone, and
made without what calls from elsewhere need.
"""
