"""Facts from databases: a query of SQLite or DuckDB, run when the facts are read."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

from nesy.errors import DataError
from nesy.language.fact_sources.arrays import row_place
from nesy.language.fact_sources.frames import library
from nesy.language.fact_sources.raw import RawTable

_DUCKDB_MARK = b"DUCK"
_DUCKDB_MARK_AT = 8


@final
@dataclass(frozen=True)
class SqlQuery:
    """A query, and what it is put to: a source of facts. See `sql`."""

    text: str
    database: Any
    parameters: tuple[object, ...] = ()


def sql(
    query: str,
    database: str | os.PathLike[str] | sqlite3.Connection | object,
    parameters: Sequence[object] = (),
) -> SqlQuery:
    """A query as a source of facts: `nesy.facts("edge", nesy.sql("select a, b from e", "g.db"))`.

    database: a file of SQLite or DuckDB, opened for reading alone; or an open connection to either.
    parameters: what stands for the question marks of the query.
    Cost: none; the query runs where facts are asked for.
    """
    return SqlQuery(query, database, tuple(parameters))


def run_query(query: SqlQuery) -> RawTable:
    """The result of a query, whole. Raises `DataError` (unreadable-data) with what the database says."""
    if not isinstance(query.database, (str, os.PathLike)):
        return _result(query, query.database)
    path = Path(os.fspath(query.database))
    with closing(open_database(path)) as connection:
        return _result(query, connection)


def open_database(path: Path) -> Any:
    """A connection to a file of SQLite or DuckDB that can only read. Raises `DataError`."""
    try:
        with path.open("rb") as file:
            head = file.read(_DUCKDB_MARK_AT + len(_DUCKDB_MARK))
    except OSError as problem:
        reason = (problem.strerror or type(problem).__name__).lower()
        raise DataError("unreadable-data", f"the database `{path}` cannot be opened: {reason}") from None
    if head[_DUCKDB_MARK_AT:] == _DUCKDB_MARK:
        return library("duckdb", "reading DuckDB files").connect(str(path), read_only=True)
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _result(query: SqlQuery, connection: Any) -> RawTable:
    if not hasattr(connection, "execute"):
        raise DataError(
            "unknown-fact-source",
            f"a {type(connection).__name__} is no database",
            hint="give the path of one, or a connection of sqlite3 or duckdb",
        )
    try:
        cursor = connection.execute(query.text, query.parameters)
        rows = cursor.fetchall()
        description = cursor.description
    except _mistakes(connection) as problem:
        raise DataError("unreadable-data", f"the query fails: {problem}", hint=query.text.strip()) from None
    if not description:
        raise DataError("unreadable-data", "the query gives no rows", hint="facts are asked by `select`")
    names = tuple(column[0] for column in description)
    columns = [[row[i] for row in rows] for i in range(len(names))]
    return RawTable("the query's result", names, columns, False, row_place)


def _mistakes(connection: Any) -> tuple[type[BaseException], ...]:
    """What a connection's own library raises."""
    if type(connection).__module__.partition(".")[0].strip("_") == "duckdb":
        return (library("duckdb", "reading DuckDB").Error,)
    # Several statements at once were a warning before Python 3.12, and that is no error of its own.
    return (sqlite3.Error, sqlite3.Warning)
