"""Ctrl-C while compiled code runs.

Compiled code cannot be interrupted: an exception that a signal raises on the way in or out of it is lost,
or comes out as another. So interrupts are held back, and let through between two of its calls. The making
of such code is Python, takes up to a minute, and can be.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import final


@final
@dataclass(eq=False)
class _Holding:
    """What the main thread is at.

    making: how many calls deep compiled code is being made. outlets: of the holds that end then.
    """

    making: int = 0
    outlets: list[Callable[[], None]] = field(default_factory=list)


_holding = _Holding()


def making_begins() -> None:
    """Compiled code is being made from now on: lets through what has come, and what comes until the end."""
    if threading.current_thread() is threading.main_thread():
        _holding.making += 1
        for outlet in _holding.outlets:
            outlet()


def making_ends() -> None:
    """The end of what `making_begins` began."""
    if threading.current_thread() is threading.main_thread():
        _holding.making -= 1


@contextmanager
def held(*, but_making: bool = False) -> Iterator[Callable[[], None]]:
    """Hold interrupts back; what it gives lets one through that has come. A second one is not held.

    but_making: whether they come through while compiled code is being made (`making_begins`).

    At the end whatever has come is let through. Only the main thread gets interrupts; in others, and where
    the process has chosen to handle them in C or not at all, nothing changes.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield lambda: None
        return
    come: list[int] = []

    def hold(number: int, frame: object) -> None:
        waits = not come and not (but_making and _holding.making)
        come.append(number)
        if not waits:
            before(number, None)
            # Where that raises, it may be in a callback of numba's, and lost: then it comes again.
            come.pop()

    def let_through() -> None:
        if come:
            number = come[-1]
            come.clear()
            before(number, None)

    signal.signal(signal.SIGINT, hold)
    outlets = [let_through] if but_making else []
    _holding.outlets.extend(outlets)
    try:
        yield let_through
    finally:
        del _holding.outlets[len(_holding.outlets) - len(outlets) :]
        signal.signal(signal.SIGINT, before)
        let_through()
