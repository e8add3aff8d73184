"""A source of facts once it is read: its columns, not yet typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from nesy.errors import DataError, Span
from nesy.language.fact_sources.columns import COLUMN_TYPES, ColumnType, RawColumn, typed
from nesy.language.facts import FactTable

ColumnKey = str | int
"""A column by its name, or by its place counted from 0."""


@final
@dataclass(frozen=True)
class RawTable:
    """What was read of a source.

    names: of the columns; None where they have none. columns: their values, of equal length.
    written: the values are texts of a file. place: where a row stands (see `RawColumn`); it is given
    the row and the column.
    """

    origin: str
    names: tuple[str, ...] | None
    columns: Sequence[Sequence[Any] | NDArray[Any]]
    written: bool
    place: Callable[[int, int], tuple[str, Span | None]]

    def column(self, position: int) -> RawColumn:
        """One of the columns."""
        name = str(position) if self.names is None else self.names[position]
        return RawColumn(name, self.columns[position], self.written, lambda row: self.place(row, position))

    def position(self, key: ColumnKey) -> int:
        """The place of a column. Raises `DataError` (unknown-column) unless there is exactly one."""
        count = len(self.columns)
        if isinstance(key, int) and not isinstance(key, bool):
            if -count <= key < count:
                return key % count
            raise _unknown(f"{self.origin} has {count} columns, and none at {key}", "the first one is 0")
        if self.names is None:
            raise _unknown(
                f"the columns of {self.origin} have no names", "say which by place, counted from 0"
            )
        if self.names.count(key) == 1:
            return self.names.index(key)
        if key in self.names:
            raise _unknown(f"{self.origin} has several columns {key}", "say which by place, counted from 0")
        near = get_close_matches(str(key), self.names, 1)
        hint = f"did you mean {near[0]}?" if near else f"its columns are {', '.join(self.names)}"
        raise _unknown(f"{self.origin} has no column {key}", hint)


def fact_table(
    name: str,
    raw: RawTable,
    columns: Sequence[ColumnKey] | None,
    probability: ColumnKey | None,
    types: Mapping[ColumnKey, ColumnType] | None,
) -> FactTable:
    """The facts of a source (see `nesy.with_facts`). Raises `DataError`. Cost: O(rows)."""
    chance = None if probability is None else raw.position(probability)
    if columns is None:
        chosen = [i for i in range(len(raw.columns)) if i != chance]
    else:
        chosen = [raw.position(key) for key in columns]
    kinds = {raw.position(key): _known(kind) for key, kind in (types or {}).items()}
    arrays = tuple(typed(raw.column(i), kinds.get(i)) for i in chosen)
    return FactTable(name, arrays, None if chance is None else _probabilities(raw.column(chance)), raw.origin)


def _probabilities(column: RawColumn) -> NDArray[np.float64]:
    found = typed(column, "float")
    outside = (found < 0.0) | (found > 1.0)
    if outside.any():
        row = int(np.argmax(outside))
        what = f"{found[row]:g} is no probability"
        raise column.mistake("fact-probability", row, what, "a probability is a number from 0 to 1")
    return found


def _known(kind: ColumnType) -> ColumnType:
    if kind not in COLUMN_TYPES:
        raise DataError(
            "unknown-column-type",
            f"{kind!r} is no type of a column",
            hint="types are " + ", ".join(COLUMN_TYPES),
        )
    return kind


def _unknown(message: str, hint: str) -> DataError:
    return DataError("unknown-column", message, hint=hint)
