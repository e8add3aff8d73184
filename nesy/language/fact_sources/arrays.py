"""Facts from what is in memory: arrays, tensors, lists of columns, lists of rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nesy.errors import DataError, Span
from nesy.language.fact_sources.raw import RawTable


def is_array(value: object) -> bool:
    """Whether a value is an array or a tensor, of numpy or of any library that converts to it."""
    return hasattr(value, "__array__")


def from_array(value: Any) -> RawTable:
    """Rows along the first dimension, columns along the second; one dimension is one column."""
    array = _numpy(value)
    if array.ndim == 1:
        return from_columns([array], None)
    if array.ndim != 2:
        raise _shape(
            f"an array of shape {array.shape} is no table", "give it two dimensions: (rows, columns)"
        )
    return from_columns([array[:, i] for i in range(array.shape[1])], None)


def from_columns(values: Sequence[Any], names: tuple[str, ...] | None) -> RawTable:
    """Columns of equal length: arrays, tensors or lists."""
    columns = [_numpy(v) if is_array(v) else v for v in values]
    for i, column in enumerate(columns):
        flat = column.ndim == 1 if isinstance(column, np.ndarray) else isinstance(column, Sequence)
        if not flat or isinstance(column, (str, bytes)):
            raise _shape(
                f"column {i} is no list and no array of one dimension", "give one value for each row"
            )
    lengths = [len(c) for c in columns]
    if len(set(lengths)) > 1:
        raise _shape(f"the columns have different lengths: {lengths}", "give one value for each row")
    return RawTable("columns in memory", names, columns, False, row_place)


def from_sequence(values: Sequence[Any]) -> RawTable:
    """A list of one-dimensional arrays (the columns), or a list of tuples (the rows)."""
    if values and all(map(is_array, values)):
        return from_columns(values, None)
    for i, row in enumerate(values):
        if not isinstance(row, (tuple, list)):
            raise _shape(f"row {i} is a {type(row).__name__}, not a tuple", "a row of one value is (value,)")
        if len(row) != len(values[0]):
            raise _shape(f"row {i} has {len(row)} values, row 0 has {len(values[0])}", "make them equal")
    if not values:
        raise _shape("an empty list does not say how many columns there are", "give a list of empty arrays")
    columns = [[row[i] for row in values] for i in range(len(values[0]))]
    return RawTable("rows in memory", None, columns, False, row_place)


def row_place(row: int, column: int) -> tuple[str, Span | None]:
    """The place of a value that stands in no file."""
    return f"row {row}, counted from 0", None


def _numpy(value: Any) -> NDArray[Any]:
    # A tensor that takes part in training, or lies on a device, converts only when it is told so.
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    return np.asarray(value)


def _shape(message: str, hint: str) -> DataError:
    return DataError("malformed-fact-table", message, hint=hint)
