"""Questions and their answers."""

from __future__ import annotations

import pytest

import nesy
from nesy.engines.registry import names
from tests.unit.cli.repl.talking import Talk

ROADS = """\
0.9::road(a, b).
0.8::road(b, c).
0.5::shut(c).
way(X, Y) :- road(X, Y).
way(X, Y) :- road(X, Z), way(Z, Y).
"""


@pytest.fixture
def talk() -> Talk:
    talk = Talk()
    assert talk.enter(ROADS) == []
    return talk


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("?- way(a, c).", ["way(a,c): 0.72"]),
        ("?- way(a, X).", ["way(a,b): 0.9", "way(a,c): 0.72"]),
        ("?- way(a, X), \\+ shut(X).", ["way(a, b), \\+ shut(b): 0.9", "way(a, c), \\+ shut(c): 0.36"]),
        ("?- \\+ shut(c).", ["\\+ shut(c): 0.5"]),
        ("?- way(c, X).", ["no answers"]),
        ("?- way(c, a).", ["way(c,a): 0"]),
        ("?- way(a, c) ; shut(c).", ["way(a, c) ; shut(c): 0.86"]),
        ("?- X is 2 + 3.", ["5 is 2 + 3: 1"]),
        ("?- X = 1 + 2, Y is X * 3.", ["(1+2) = 1 + 2, 9 is (1+2) * 3: 1"]),
        (
            "?- aggregate_all(count, way(a, X), N), N > 1.",
            ["aggregate_all(count, way(a, X), 2), 2 > 1: 0.72"],
        ),
        ("?- findall(X, shut(X), L).", ["findall(X, shut(X), []): 0.5", "findall(X, shut(X), [c]): 0.5"]),
        ("?- forall(shut(X), road(b, X)).", ["forall(shut(X), road(b, X)): 0.9"]),
        (
            "?- bagof(Y, road(X, Y), L).",
            ["bagof(Y, road(a, Y), [b]): 0.9", "bagof(Y, road(b, Y), [c]): 0.8"],
        ),
        ("?- bagof(Y, X^road(X, Y), [b]).", ["bagof(Y, X^road(X, Y), [b]): 0.18"]),
        ("?- road(_, X), shut(X).", ["road(_, c), shut(c): 0.4"]),
        ("?- road(_From, X), shut(X).", ["road(_From, c), shut(c): 0.4"]),
        ("?- road(b,\n     X).  % why\n", ["road(b,c): 0.8"]),
        ("?- road(b, % from\n X), true.", ["road(b, c), true: 0.8"]),
        ("?- call(road, b, X).", ["call(road, b, c): 0.8"]),
    ],
)
def test_answers(talk: Talk, question: str, answers: list[str]) -> None:
    assert talk.enter(question) == answers


def test_answers_are_those_of_a_file(talk: Talk) -> None:
    solved = nesy.solve(nesy.parse(ROADS + "query(way(_, _))."))
    expected = [f"{atom}: {answer.probability:.10g}" for atom, answer in solved.items()]
    assert talk.enter("?- way(_, _).") == expected


def test_questions_are_not_kept_and_queries_are(talk: Talk) -> None:
    talk.enter("?- way(a, c).")
    assert len(talk.console.session.entries) == 5
    assert talk.enter("query(way(a, c)).") == ["way(a,c): 0.72"]
    assert talk.enter("query(shut(_)).") == ["shut(c): 0.5"]
    assert talk.enter("?- way(b, c).") == ["way(b,c): 0.8"], "queries are asked once"
    assert talk.enter(":run") == ["way(a,c): 0.72", "shut(c): 0.5"]


def test_evidence_and_constraints_condition(talk: Talk) -> None:
    assert talk.enter("evidence(way(a, c)). ?- road(a, b).") == ["road(a,b): 1"]
    assert talk.enter(":undo\n?- road(a, b).")[1:] == ["road(a,b): 0.9"]
    assert talk.enter(":- shut(c).\n?- shut(c).") == ["shut(c): 0"]


@pytest.mark.parametrize(
    ("question", "code", "place"),
    [
        ("?- rode(a, X).", "unknown-predicate", "<input 6>:1:4"),
        ("?- road(a, X), X > .", "missing-operand", "<input 6>:1:18"),
        ("?- X > 3.", "unbound-arithmetic", "<input 6>:1:4"),
        ("% first\n ?- road(a.", "unclosed-bracket", "<input 6>:2:9"),
        ("?- .", "empty-body", "<input 6>:1:1"),
        ("?- consult(x).", "not-a-goal", "<input 6>:1:1"),
        ("?- op(700, xfx, to).", "not-a-goal", "<input 6>:1:1"),
    ],
)
def test_mistakes_have_their_place_in_what_was_typed(
    talk: Talk, question: str, code: str, place: str
) -> None:
    assert talk.codes(question) == [code]
    lines = talk.complaints[0].splitlines()
    assert lines[1] == f"  {place}"
    assert lines[2].partition(" | ")[2] in question.splitlines()
    assert talk.enter("?- road(a, b).") == ["road(a,b): 0.9"]


def test_networks_need_a_model(talk: Talk) -> None:
    assert talk.enter("nn(net, [X], D, 0..9)::digit(X, D).") == []
    assert talk.codes("?- digit(a, D).") == ["needs-networks"]
    assert talk.enter("?- road(a, b).") == ["road(a,b): 0.9"]


def test_another_engine(talk: Talk) -> None:
    assert talk.enter(":engine") == [f"exact (there are {', '.join(names())})"]
    assert talk.codes(":engine exactly") == ["unknown-engine"]
    assert talk.enter(":engine sat\n:engine")[0].startswith("sat (")
    assert talk.enter("?- way(a, c).") == ["way(a,c): 0.72 (lower-bound)"]


def test_what_was_interrupted_changes_nothing(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("nesy.cli.repl.console.solve", interrupted)
        patch.setattr("nesy.cli.repl.questions.solve", interrupted)
        for text in ("?- road(a, b). road(c, d).", "query(road(a, b)).", ":run"):
            assert talk.try_to(text) == []
            assert talk.complaints == ["interrupted"]
    assert talk.enter("?- road(_, _).") == ["road(a,b): 0.9", "road(b,c): 0.8"]
    assert talk.enter(":run") == ["no queries"]
