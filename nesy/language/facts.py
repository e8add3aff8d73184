"""Facts as columns: one array for each argument, where a text of as many facts would be slow to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from nesy.errors import DataError
from nesy.language.builtins import BUILTINS
from nesy.language.terms import Atom, Number, String

Column = NDArray[Any]
"""One argument of all facts: int64, float64, or objects."""

_KINDS = {np.dtype(np.int64), np.dtype(np.float64), np.dtype(object)}


@final
@dataclass(frozen=True, eq=False)
class FactTable:
    """The facts `name(v1, ..., vn)`, one for each row.

    columns: of equal length, at least one; int64 (integers), float64 (finite floats) or objects. An
    object is a `str`, which stands for the atom of that name, or a `String`.
    probabilities: float64 in [0, 1], one for each row; None where every fact is certain. Each row is a
    probabilistic fact of its own, independent of the others, even of equal ones.
    origin: where the facts come from, for messages.
    The arrays are copies, and read-only. Tables are equal when their facts are, in order.
    Raises `DataError` (malformed-fact-table, fact-probability) where the arrays do not fit.
    """

    name: str
    columns: tuple[Column, ...]
    probabilities: NDArray[np.float64] | None = None
    origin: str = "<columns>"

    def __post_init__(self) -> None:
        _check_name(self.name, len(self.columns))
        columns = tuple(_frozen(c) for c in self.columns)
        object.__setattr__(self, "columns", columns)
        if self.probabilities is not None:
            object.__setattr__(self, "probabilities", _frozen(np.asarray(self.probabilities, np.float64)))
        _check_shapes(self)
        if self.probabilities is not None:
            _check_range(self.probabilities, self.origin)

    def __len__(self) -> int:
        return len(self.columns[0])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FactTable):
            return NotImplemented
        if self.name != other.name or len(self.columns) != len(other.columns):
            return False
        mine, theirs = self.arrays(), other.arrays()
        return len(mine) == len(theirs) and all(map(_same, mine, theirs))

    def __hash__(self) -> int:
        return hash((self.name, len(self.columns), len(self)))

    def __repr__(self) -> str:
        chance = "" if self.probabilities is None else ", probabilistic"
        return f"FactTable({self.name}/{len(self.columns)}, {len(self)} rows{chance}, from {self.origin})"

    def constant(self, row: int, position: int) -> Atom | Number | String:
        """An argument of one of the facts. Cost: one step."""
        column = self.columns[position]
        value = column[row]
        if column.dtype != object:
            return Number(value.item())
        return value if isinstance(value, String) else Atom(value)

    def arrays(self) -> tuple[Column, ...]:
        """The columns, and behind them the probabilities where there are any."""
        return self.columns if self.probabilities is None else (*self.columns, self.probabilities)


def _check_name(name: str, arity: int) -> None:
    if not name:
        raise DataError("malformed-fact-table", "facts need a predicate's name, not an empty one")
    if arity == 0:
        raise DataError(
            "malformed-fact-table",
            f"the facts of {name} have no columns",
            hint="a fact has one argument or more",
        )
    if (name, arity) in BUILTINS:
        raise DataError(
            "redefined-builtin",
            f"{name}/{arity} is built in and cannot be redefined",
            hint=f"choose another name; built in is `{BUILTINS[name, arity]}`",
        )


def _frozen(column: Column) -> Column:
    copied = np.array(column)
    copied.setflags(write=False)
    return copied


def _check_shapes(table: FactTable) -> None:
    for i, column in enumerate(table.columns):
        if column.ndim != 1 or column.dtype not in _KINDS:
            raise DataError(
                "malformed-fact-table",
                f"column {i} of {table.name} has shape {column.shape} and type {column.dtype}",
                hint="columns are one-dimensional, of int64, float64 or objects",
            )
        if column.dtype == object and not set(map(type, column.tolist())) <= {str, String}:
            raise DataError(
                "malformed-fact-table",
                f"column {i} of {table.name} holds objects that are neither texts nor strings",
                hint="an object is a str, for an atom, or a String; numbers have columns of their own",
            )
    lengths = [len(a) for a in table.arrays()]
    if len(set(lengths)) > 1:
        raise DataError(
            "malformed-fact-table",
            f"the columns of {table.name} differ in length: {lengths}",
            hint="one value a row",
        )


def _check_range(probabilities: NDArray[np.float64], origin: str) -> None:
    # Not a number fails both comparisons, so it is asked what is inside, not what is outside.
    inside = (probabilities >= 0.0) & (probabilities <= 1.0)
    if not inside.all():
        row = int(np.argmin(inside))
        raise DataError(
            "fact-probability",
            f"{origin}: {probabilities[row]} in row {row}, counted from 0, is no probability",
            hint="a probability is a number from 0 to 1",
        )


def _same(left: Column, right: Column) -> bool:
    if left.dtype != right.dtype or len(left) != len(right):
        return False
    if left.dtype == np.float64:
        # 0.0 and -0.0 are different terms: compared by their bits.
        return bool(np.array_equal(left.view(np.int64), right.view(np.int64)))
    return bool(np.array_equal(left, right))
