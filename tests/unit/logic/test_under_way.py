"""The stages of a long computation, for whoever watches: named, counted, and gone when they are over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from threading import Thread

import pytest

import nesy
from nesy.engines.solve import probabilities
from nesy.grounding import ground, ground_rules
from nesy.logic.under_way import Stage, stage, watched


class Noted(list[Stage]):
    """The stages under way, which notes what each says in the end."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def pop(self, *place: int) -> Stage:  # type: ignore[override]
        self.said.append(str(self[-1]))
        return super().pop(*place)


@pytest.fixture
def noted() -> Iterator[Noted]:
    stages = Noted()
    with watched(stages):
        yield stages
    assert not stages


def test_the_innermost_stage_is_the_last() -> None:
    stages: list[Stage] = []
    with watched(stages):
        with stage("outer"):
            with stage("inner", lambda: "7 of 9"):
                assert list(map(str, stages)) == ["outer", "inner, 7 of 9"]
            assert list(map(str, stages)) == ["outer"]
        assert stages == []
    with stage("unseen"):
        assert stages == []


def test_a_stage_that_fails_is_over() -> None:
    stages: list[Stage] = []
    with watched(stages):
        with pytest.raises(ValueError, match="so"), stage("failing"):
            raise ValueError("so")
        assert stages == []


def test_other_threads_have_stages_of_their_own(noted: Noted) -> None:
    def work() -> None:
        with stage("elsewhere"):
            assert noted == []

    thread = Thread(target=work)
    thread.start()
    thread.join(10)
    assert noted.said == []


RULES = """
0.5::edge(1, 2). 0.5::edge(2, 1). 0.5::edge(2, 3).
path(X, Y) :- edge(X, Y).
path(X, Y) :- path(X, Z), edge(Z, Y).
query(path(1, 3)). query(path(1, 2)).
"""


def numbers(said: list[str], unit: str) -> dict[str, int]:
    found = (re.fullmatch(rf"([a-z ]+),.* ([\d,]+) {unit}\b.*", text) for text in said)
    return {m[1]: int(m[2].replace(",", "")) for m in found if m}


def test_grounding_counts_its_calls_and_nodes(noted: Noted) -> None:
    rules = ground_rules(nesy.parse(RULES), path="tabled")
    assert numbers(noted.said, "calls")["grounding"] > 5
    assert numbers(noted.said, "nodes") == {"grounding": len(rules.graph)}
    program = rules.acyclic()
    assert numbers(noted.said, "nodes") == {
        "grounding": len(rules.graph),
        "taking out cycles": len(program.graph),
    }


def test_grounding_by_joins_counts_its_rows(noted: Noted) -> None:
    ground_rules(nesy.parse(RULES), path="relational")
    assert numbers(noted.said, "rows")["grounding"] > 5


@pytest.mark.parametrize("queries", ["query(path(1, 3)).", ""], ids=["one query", "several"])
def test_answering_has_stages(noted: Noted, queries: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NESY_CACHE", "off")
    rules = RULES.partition("query")[0] + queries if queries else RULES
    nesy.solve(nesy.parse(rules))
    assert [text.partition(",")[0] for text in noted.said] == ["grounding", "taking out cycles", "compiling"]


def test_questions_inside_grounding_are_stages_inside_it(noted: Noted) -> None:
    rules = "0.4::a. b(P) :- subquery(a, P). query(b(P))."
    ground(nesy.parse(rules), evaluate=probabilities)
    names = [text.partition(",")[0] for text in noted.said]
    assert names == ["taking out cycles", "compiling", "grounding", "taking out cycles"]


def test_other_ways_to_answer_have_stages_too(noted: Noted) -> None:
    program = nesy.parse(RULES)
    for answer in (
        lambda: nesy.prepare(program).mpe(),
        lambda: nesy.evaluate(program, "max-product"),
        lambda: nesy.explain_probability(program, "path(1, 3)"),
    ):
        noted.said.clear()
        answer()
        names = [text.partition(",")[0] for text in noted.said]
        assert names == ["grounding", "taking out cycles", "compiling"]
