"""Where things are defined."""

from __future__ import annotations

from pathlib import Path

import pytest

from nesy.cli.language_server.definition import MOST_PLACES, definitions
from tests.unit.cli.language_server.places import at_cursor


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("e(a, b).\n0.5::e(b, c).\np :- ^e(X, Y).", [(1, "e(a, b)"), (2, "e(b, c)")]),
        ("0.5::r; 0.5::s.\np :- s^.", [(1, "s")]),
        ("p(Xs) :- q(Xs), r(X^s).", [(1, "Xs")]),
        ("q(Xs).\np(Y) :- q(Xs), r(X^s).", [(2, "Xs")]),
        ("nn(m, [X])::p(X).\nnn(^m, [X, Y])::q(X, Y).", [(1, "nn(m, [X])")]),
        ("p(_) :- q(^_).", []),
        ("p :- between(1, 2, ^X).", [(1, "X")]),
        ("p :- ^between(1, 2, X).", []),
        (":- op(700, xfx, likes).\nann likes bob.\np :- ann ^likes X.", [(2, "ann likes bob")]),
    ],
)
def test_places(text: str, found: list[tuple[int, str]]) -> None:
    places = definitions(*at_cursor(text))
    assert [(place.line, place.text) for place in places] == found


def test_many_clauses_are_listed_in_part() -> None:
    facts = "".join(f"e({i}).\n" for i in range(2 * MOST_PLACES))
    assert len(definitions(*at_cursor(facts + "p :- ^e(1)."))) == MOST_PLACES


def test_a_predicate_of_another_file(tmp_path: Path) -> None:
    (tmp_path / "roads.pl").write_text("\nroad(a, b).\n")
    (place,) = definitions(*at_cursor(":- consult(roads).\nq :- r^oad(X, Y).", tmp_path / "main.nesy"))
    assert (place.source.name, place.line) == (str(tmp_path / "roads.pl"), 2)


def test_what_a_broken_statement_seems_to_define() -> None:
    (place,) = definitions(*at_cursor("p :- ^slow(1).\nslow(X) :- X > .\nq."))
    assert (place.line, place.text) == (2, "slow")
