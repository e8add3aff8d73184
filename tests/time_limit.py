"""A time that a block of code may take."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class LateError(BaseException):
    """The time is up. No `Exception`, so that nothing under test catches it."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """The block ends in `LateError` where it takes longer. Main thread only."""

    def ring(number: int, frame: FrameType | None) -> None:
        # What is raised while Hypothesis watches the garbage collector is lost, with a warning.
        if frame is None or frame.f_code.co_name != "gc_callback":
            raise LateError

    before = signal.signal(signal.SIGALRM, ring)
    # Rings again, in case the first one is swallowed where exceptions are (in a finalizer).
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
