"""The outline of a text."""

from __future__ import annotations

from nesy.cli.language_server.analysis import Analysis
from nesy.cli.language_server.outline import outline

RULES = """\
:- use_module(library(lists)).
e(a, b).
e(b, c).
p(X) :- e(X, _).
e(c, d).
0.2::r; 0.3::s; 0.1::r.
nn(m, [X])::q(X).
broken :- .
query(p(X)).
evidence(\\+r).
:- r, s.
"""


def test_clauses_that_stand_together_are_one_entry() -> None:
    entries = outline(Analysis(RULES))
    assert [(entry.title, entry.kind) for entry in entries] == [
        (":- use_module(library(lists)).", "directive"),
        ("e/2", "predicate"),
        ("p/1", "predicate"),
        ("e/2", "predicate"),
        ("r/0", "predicate"),
        ("s/0", "predicate"),
        ("q/1", "neural"),
        ("query(p(X)).", "query"),
        ("evidence(\\+r).", "evidence"),
        (":- r, s.", "constraint"),
    ]
    assert entries[1].whole.text == "e(a, b).\ne(b, c)."
    assert entries[1].place.text == "e(a, b)"
    assert entries[4].place.text == "r"
    assert entries[4].place.start == RULES.index("r; 0.3")


def test_long_statements_are_cut() -> None:
    (entry,) = outline(Analysis(f":- a, {'b, ' * 50}c."))
    assert len(entry.title) == 60
