"""Ctrl-C while compiled code runs.

Compiled code cannot be interrupted: an exception that a signal raises on the way in or out of it is lost,
or comes out as another. So interrupts are held back, and let through between two of its calls. The making
of such code takes up to a minute, and can be interrupted between two of its steps.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_outlets: list[Callable[[], None]] = []
"""How interrupts get through that are held by those who let them through between steps."""


def between_steps() -> None:
    """Let through what `held(between=True)` holds: the caller can be interrupted here.

    Does nothing outside the main thread.
    """
    if _outlets and threading.current_thread() is threading.main_thread():
        for outlet in _outlets:
            outlet()


@contextmanager
def held(*, between: bool = False) -> Iterator[Callable[[], None]]:
    """Hold interrupts back; what it gives lets one through that has come. A second one is not held.

    between: whether `between_steps` lets them through, too.

    At the end whatever has come is let through. Only the main thread gets interrupts; in others, and where
    the process has chosen to handle them in C or not at all, nothing changes.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield lambda: None
        return
    come: list[int] = []

    def hold(number: int, frame: object) -> None:
        if come:
            before(number, None)
        come.append(number)

    def let_through() -> None:
        if come:
            before(come.pop(), None)

    signal.signal(signal.SIGINT, hold)
    outlets = [let_through] if between else []
    _outlets.extend(outlets)
    try:
        yield let_through
    finally:
        del _outlets[len(_outlets) - len(outlets) :]
        signal.signal(signal.SIGINT, before)
        let_through()
