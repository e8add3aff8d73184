"""Training, epoch by epoch: the log that `nesy train` writes, as curves."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import final

from nesy.errors import DataError
from nesy.language.checked import read_text
from nesy.viz.axes import Plane
from nesy.viz.drawing import Colour, Look, Node
from nesy.viz.lettering import counted
from nesy.viz.markup import number as n
from nesy.viz.picture import Picture

Row = Mapping[str, float]

TABLE = "log.csv"
"""The log's name in the folder of a run."""
MOST_MARKS = 200
"""Longer curves have no mark for every epoch."""


@final
@dataclass(frozen=True, slots=True)
class _Series:
    column: str
    name: str
    colour: Colour
    dashed: bool = False


LOSSES = (
    _Series("train_loss", "training", "blue"),
    _Series("held_out_loss", "held out", "orange", dashed=True),
)
ACCURACY = (_Series("held_out_accuracy", "held-out accuracy", "green"),)


def training(path: str | os.PathLike[str]) -> Picture:
    """The curves of a run: its folder, or its log.

    Raises `DataError`: file-not-found, malformed-log. Cost: linear in the log.
    """
    given = Path(path)
    file = given if given.suffix == ".csv" else given / TABLE
    if not file.exists():
        raise DataError(
            "file-not-found",
            f"there is no log of training `{file}`",
            hint="train first (`nesy train CONFIG`); the log is in the folder of the run",
        )
    rows = _read(file)
    best = max(rows, key=lambda row: row.get("held_out_accuracy", -1.0))
    note = f"{counted(len(rows), 'epoch')}, {sum(row.get('seconds', 0.0) for row in rows):.1f} s of updates"
    if "held_out_accuracy" in best:
        note += f"; best held-out accuracy {best['held_out_accuracy']:.4f} after epoch {best['epoch']:g}"
    return _Curves(rows).picture(note)


def _read(file: Path) -> list[Row]:
    found = list(csv.DictReader(io.StringIO(read_text(file))))
    if not found or not {"epoch", "train_loss"} <= set(found[0]):
        raise DataError(
            "malformed-log",
            f"`{file}` is no log of training: it has no line, or no columns epoch and train_loss",
            hint="give the folder of a run, or the log.csv in it",
        )
    return [_numbers(row, file, line) for line, row in enumerate(found, 2)]


def _numbers(row: Mapping[str | None, str | None], file: Path, line: int) -> Row:
    """The numbers of a line; what is empty or not finite is left out."""
    try:
        found = {name: float(value) for name, value in row.items() if name and value}
    except (TypeError, ValueError):
        raise DataError(
            "malformed-log",
            f"line {line} of `{file}` holds something that is no number",
            hint="let `nesy train` write it anew",
        ) from None
    if "epoch" not in found:
        raise DataError("malformed-log", f"line {line} of `{file}` is of no epoch", hint="give a whole log")
    return {name: value for name, value in found.items() if isfinite(value)}


@final
class _Curves:
    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._nodes: list[Node] = []
        self._inner: list[str] = []

    def picture(self, note: str) -> Picture:
        """Loss, and beside it accuracy, where examples are held out."""
        judged = any("held_out_accuracy" in row for row in self._rows)
        self._panel(70, "loss", LOSSES, None)
        if judged:
            self._panel(560, "accuracy", ACCURACY, (0.0, 1.0))
        shown = (*LOSSES, *ACCURACY) if judged else LOSSES[:1]
        looks = tuple(Look(s.column, "circle", s.colour, s.name) for s in shown)
        width = 1000.0 if judged else 520.0
        return Picture("Training", note, width, 380.0, self._inner, self._nodes, looks)

    def _panel(
        self, left: float, name: str, series: Sequence[_Series], limits: tuple[float, float] | None
    ) -> None:
        epochs = [row["epoch"] for row in self._rows]
        values = [row[s.column] for s in series for row in self._rows if s.column in row]
        low, high = limits or (min(0.0, *values), max(values) * 1.05)
        plane = Plane(left, 40, 410, 270, (min(epochs) - 0.5, max(epochs) + 0.5), (low, high or 1.0))
        unit = "nats" if name == "loss" else "share of examples"
        self._inner += plane.axes(name, "epoch", unit, whole=True)
        for one in series:
            self._curve(plane, one)

    def _curve(self, plane: Plane, series: _Series) -> None:
        known = [row for row in self._rows if series.column in row]
        if not known:
            return
        points = [(row["epoch"], row[series.column]) for row in known]
        dashed = " dashed" if series.dashed else ""
        self._inner.append(f'<path class="curve {series.colour}{dashed}" d="{plane.line(points)}"/>')
        step = -(-len(known) // MOST_MARKS)
        for row in known[::step]:
            x, y = plane.at(row["epoch"], row[series.column])
            place = f'data-node="{len(self._nodes)}" cx="{n(x)}" cy="{n(y)}"'
            self._inner.append(f'<circle class="mark {series.colour}" {place} r="3.5"/>')
            told = tuple((name.replace("_", " "), f"{value:.6g}") for name, value in row.items())
            self._nodes.append(Node(f"epoch {row['epoch']:g}", series.column, told, row[series.column]))
