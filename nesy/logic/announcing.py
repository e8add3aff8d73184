"""A word on the terminal before compiled code is made: that happens once on a machine, and takes a while.

Importing this module loads numba.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Any, final

from numba.core import event

NOTICE = (
    "nesy: making compiled code for this machine; this is done once and takes up to a minute "
    "(nesy doctor --warm makes all of it)"
)


@cache
def announce_compiling() -> None:
    """From now on, say once on a terminal that code of this package is being made.

    Whoever is about to run compiled code calls this, any number of times.
    """
    event.register("numba:compile", _Announcer())  # type: ignore[no-untyped-call]


@final
class _Announcer(event.Listener):
    def on_start(self, event: Any) -> None:
        made = event.data["dispatcher"].py_func.__module__
        if made.partition(".")[0] == "nesy" and sys.stderr.isatty():
            _say()

    def on_end(self, event: Any) -> None:
        pass


@cache
def _say() -> None:
    print(NOTICE, file=sys.stderr, flush=True)
