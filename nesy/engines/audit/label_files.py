"""Labels from a file of separated values: a column for each input of a network, or output, that is known."""

from __future__ import annotations

import os

from nesy.engines.audit.labels import LabelReader, Place
from nesy.engines.audit.occurring import Row
from nesy.errors import Span
from nesy.language.fact_sources.csv_files import csv, read_csv
from nesy.language.fact_sources.raw import RawTable


def rows_in(path: str | os.PathLike[str], reader: LabelReader) -> list[Row]:
    """One row for each line below the names of the columns; an empty field says nothing.

    Rows that are the same are read once. Raises `DataError` (malformed-csv, unknown-column, and what
    files raise) and `EngineError` (unknown-value). Cost: O(size of the file).
    """
    table = read_csv(csv(path))
    names = table.names or ()
    for name in names:
        reader.column(name, _place(table, -1))
    rows: dict[tuple[str, ...], Row] = {}
    for number, fields in enumerate(zip(*table.columns, strict=True)):
        key = tuple(str(f).strip() for f in fields)
        if key in rows:
            continue
        known = {n: f for n, f in zip(names, key, strict=True) if f}
        rows[key] = reader.row(known, _place(table, number))
    return list(rows.values())


def _place(table: RawTable, row: int) -> Place:
    def place(name: str | None) -> tuple[str, Span | None]:
        names = table.names or ()
        where, span = table.place(row, names.index(name) if name in names else 0)
        return f"{table.origin}, {where}", span

    return place
