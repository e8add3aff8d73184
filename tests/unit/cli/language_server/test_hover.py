"""What is shown beside the cursor."""

from __future__ import annotations

from pathlib import Path

import pytest

from nesy.cli.language_server.hover import hover
from tests.unit.cli.language_server.places import at_cursor

ROADS = """\
#!/usr/bin/env nesy

% Roads of the map.
% Each may be closed.
0.9::road(a, b).
0.8::road(b, c).

/* Whether there
 * is a way. */
way(X, Y) :- road(X, Y).
way(X, Y) :- road(X, Z), way(Z, Y).
open.  % the whole day
closed.
"""


def shown(text: str, path: Path | None = None) -> str:
    found = hover(*at_cursor(text, path))
    assert found is not None
    return found.text


def test_a_predicate_has_its_clauses_and_the_comment_above() -> None:
    assert shown(ROADS + "query(wa^y(a, c)).") == (
        "**way/2**: 2 clauses, from line 10\n\nWhether there\nis a way.\n\n"
        "```nesy\nway(X, Y) :- road(X, Y).\nway(X, Y) :- road(X, Z), way(Z, Y).\n```"
    )
    assert shown(ROADS + "query(^road(a, c)).").splitlines()[:4] == [
        "**road/2**: 2 clauses, from line 5",
        "",
        "Roads of the map.",
        "Each may be closed.",
    ]


def test_a_comment_behind_the_first_clause_and_none_at_all() -> None:
    assert "\n\nthe whole day\n\n" in shown(ROADS + "query(open^).")
    assert shown(ROADS + "query(^closed).") == "**closed/0**: 1 clause, from line 13\n\n```nesy\nclosed.\n```"


def test_the_word_itself_is_marked() -> None:
    found = hover(*at_cursor("edge(a, b).\np :- ed^ge(a, X)."))
    assert found is not None
    assert (found.span.start, found.span.text) == (17, "edge")


def test_arities_are_told_apart_and_a_goal_to_be_completed_means_all_of_its_name() -> None:
    rules = "p(1).\np(1, 2).\n"
    assert shown(rules + "q :- p^(1, [2, 3]).").count("**p/") == 1
    assert "**p/2**" in shown(rules + "q :- p^(f(1, 2), 2).")
    assert shown(rules + "q :- maplist(p^, [1]).").count("**p/") == 2
    assert "**p/1**" in shown(rules + ":- dynamic p^/1.")


def test_many_and_long_clauses_are_cut() -> None:
    text = shown("".join(f"n({i}).\n" for i in range(2000)) + "query(^n(1)).")
    assert "2,000 clauses, from line 1" in text
    assert "% and 1,995 more" in text
    assert len(shown(f"long([{'1, ' * 5000}1]).\nquery(^long(X)).")) < 500


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("p :- betwe^en(1, 2, X).", "between(+Low, +High, X)\n```\n\nX is an integer"),
        ("p(X) :- X ^is 1 + 1.", "X is +Expression"),
        ("p(X) :- X =^< 1.", "+X =< +Y"),
        ("p :- ^\\+ q.", r"\+ Goal"),
        ("p :- maplis^t(q, [1]).", "for every item"),
        ("p :- X = maplis^t.", "for every item"),
        ("que^ry(p).", "asks for the probability"),
        ("n^n(net, [X], D, 0..9)::digit(X, D).", "classifier over a domain"),
    ],
)
def test_what_is_built_in(text: str, part: str) -> None:
    assert part in shown(text)


def test_a_network() -> None:
    text = "nn(^net, [X], D, 0..9)::digit(X, D).\nnn(net, [X, Y])::same(X, Y).\nnn(net, [X], E)::code(X, E)."
    lines = shown(text).splitlines()
    assert lines[0] == "`net`: a network, given as `networks={'net': ...}`"
    assert lines[1:] == [
        "- 1 input, gives one of 10 values, line 1",
        "- 2 inputs, gives a probability, line 2",
        "- 1 input, gives a tensor, line 3",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "p(X^) :- q(X).",
        "p. % road^",
        "p('ro^ad').",
        "p(1^2).",
        "p :- unheard^.",
        "^",
        "p.\n\n^\nq.",
        "p^.^"[:3],
    ],
)
def test_nothing_is_known(text: str) -> None:
    known = text.startswith("p^")
    assert (hover(*at_cursor(text)) is not None) == known


def test_what_other_files_define(tmp_path: Path) -> None:
    (tmp_path / "roads.pl").write_text("% A road.\nroad(a, b).\n")
    (tmp_path / "towns.csv").write_text("name,size\na,1\nb,2\n")
    text = ":- consult('roads.pl').\n:- csv_load('towns.csv', town).\nq :- ro^ad(X, Y), town(X, N)."
    assert shown(text, tmp_path / "main.nesy").startswith(
        "**road/2**: 1 clause, from `roads.pl`, line 2\n\nA road."
    )
    assert "2 facts from" in shown(text.replace("^", "").replace("town(X", "^town(X"), tmp_path / "main.nesy")
    assert hover(*at_cursor(text)) is None, "a text in no folder has no other files"
