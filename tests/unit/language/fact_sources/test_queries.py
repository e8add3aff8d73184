"""Facts from queries of SQLite and DuckDB."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import nesy


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "graph.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create table edge (a text, b integer, p real)")
        connection.executemany("insert into edge values (?, ?, ?)", [("x", 1, 0.5), ("y", 2, 1.0)])
        connection.execute("create table holes (a text)")
        connection.execute("insert into holes values (null)")
        connection.commit()
    return path


@pytest.fixture
def connection(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database)) as opened:
        yield opened


def columns(source: object, **options: object) -> list[list[object]]:
    return [c.tolist() for c in nesy.facts("p", source, **options).columns]  # type: ignore[arg-type]


def refused(source: object) -> nesy.NesyError:
    with pytest.raises(nesy.NesyError) as caught:
        columns(source)
    return caught.value


def test_a_file_or_a_connection(database: Path, connection: sqlite3.Connection) -> None:
    for where in (database, str(database), connection):
        assert columns(nesy.sql("select a, b from edge order by a", where)) == [["x", "y"], [1, 2]]


def test_parameters_and_probabilities(database: Path) -> None:
    query = nesy.sql("select * from edge where b > ?", database, [1])
    table = nesy.facts("p", query, probability="p")
    assert [c.tolist() for c in table.columns] == [["y"], [2]]
    assert table.probabilities is not None
    assert table.probabilities.tolist() == [1.0]


def test_a_file_is_only_read(database: Path) -> None:
    error = refused(nesy.sql("delete from edge", database))
    assert error.code == "unreadable-data"
    assert "readonly" in error.message
    assert columns(nesy.sql("select count(*) from edge", database)) == [[2]]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("select nothing from edge", "unreadable-data"),
        ("select", "unreadable-data"),
        ("", "unreadable-data"),
        ("select 1; select 2", "unreadable-data"),
        ("select ?", "unreadable-data"),
        ("select a from holes", "missing-value"),
        ("select x'00'", "bad-value"),
    ],
)
def test_queries_that_give_no_facts(database: Path, query: str, code: str) -> None:
    assert refused(nesy.sql(query, database)).code == code


def test_what_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database at all")
    assert refused(nesy.sql("select * from t", tmp_path / "text.db")).code == "unreadable-data"
    assert refused(nesy.sql("select 1", tmp_path / "absent.db")).code == "unreadable-data"
    assert not (tmp_path / "absent.db").exists()
    assert refused(nesy.sql("select 1", 7)).code == "unknown-fact-source"


def test_duckdb_files_and_connections(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="the extra `data` is not installed")
    path = tmp_path / "graph.duckdb"
    with closing(duckdb.connect(str(path))) as connection:
        connection.execute("create table edge as select 1 as a, 'x' as b union all select 2, 'y' order by a")
        assert columns(nesy.sql("select * from edge where a < ?", connection, [2])) == [[1], ["x"]]
        assert refused(nesy.sql("select nothing", connection)).code == "unreadable-data"
    assert columns(nesy.sql("select * from edge order by a", path)) == [[1, 2], ["x", "y"]]
