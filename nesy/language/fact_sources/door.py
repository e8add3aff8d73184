"""The way in: from whatever holds the values to a fact table, and from there into a program."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from nesy.errors import DataError
from nesy.language.fact_sources.arrays import from_array, from_columns, from_sequence, is_array
from nesy.language.fact_sources.columns import ColumnType
from nesy.language.fact_sources.csv_files import CsvFile, read_csv
from nesy.language.fact_sources.frames import from_arrow, from_pandas, is_arrow, is_pandas, read_parquet
from nesy.language.fact_sources.queries import SqlQuery, run_query
from nesy.language.fact_sources.raw import ColumnKey, RawTable, fact_table
from nesy.language.facts import FactTable
from nesy.language.syntax import Program

_CSV = (".csv", ".tsv", ".txt")
_PARQUET = (".parquet", ".pq")


def facts(
    name: str,
    source: object,
    *,
    columns: Sequence[ColumnKey] | None = None,
    probability: ColumnKey | None = None,
    types: Mapping[ColumnKey, ColumnType] | None = None,
) -> FactTable:
    """The facts of a predicate, one for each row of a source.

    source: the path of a CSV or Parquet file; a pandas frame or anything that gives an Arrow stream
    (polars, pyarrow, a DuckDB relation); a two-dimensional array or tensor; a list or mapping of
    one-dimensional ones, the columns; a list of tuples, the rows; `nesy.csv(...)` or `nesy.sql(...)`.
    columns: which ones are the arguments, in order, by name or place; by default all but the probability.
    probability: the column that holds each fact's probability.
    types: what columns hold, "int", "float", "atom" or "string"; by default as their values tell, and
    texts are atoms. A CSV column that starts with a number holds numbers only.

    All or nothing: the first value that is missing or wrong is a `DataError` (missing-value, bad-value,
    fact-probability, ...) that names its place; so are unknown columns and sources. Files that cannot
    be read are errors as rule files are; a library that is absent is named (missing-library).
    Cost: O(rows); a million rows in seconds.
    """
    return fact_table(name, _raw(source), columns, probability, types)


def with_facts(
    program: Program,
    name: str,
    source: object,
    *,
    columns: Sequence[ColumnKey] | None = None,
    probability: ColumnKey | None = None,
    types: Mapping[ColumnKey, ColumnType] | None = None,
) -> Program:
    """A program that has, besides its own clauses, the facts of a source: see `facts` for the options.

    Where the program calls a predicate that only the source defines, it says so by `:- dynamic name/arity.`,
    or is given its facts when it is read: `nesy.parse(text, facts=[nesy.facts(...)])`.
    Cost: that of `facts`, which reads the source; clauses and facts that are there are not copied.
    """
    table = facts(name, source, columns=columns, probability=probability, types=types)
    return replace(program, facts=(*program.facts, table))


def _raw(source: object) -> RawTable:
    if isinstance(source, (str, os.PathLike)):
        return _file(Path(os.fspath(source)))
    if isinstance(source, CsvFile):
        return read_csv(source)
    if isinstance(source, SqlQuery):
        return run_query(source)
    if is_pandas(source):
        return from_pandas(source)
    if is_arrow(source):
        return from_arrow(source)
    if isinstance(source, Mapping):
        return from_columns(list(source.values()), tuple(map(str, source)))
    if is_array(source):
        return from_array(source)
    if isinstance(source, Sequence):
        return from_sequence(source)
    raise DataError(
        "unknown-fact-source",
        f"a {type(source).__name__} holds no facts that can be read",
        hint="give a path, a frame, arrays, a list of tuples, or nesy.sql(query, database)",
    )


def _file(path: Path) -> RawTable:
    suffix = path.suffix.lower()
    if suffix in _CSV:
        return read_csv(CsvFile(path))
    if suffix in _PARQUET:
        return read_parquet(path)
    raise DataError(
        "unknown-fact-source",
        f"`{path}` is no file of a known kind",
        hint=f"known are {', '.join((*_CSV, *_PARQUET))}; for others there are nesy.csv and nesy.sql",
    )
