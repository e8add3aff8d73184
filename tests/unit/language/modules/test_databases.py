"""Facts that the rules load themselves: csv_load and sqlite_load."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import nesy
from tests.unit.language.modules.folders import answers, folder, place, refused


def database(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_csv_files(tmp_path: Path) -> None:
    files = {
        "main.pl": ":- use_module(library(db)).\n:- csv_load('people.csv', person).\n"
        "old(X) :- person(X, A), A > 3.\nquery(old(_)).",
        "people.csv": "name,age\nann,3\nbob,4\n",
    }
    path = folder(tmp_path, files)
    assert answers(path) == {"old(bob)": 1.0}
    assert len(nesy.load(path).facts) == 1


def test_a_mistake_in_a_csv_file_is_shown_there(tmp_path: Path) -> None:
    files = {
        "main.pl": ":- csv_load('people.csv', person).\nquery(person(_,_)).",
        "people.csv": "n,a\nann,3\nbob,x\n",
    }
    assert place(refused(folder(tmp_path, files))) == ("bad-value", "people.csv", 3, 5)


def test_tables_of_a_database_that_the_rules_name(tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        {
            "main.pl": ":- sqlite_load('g.db').\n0.5::on(X) :- edge(X, _).\n"
            "query(on(_)). query('odd name'(_))."
        },
    )
    database(
        tmp_path / "g.db",
        "create table edge (a text, b integer)",
        "insert into edge values ('x', 1), ('y', 2)",
        'create table "odd name" (a real)',
        'insert into "odd name" values (1.5)',
        "create table unused (a text)",
        "insert into unused values (null)",
    )
    assert answers(path) == {"on(x)": 0.5, "on(y)": 0.5, "'odd name'(1.5)": 1.0}
    assert sorted(t.name for t in nesy.load(path).facts) == ["edge", "odd name"]


def test_missing_values_of_a_table_that_is_used(tmp_path: Path) -> None:
    path = folder(tmp_path, {"main.pl": ":- sqlite_load('g.db').\nquery(edge(_))."})
    database(tmp_path / "g.db", "create table edge (a text)", "insert into edge values (null)")
    assert place(refused(path)) == ("missing-value", "main.pl", 1, 4)


def test_what_is_no_database(tmp_path: Path) -> None:
    path = folder(
        tmp_path, {"main.pl": ":- sqlite_load('g.db').\nquery(edge(_)).", "g.db": "no database, but text"}
    )
    assert place(refused(path)) == ("unreadable-data", "main.pl", 1, 4)
