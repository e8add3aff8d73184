"""From the values of one column to the array of a fact table: types, missing values, what is wrong where."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, final

import numpy as np
from numpy.typing import NDArray

from nesy.errors import DataError, NesyError, Span
from nesy.language.facts import Column
from nesy.language.terms import String

ColumnType = Literal["int", "float", "atom", "string"]
"""What the values of a column stand for."""

COLUMN_TYPES: tuple[ColumnType, ...] = ("int", "float", "atom", "string")

_INTEGER = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1
_LARGEST_FLOAT = 2**1023
_LONGEST_INTEGER = 40
"""Characters of an integer that may be one of 64 bits, written with a few zeros too many."""
_TOO_LARGE = "this integer has more than 64 bits"


@final
@dataclass(frozen=True)
class RawColumn:
    """The values of a column as its source gives them.

    name: what messages call it. values: a list, or a one-dimensional array.
    written: the values are texts, and what they stand for is still to be read.
    place: where the value of a row stands: in words, and in a file where there is one.
    """

    name: str
    values: Sequence[Any] | NDArray[Any]
    written: bool
    place: Callable[[int], tuple[str, Span | None]]

    def mistake(self, code: str, row: int, what: str, hint: str) -> NesyError:
        """The error that a value is wrong."""
        where, span = self.place(row)
        return DataError(code, f"{where}, column {self.name}: {what}", span=span, hint=hint)


def typed(column: RawColumn, kind: ColumnType | None) -> Column:
    """The array of a column: int64, float64, or objects.

    kind: what the values stand for; None to go by the values. Texts go by the first row: a column that
    starts with a number holds numbers only, floats if one of them is; any other holds atoms.
    Raises `DataError` (missing-value, bad-value) at the first value that is wrong. Cost: O(rows).
    """
    return _of_texts(column, kind) if column.written else _of_values(column, kind)


def _of_texts(column: RawColumn, kind: ColumnType | None) -> Column:
    texts = [text.strip() for text in column.values]
    if "" in texts:
        raise _missing(column, texts.index(""))
    if kind is None:
        numeric = bool(texts) and _NUMBER.fullmatch(texts[0]) is not None
        kind = "atom" if not numeric else "int" if all(map(_INTEGER.fullmatch, texts)) else "float"
    if kind in ("atom", "string"):
        return _objects([String(t) for t in texts] if kind == "string" else texts)
    pattern, what = (_INTEGER, "an integer") if kind == "int" else (_NUMBER, "a number")
    if not all(map(pattern.fullmatch, texts)):
        row = next(i for i, text in enumerate(texts) if pattern.fullmatch(text) is None)
        raise column.mistake("bad-value", row, f"`{texts[row]}` is not {what}", _as_names(column))
    return (
        _integers(column, _read(column, texts)) if kind == "int" else _floats(column, list(map(float, texts)))
    )


def _read(column: RawColumn, texts: list[str]) -> list[int]:
    longest = max(texts, key=len, default="")
    if len(longest) > _LONGEST_INTEGER:
        raise column.mistake("bad-value", texts.index(longest), _TOO_LARGE, _as_names(column))
    return list(map(int, texts))


def _of_values(column: RawColumn, kind: ColumnType | None) -> Column:
    values = column.values
    if isinstance(values, np.ndarray) and values.dtype.kind in "iuf" and kind in (None, "int", "float"):
        return _of_numbers(column, values, kind)
    plain = [v.item() if isinstance(v, np.generic) else v for v in values]
    _check_present(column, plain)
    types = set(map(type, plain))
    if kind is None:
        kind = _inferred(column, plain, types)
    if kind == "int":
        return _integers(column, _whole(column, _numbers(column, plain, types, "an integer")))
    if kind == "float":
        return _floats(column, _numbers(column, plain, types, "a number"))
    if types != {str}:
        plain = [_name(column, row, value) for row, value in enumerate(plain)]
    return _objects([String(v) for v in plain] if kind == "string" else plain)


def _of_numbers(column: RawColumn, values: NDArray[Any], kind: ColumnType | None) -> Column:
    if values.dtype.kind == "f" and kind != "int":
        return _floats(column, values.astype(np.float64))
    if values.dtype.kind == "i" and kind != "float":
        return values.astype(np.int64)
    if kind == "float":
        return values.astype(np.float64)
    return _integers(column, _whole(column, values.tolist()))


def _inferred(column: RawColumn, values: list[Any], types: set[type]) -> ColumnType:
    """What values of some types stand for; the first row decides which others may stand below it."""
    if types <= {int}:
        return "int" if types else "atom"
    if types <= {int, float}:
        return "float"
    if types <= {str, bool}:
        return "atom"
    first = type(values[0])
    if first not in (int, float, str, bool):
        what = f"{values[0]!r} is a {first.__name__}, and no integer, float, text or truth value"
        raise column.mistake("bad-value", 0, what, "convert the column to one of these first")
    family = (int, float) if first in (int, float) else (str, bool)
    row = next(i for i, v in enumerate(values) if type(v) not in family)
    what = f"{values[row]!r} is a {type(values[row]).__name__}, and above it stands a {first.__name__}"
    raise column.mistake("bad-value", row, what, _as_names(column))


def _check_present(column: RawColumn, values: list[Any]) -> None:
    for row, value in enumerate(values):
        # Not a number stands for a missing value in data frames.
        if value is None or (isinstance(value, float) and math.isnan(value)):
            raise _missing(column, row)


def _missing(column: RawColumn, row: int) -> NesyError:
    return column.mistake(
        "missing-value",
        row,
        "there is no value",
        "a fact has a value for each argument: fill it in, or drop the row",
    )


def _numbers(column: RawColumn, values: list[Any], types: set[type], what: str) -> list[Any]:
    if not types <= {int, float}:
        row = next(i for i, v in enumerate(values) if type(v) not in (int, float))
        raise column.mistake(
            "bad-value", row, f"{values[row]!r} is not {what}", "change the value, or its type"
        )
    return values


def _whole(column: RawColumn, values: list[Any]) -> list[int]:
    """Numbers as integers; a float must be whole."""
    for row, value in enumerate(values):
        if math.isnan(value):
            raise _missing(column, row)
        if math.isinf(value) or value != int(value):
            raise column.mistake("bad-value", row, f"{value} is not an integer", 'read the column as "float"')
    return list(map(int, values))


def _integers(column: RawColumn, values: list[Any]) -> Column:
    try:
        found = np.array(values, np.int64)
    except OverflowError:
        row = next(i for i, v in enumerate(values) if not _SMALLEST <= v <= _LARGEST)
        raise column.mistake("bad-value", row, _TOO_LARGE, _as_names(column)) from None
    return found


def _floats(column: RawColumn, values: Sequence[Any] | NDArray[Any]) -> Column:
    try:
        found = np.array(values, np.float64)
    except OverflowError:
        row = next(i for i, v in enumerate(values) if abs(v) > _LARGEST_FLOAT)
        raise column.mistake(
            "bad-value", row, "this integer is too large for a float", _as_names(column)
        ) from None
    finite = np.isfinite(found)
    if not finite.all():
        row = int(np.argmin(finite))
        if np.isnan(found[row]):
            raise _missing(column, row)
        raise column.mistake(
            "bad-value", row, f"{found[row]} is not finite", "rules have finite numbers only"
        )
    return found


def _name(column: RawColumn, row: int, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    raise column.mistake(
        "bad-value",
        row,
        f"{value!r} is a {type(value).__name__}, which is no name",
        "turn the column into texts first",
    )


def _objects(values: Sequence[object]) -> Column:
    found = np.empty(len(values), object)
    found[:] = values
    return found


def _as_names(column: RawColumn) -> str:
    return f'to read the column as names: types={{"{column.name}": "atom"}}'
