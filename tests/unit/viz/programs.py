"""Programs to draw."""

from __future__ import annotations

import nesy
from nesy.language.syntax import Program

CALLS = """
0.1::burglary. 0.2::earthquake. 0.7::hears(X) :- person(X). person(john). person(mary).
0.9::alarm :- burglary, \\+earthquake. 0.4::alarm :- earthquake.
0.3::mood(X,good); 0.5::mood(X,bad) :- person(X).
calls(X) :- alarm, hears(X), \\+mood(X,bad).
"""
QUERIES = "query(calls(john)). query(alarm).\n"
EVIDENCE = "evidence(calls(mary)). :- burglary, earthquake.\n"


def calls() -> Program:
    return nesy.parse(CALLS + QUERIES)


def observed() -> Program:
    return nesy.parse(CALLS + QUERIES + EVIDENCE)


def changed(old: str, new: str) -> float:
    """The first query's probability given the evidence, with a part of the text replaced."""
    assert old in CALLS
    program = nesy.parse(CALLS.replace(old, new) + QUERIES + EVIDENCE)
    return nesy.solve(program)["calls(john)"].probability
