"""A bar on the terminal for calls that take long."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any, final

_PATIENCE = 1.0
"""A call shows nothing before it has taken so many seconds."""


@final
class Bar:
    """How many of so many examples are done, on standard error, where that is a terminal.

    It begins once a call has taken a second, and leaves no trace.
    """

    def __init__(self, total: int, *, shown: bool) -> None:
        self._total = total
        self._done = 0
        self._begins = time.monotonic() + _PATIENCE if shown and sys.stderr.isatty() else None
        self._progress: Any = None
        self._task: Any = None

    def __enter__(self) -> Bar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()

    def advance(self, count: int) -> None:
        """So many more are done."""
        self._done += count
        if self._begins is None:
            return
        if self._progress is None and time.monotonic() > self._begins:
            self._start()
        if self._progress is not None:
            self._progress.update(self._task, completed=self._done)

    def _start(self) -> None:
        # rich takes a quarter of a second to load, and most calls are shorter.
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn  # noqa: PLC0415

        columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._progress.add_task("solving", total=self._total)
        self._progress.start()
