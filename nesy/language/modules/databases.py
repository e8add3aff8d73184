"""Facts that a rule file asks for itself: CSV files, and the tables of a SQLite database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from nesy.errors import DataError
from nesy.language.fact_sources.csv_files import CsvFile, read_csv
from nesy.language.fact_sources.queries import SqlQuery, open_database, run_query
from nesy.language.fact_sources.raw import fact_table
from nesy.language.facts import FactTable
from nesy.language.syntax import Clause, Directive, Evidence, Query, Statement
from nesy.language.terms import Atom, Compound, Term, parts_of
from nesy.language.traversal import body_of, calls


def csv_facts(path: Path, predicate: str) -> FactTable:
    """The rows of a CSV file whose first line names the columns. Raises what `nesy.facts` raises."""
    return fact_table(predicate, read_csv(CsvFile(path)), None, None, None)


def database_facts(path: Path, names: frozenset[str]) -> Iterator[FactTable]:
    """The rows of those tables of a database that have one of these names.

    Raises `DataError` (unreadable-data, missing-value, bad-value).
    """
    with closing(open_database(path)) as connection:
        for table in sorted(names.intersection(_tables(connection, path))):
            quoted = table.replace('"', '""')
            raw = run_query(SqlQuery(f'select * from "{quoted}"', connection))
            yield fact_table(table, raw, None, None, None)


def _tables(connection: Any, path: Path) -> list[str]:
    if not isinstance(connection, sqlite3.Connection):
        raise DataError(
            "unreadable-data", f"`{path}` is no SQLite database", hint="sqlite_load reads SQLite only"
        )
    try:
        rows = connection.execute("select name from sqlite_master where type = 'table'").fetchall()
    except sqlite3.Error as problem:
        raise DataError("unreadable-data", f"`{path}` cannot be read: {problem}") from None
    return [name for (name,) in rows]


def names_of(statements: Iterable[Statement]) -> frozenset[str]:
    """Every name in some statements' goals and terms: what they may call, also by goals made at run time."""
    return frozenset(_names(term for statement in statements for term in _terms(statement)))


def _terms(statement: Statement) -> Iterator[Term]:
    if isinstance(statement, Directive):
        yield statement.term
    elif isinstance(statement, (Query, Evidence)):
        yield statement.atom
    elif isinstance(statement, Clause):
        yield from (head.atom for head in statement.heads)
    yield from (atom for atom, _ in calls(body_of(statement)))


def _names(terms: Iterable[Term]) -> Iterator[str]:
    stack = list(terms)
    while stack:
        term = stack.pop()
        if isinstance(term, Atom):
            yield term.name
        elif isinstance(term, Compound):
            yield term.functor
        stack.extend(parts_of(term))
