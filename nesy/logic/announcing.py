"""Whoever waits for compiled code to be made is told so, and may interrupt it.

It is made once on a machine, and takes a while.

Importing this module loads numba.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Any, final

from numba.core import event

from nesy.logic.interrupts import between_steps

NOTICE = (
    "nesy: making compiled code for this machine; this is done once and takes up to a minute "
    "(nesy doctor --warm makes all of it)"
)


@cache
def announce_compiling() -> None:
    """From now on, say once on a terminal that code of this package is being made, and let Ctrl-C end it.

    Whoever is about to run compiled code calls this, any number of times.
    """
    event.register("numba:compile", _Announcer())  # type: ignore[no-untyped-call]
    event.register("numba:run_pass", _Step())  # type: ignore[no-untyped-call]


@final
class _Announcer(event.Listener):
    def on_start(self, event: Any) -> None:
        made = event.data["dispatcher"].py_func.__module__
        if made.partition(".")[0] == "nesy" and sys.stderr.isatty():
            _say()

    def on_end(self, event: Any) -> None:
        pass


@final
class _Step(event.Listener):
    """One of the dozens of passes over each function. Raised elsewhere, an interrupt could be lost."""

    def on_start(self, event: Any) -> None:
        between_steps()

    def on_end(self, event: Any) -> None:
        pass


@cache
def _say() -> None:
    print(NOTICE, file=sys.stderr, flush=True)
