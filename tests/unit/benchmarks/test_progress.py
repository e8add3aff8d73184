from __future__ import annotations

import io

import pytest
import torch
from rich.console import Console

from benchmarks.learning.progress import Monitor, PlainLines, Point, describe, progress_display, seconds_to
from benchmarks.learning.train import Step


class Shown:
    """A display that keeps what it is given."""

    def __init__(self) -> None:
        self.points: list[Point] = []

    def show(self, point: Point) -> None:
        self.points.append(point)


def run(monitor: Monitor, steps: int) -> None:
    for i in range(1, steps + 1):
        monitor(Step(i, torch.tensor(float(i)), i / steps, i / 10, i / 2))


def test_a_curve_has_the_points_asked_for_and_averages_the_losses_between() -> None:
    shown = Shown()
    monitor = Monitor(lambda: 0.5, shown, points=4)
    run(monitor, 20)
    assert [p.progress for p in monitor.curve] == [0.25, 0.5, 0.75, 1.0]
    assert [p.loss for p in monitor.curve] == [3.0, 8.0, 13.0, 18.0]
    assert shown.points == monitor.curve


def test_the_last_step_is_always_a_point() -> None:
    monitor = Monitor(lambda: 0.5, Shown(), points=50)
    run(monitor, 3)
    assert [p.progress for p in monitor.curve] == [pytest.approx(1 / 3), pytest.approx(2 / 3), 1.0]


def test_levels_are_timed_by_the_first_point_that_reaches_them() -> None:
    reached = zip((1.0, 2.0, 3.0, 4.0), (0.5, 0.8, 0.7, 0.9), strict=True)
    curve = [Point(1, s / 4, s, 0.0, accuracy) for s, accuracy in reached]
    assert [seconds_to(curve, level) for level in (0.5, 0.75, 0.9, 0.95)] == [1.0, 2.0, 4.0, None]


def test_time_left_goes_by_the_speed_so_far() -> None:
    point = Point(epochs=1, progress=0.25, seconds=30, loss=0.5, accuracy=0.875)
    assert point.seconds_left == 90
    assert describe(point) == "loss  0.500   accuracy  87.5%   1:30 left"


def test_plain_lines_where_nobody_watches() -> None:
    text = io.StringIO()
    with progress_display(Console(file=text)) as display:
        assert isinstance(display, PlainLines)
        run(Monitor(lambda: 0.5, display, points=50), 100)
    lines = text.getvalue().splitlines()
    assert [line.split()[0] for line in lines] == [f"{n}0%" for n in range(1, 11)]


def test_a_live_bar_on_a_terminal() -> None:
    text = io.StringIO()
    with progress_display(Console(file=text, force_terminal=True, width=100)) as display:
        run(Monitor(lambda: 0.5, display, points=10), 10)
    assert "accuracy  50.0%" in text.getvalue()
    assert "0:00 left" in text.getvalue()
