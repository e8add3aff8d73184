"""A line on the terminal while something takes long: what is being done, and for how long."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock, Timer
from typing import Any, final

from nesy.logic.under_way import Stage, watched

PATIENCE = 1.0
"""Seconds before anything is shown: most commands are done by then."""


@contextmanager
def working(doing: str) -> Iterator[Saying]:
    """While the block runs: a line on standard error from one second on, where that is a terminal.

    It leaves no trace. The stage that is under way, and how far it is, stands behind what is being done;
    what it gives takes other words for that.
    """
    stages: list[Stage] = []
    saying = Saying(doing, stages)
    if not sys.stderr.isatty():
        yield saying
        return
    timer = Timer(PATIENCE, saying.start)
    timer.start()
    try:
        with watched(stages):
            yield saying
    finally:
        timer.cancel()
        saying.stop()


@final
class Saying:
    """What is said to be done; the line is drawn by a thread of its own, so that it moves meanwhile."""

    def __init__(self, doing: str, stages: Sequence[Stage] = ()) -> None:
        """stages: those under way, the innermost last; they come and go meanwhile."""
        self._doing = doing
        self._stages = stages
        self._began = time.monotonic()
        self._lock = Lock()
        self._line: Any = None
        self._over = False

    def __call__(self, doing: str) -> None:
        """Say this instead."""
        self._doing = doing

    def __str__(self) -> str:
        # A slice, for the last stage may end at any moment.
        return ": ".join([self._doing, *map(str, self._stages[-1:])])

    def __rich__(self) -> Any:
        from rich.text import Text  # noqa: PLC0415 - loaded by then

        return Text(str(self))

    def start(self) -> None:
        """Draw the line, unless all is over."""
        # rich takes a quarter of a second to load, and most commands are shorter.
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import (  # noqa: PLC0415
            Progress,
            RenderableColumn,
            SpinnerColumn,
            TimeElapsedColumn,
        )

        with self._lock:
            if self._over:
                return
            columns = (SpinnerColumn(), RenderableColumn(self), TimeElapsedColumn())
            self._line = Progress(
                *columns, console=Console(stderr=True), transient=True, redirect_stdout=False
            )
            self._line.add_task("", total=None)
            self._line.tasks[0].start_time = self._began
            self._line.start()

    def stop(self) -> None:
        """Take the line away, and let none come."""
        with self._lock:
            self._over = True
            if self._line is not None:
                self._line.stop()
