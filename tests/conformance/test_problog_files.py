"""Programs that read files and call Python give ProbLog's answers."""

from __future__ import annotations

import importlib.util
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import nesy

needs_problog = pytest.mark.skipif(
    importlib.util.find_spec("problog") is None, reason="the reference implementation is not installed"
)

PEOPLE = "name,age,height\nann,3,1.5\nbob,4,1\ncid,5,0.25\n"
FUNCTIONS = """
from problog.extern import problog_export, problog_export_nondet, problog_export_raw

@problog_export("+int", "+float", "-float")
def scaled(a, b):
    return a * b

@problog_export("+str", "-int", "-str")
def described(text):
    return len(text), text.lower()

@problog_export_nondet("+int", "+int", "-int")
def range(low, high):
    return [low + i for i in (0, 1, 2) if low + i < high]

@problog_export_nondet("+list", "-term")
def each(items):
    return items

@problog_export("+list", "-list")
def turned(items):
    return items[::-1]
"""

PROGRAMS = {
    "csv": """
        :- use_module(library(db)).
        :- csv_load('people.csv', person).
        0.5::old(N) :- person(N, A, _), A > 3.
        tall :- person(N, _, H), H > 0.5, old(N).
        same :- person(_, 4, 1.0).
        query(old(_)). query(tall). query(same).
    """,
    "sqlite": """
        :- use_module(library(db)).
        :- sqlite_load('graph.db').
        0.5::on(X, Y) :- edge(X, Y, _).
        path(X, Y) :- on(X, Y).
        path(X, Y) :- on(X, Z), path(Z, Y).
        weight(W) :- edge(_, _, W), W > 2.
        query(path(_, _)). query(weight(_)).
    """,
    "consult": """
        :- consult('more.pl').
        :- consult(more).
        :- use_module('module.pl').
        :- use_module(library(lists)).
        r(X) :- p(X), exported(X).
        query(r(_)). query(p(_)).
    """,
    "python": """
        :- use_module('functions.py').
        s(X) :- scaled(3, 0.5, X).
        d(N, T) :- described(abc, N, T).
        0.5::r(X) :- range(1, 3, X).
        any :- r(_).
        checked :- scaled(2, 1.5, 3.0).
        t(X) :- turned([1, 2, 3], X).
        e(X) :- each([1, 2], X).
        query(s(_)). query(d(_, _)). query(any). query(checked). query(t(_)). query(e(_)).
    """,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "people.csv").write_text(PEOPLE)
    (tmp_path / "functions.py").write_text(FUNCTIONS)
    (tmp_path / "more.pl").write_text("0.25::p(a). 0.5::p(b). q(c).\n")
    (tmp_path / "module.pl").write_text(
        ":- module(m, [exported/1]).\nexported(X) :- inner(X).\n0.5::inner(a). inner(b).\n"
    )
    with closing(sqlite3.connect(tmp_path / "graph.db")) as connection:
        connection.execute("create table edge (a text, b text, w real)")
        rows = [("a", "b", 0.5), ("b", "c", 1.5), ("c", "a", 2.5), ("a", "c", 3.5)]
        connection.executemany("insert into edge values (?, ?, ?)", rows)
        connection.commit()
    return tmp_path


def problog_answers(path: Path) -> dict[str, float]:
    from problog import get_evaluatable  # noqa: PLC0415 - an optional dependency
    from problog.program import PrologFile  # noqa: PLC0415

    answers = get_evaluatable("ddnnf").create_from(PrologFile(str(path))).evaluate()
    # Its texts from databases keep the quotes that ours do not need. (It also takes such a text and the
    # same name in a rule for different terms where they are not compared at once: no program here does.)
    return {str(atom).replace("'", "").replace(", ", ","): float(p) for atom, p in answers.items()}


@needs_problog
@pytest.mark.filterwarnings("ignore")  # ProbLog leaves its databases open
@pytest.mark.parametrize("name", PROGRAMS)
def test_answers_of_problog_itself(folder: Path, name: str) -> None:
    path = folder / "main.pl"
    path.write_text(PROGRAMS[name])
    ours = nesy.solve(nesy.load(path, allow_python=True))
    found = {atom.replace("'", ""): answer.probability for atom, answer in ours.items()}
    assert found == pytest.approx(problog_answers(path), rel=0, abs=1e-9)
    assert any(p > 0 for p in found.values())
