"""Watching a training run: a live bar on a terminal, plain lines elsewhere, and the learning curve."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol, final

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
from rich.text import Text
from torch import Tensor

from benchmarks.learning.train import Step


@final
@dataclass(frozen=True, slots=True)
class Point:
    """The state of a run at one moment. loss: the mean over the steps since the point before.

    accuracy: the fraction right of the examples that are watched.
    """

    epochs: float
    progress: float
    seconds: float
    loss: float
    accuracy: float

    @property
    def seconds_left(self) -> float:
        """At the speed so far."""
        return self.seconds * (1.0 / self.progress - 1.0) if self.progress > 0 else float("inf")


class Display(Protocol):
    """Shows the points of a run."""

    def show(self, point: Point) -> None:
        """Show one more point."""


@final
@dataclass(eq=False)
class Monitor:
    """An observer of training that turns steps into `points` points and shows each.

    accuracy: measures the model on what is watched; called once per point, and not counted as training.
    """

    accuracy: Callable[[], float]
    display: Display
    points: int
    curve: list[Point] = field(default_factory=list)
    _losses: list[Tensor] = field(default_factory=list)

    def __call__(self, step: Step) -> None:
        """Take note of a step; when its share of the run is over, add a point to the curve."""
        self._losses.append(step.loss)
        if step.progress < 1.0 and step.progress * self.points < len(self.curve) + 1:
            return
        loss = sum(float(loss) for loss in self._losses) / len(self._losses)
        point = Point(step.epochs, min(step.progress, 1.0), step.seconds, loss, self.accuracy())
        self._losses.clear()
        self.curve.append(point)
        self.display.show(point)


@contextmanager
def progress_display(console: Console) -> Iterator[Display]:
    """The display that suits the console: live where someone watches, ten plain lines where not."""
    if not console.is_terminal:
        yield PlainLines(console)
        return
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=None), _State())
    with Progress(*columns, console=console, expand=True) as progress:
        yield LiveBar(progress)


@final
class LiveBar:
    """A bar with loss, accuracy and time left."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("training", total=1.0, point=None)

    def show(self, point: Point) -> None:
        """Move the bar."""
        self._progress.update(self._task, completed=point.progress, point=point)


class _State(ProgressColumn):
    def render(self, task: Task) -> Text:
        point: Point | None = task.fields["point"]
        return Text("starting" if point is None else describe(point), style="cyan")


@final
class PlainLines:
    """A line of text at every tenth of the run."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown = 0

    def show(self, point: Point) -> None:
        """Print the point, if a tenth has passed since the last line."""
        tenth = int(point.progress * 10 + 1e-9)
        if tenth > self._shown:
            self._shown = tenth
            self._console.print(f"  {point.progress:4.0%}  {describe(point)}", highlight=False)


def seconds_to(curve: Sequence[Point], accuracy: float) -> float | None:
    """Seconds of training before a curve first reached an accuracy; None where it never did."""
    return next((point.seconds for point in curve if point.accuracy >= accuracy), None)


def describe(point: Point) -> str:
    """Loss, accuracy and time left, in words of a fixed width."""
    minutes, seconds = divmod(round(point.seconds_left), 60)
    return f"loss {point.loss:6.3f}   accuracy {point.accuracy:6.1%}   {minutes}:{seconds:02d} left"
