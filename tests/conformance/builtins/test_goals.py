"""Built-ins solve each goal of the tables as stated there, and as ProbLog solves it."""

from __future__ import annotations

import re

import pytest

from tests.conformance.builtins import goals
from tests.unit.grounding.asking import by_problog, probabilities

LIBRARIES = "".join(f":- use_module(library({name})).\n" for name in ("lists", "apply", "string"))
SHARED = {name: getattr(goals, name) for name in ("LISTS", "TERMS", "NUMBERS", "TEXTS", "APPLY")}
TABLES = {**SHARED, "OURS": goals.OURS}


def lines(table: str) -> dict[str, frozenset[str]]:
    """The answers to each goal of a table."""
    found = {}
    for line in table.strip().splitlines():
        goal, _, answers = line.partition("=>")
        if goal.strip():
            # A goal with the operator `=>` in it would be cut here; none has it.
            found[goal.strip()] = frozenset(answers.split())
    return found


def program(questions: list[str]) -> str:
    rules = "\n".join(f"p({i},X) :- {goal}." for i, goal in enumerate(questions))
    return f"{rules}\nquery(p(_,_)).\n"


def by_goal(questions: list[str], atoms: dict[str, float]) -> dict[str, frozenset[str]]:
    """The answers to each goal of a program, without quotes and layout."""
    found: dict[str, set[str]] = {goal: set() for goal in questions}
    for atom, probability in atoms.items():
        if probability > 0:
            match = re.fullmatch(r"p\((\d+),(.*)\)", atom.replace(" ", "").replace("'", ""), re.DOTALL)
            assert match is not None
            assert probability == 1.0
            found[questions[int(match[1])]].add(match[2])
    return {goal: frozenset(answers) for goal, answers in found.items()}


@pytest.mark.parametrize("name", TABLES)
def test_answers_are_those_of_the_table(name: str) -> None:
    expected = lines(TABLES[name])
    assert not expected.keys() & goals.DIFFERENT.keys(), "a goal is either the same or different"
    questions = list(expected)
    assert by_goal(questions, probabilities(program(questions))) == expected


@pytest.mark.parametrize("name", SHARED)
@pytest.mark.filterwarnings("ignore:The use of '.*==' might give unexpected results:UserWarning")
def test_the_table_is_problog_s(name: str) -> None:
    expected = lines(TABLES[name])
    questions = list(expected)
    assert by_goal(questions, by_problog(LIBRARIES + program(questions))) == expected


@pytest.mark.parametrize(("goal", "different"), goals.DIFFERENT.items())
def test_deliberate_differences(goal: str, different: goals.Different) -> None:
    assert by_goal([goal], probabilities(program([goal])))[goal] == different.ours
    if different.theirs is None:
        errors = pytest.importorskip("problog.errors")
        unification = pytest.importorskip("problog.engine_unify")
        # Some of its refusals are errors of its own parts, or of Python.
        refusals = (errors.ProbLogError, unification.UnifyError, unification.OccursCheck, ValueError)
        with pytest.raises(refusals):
            by_problog(LIBRARIES + program([goal]))
    else:
        assert by_goal([goal], by_problog(LIBRARIES + program([goal])))[goal] == different.theirs


def test_there_are_hundreds_of_goals() -> None:
    assert sum(len(lines(table)) for table in TABLES.values()) > 300
