"""Watching a run: a bar on a terminal, a line for each epoch elsewhere."""

from __future__ import annotations

from typing import Any, TextIO, final

from nesy.nn.training.history import Epoch


class Watcher:
    """Is told what happens, and does nothing; others say it."""

    def begin(self, epochs: int, steps: int) -> None:
        """Training begins or goes on. steps: of one epoch."""

    def step(self, epoch: int, step: int) -> None:
        """An update has been made: the epoch and its step, both counted from 1."""

    def epoch(self, line: Epoch) -> None:
        """An epoch has ended."""

    def say(self, text: str) -> None:
        """Something a user should know, such as a checkpoint that cannot be read."""

    def end(self) -> None:
        """Nothing more will happen."""


@final
class Lines(Watcher):
    """A line for each epoch on one stream, and what else there is to say on another."""

    def __init__(self, out: TextIO, messages: TextIO) -> None:
        self._out = out
        self._messages = messages

    def epoch(self, line: Epoch) -> None:
        """Write the line at once, for whoever follows a file."""
        print(line.shown(), file=self._out, flush=True)

    def say(self, text: str) -> None:
        """Write it at once."""
        print(text, file=self._messages, flush=True)


@final
class Bar(Watcher):
    """A bar that grows with each update, and above it a line for each epoch. For terminals."""

    def __init__(self, stream: TextIO) -> None:
        # rich takes a quarter of a second to load, and whoever reads a log file never sees it.
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import (  # noqa: PLC0415
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        self._steps = 0
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=Console(file=stream), transient=True)
        self._task: Any = None

    def begin(self, epochs: int, steps: int) -> None:
        """Show the bar."""
        self._steps = steps
        self._task = self._bar.add_task("training", total=epochs * steps)
        self._bar.start()

    def step(self, epoch: int, step: int) -> None:
        """Move it."""
        done = (epoch - 1) * self._steps + step
        self._bar.update(self._task, completed=done, description=f"epoch {epoch}")

    def epoch(self, line: Epoch) -> None:
        """Write the line above it."""
        self.say(line.shown())

    def say(self, text: str) -> None:
        """Write above it, or where it will be."""
        self._bar.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def end(self) -> None:
        """Take it away."""
        self._bar.stop()


def watcher_for(out: TextIO, messages: TextIO) -> Watcher:
    """A bar where people look on at a terminal, lines elsewhere."""
    return Bar(messages) if out.isatty() and messages.isatty() else Lines(out, messages)
