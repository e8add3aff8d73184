"""Facts from data frames and Arrow tables, and from Parquet files; their libraries load on first need."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from nesy.errors import DataError
from nesy.language.fact_sources.arrays import row_place
from nesy.language.fact_sources.raw import RawTable


def library(name: str, purpose: str) -> Any:
    """A module of an optional library. Raises `DataError` (missing-library) where it is not installed."""
    try:
        return import_module(name)
    except ModuleNotFoundError:
        root = name.split(".", maxsplit=1)[0]
        raise DataError(
            "missing-library",
            f"{purpose} needs {root}",
            hint=f"pip install {root}, or nesy[data] for all of them",
        ) from None


def is_pandas(value: object) -> bool:
    """Whether a value is a pandas frame."""
    return type(value).__module__.partition(".")[0] == "pandas" and type(value).__name__ == "DataFrame"


def is_arrow(value: object) -> bool:
    """Whether a value hands its columns over as Arrow does (polars, pyarrow, DuckDB)."""
    return hasattr(value, "__arrow_c_stream__")


def from_pandas(frame: Any) -> RawTable:
    """The columns of a pandas frame; its index is no column."""
    columns = []
    for i in range(frame.shape[1]):
        series = frame.iloc[:, i]
        missing = series.isna().to_numpy()
        values = series.to_numpy(dtype=object) if missing.any() else series.to_numpy()
        if missing.any():
            values = values.copy()
            values[missing] = None
        columns.append(values)
    return RawTable("the frame", tuple(map(str, frame.columns)), columns, False, row_place)


def from_arrow(value: Any) -> RawTable:
    """The columns of anything that gives an Arrow stream."""
    return _of_table(library("pyarrow", "reading Arrow data").table(value), "the table")


def read_parquet(path: Path) -> RawTable:
    """The columns of a Parquet file. Raises `DataError` (unreadable-data) for any other file."""
    pyarrow, parquet = library("pyarrow", "reading Parquet"), library("pyarrow.parquet", "reading Parquet")
    try:
        table = parquet.read_table(path)
    except (OSError, pyarrow.ArrowException) as problem:
        raise DataError(
            "unreadable-data", f"`{path}` cannot be read: {problem}", hint="is it a Parquet file?"
        ) from None
    return _of_table(table, str(path))


def _of_table(table: Any, origin: str) -> RawTable:
    columns = [_values(column) for column in table.columns]
    return RawTable(origin, tuple(table.column_names), columns, False, row_place)


def _values(column: Any) -> Any:
    if column.null_count == 0:
        return column.to_numpy()
    # With missing values, integers would come as floats: as objects they stay what they are.
    values = np.empty(len(column), object)
    values[:] = column.to_pylist()
    return values
