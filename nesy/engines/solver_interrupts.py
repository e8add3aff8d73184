"""Ctrl-C while a SAT solver runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pysat.solvers import pysolvers


@contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C inside is `KeyboardInterrupt`: python-sat catches it, and raises an error of its own instead."""
    try:
        yield
    except pysolvers.error as reason:
        if "interrupt" not in str(reason):
            raise
        raise KeyboardInterrupt from None
