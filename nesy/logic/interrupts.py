"""Ctrl-C while compiled code runs.

Compiled code cannot be interrupted: an exception that a signal raises on the way in or out of it is lost,
or comes out as another. So interrupts are held back, and let through between two of its calls.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def held() -> Iterator[Callable[[], None]]:
    """Hold interrupts back; what it gives lets one through that has come. A second one is not held.

    At the end whatever has come is let through. Only the main thread gets interrupts; in others, and
    where the process has chosen to handle them in C or not at all, nothing changes.
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
    try:
        yield let_through
    finally:
        signal.signal(signal.SIGINT, before)
        let_through()
