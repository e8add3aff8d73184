"""Places as editors count them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nesy.cli.language_server.lines import Encoding, Lines

TEXT = "aä😀b\r\nc\rd\n\u2028e"
"""Lines end at carriage returns and newlines, and nowhere else."""


@pytest.mark.parametrize(
    ("encoding", "units"), [("utf-8", 1 + 2 + 4), ("utf-16", 1 + 1 + 2), ("utf-32", 1 + 1 + 1)]
)
def test_units_are_those_of_the_encoding(encoding: Encoding, units: int) -> None:
    lines = Lines(TEXT, encoding)
    assert lines.place(TEXT.index("b")) == (0, units)
    assert lines.offset(0, units) == TEXT.index("b")


def test_lines_end_where_the_protocol_says() -> None:
    lines = Lines(TEXT)
    places = [lines.place(TEXT.index(letter)) for letter in "cde"]
    assert places == [(1, 0), (2, 0), (3, 1)]


def test_places_behind_an_end_are_the_end() -> None:
    lines = Lines("ab\ncd")
    assert [lines.offset(*place) for place in ((0, 9), (1, 9), (7, 0))] == [2, 5, 5]
    assert lines.place(5) == (1, 2)
    assert (Lines("").place(0), Lines("").offset(0, 0)) == ((0, 0), 0)


def test_a_place_within_a_character_is_its_start() -> None:
    assert Lines("😀b").offset(0, 1) == 0


@given(st.text(alphabet="a\r\nä😀\u2028", max_size=12), st.sampled_from(["utf-8", "utf-16", "utf-32"]))
def test_every_character_is_found_again(text: str, encoding: Encoding) -> None:
    lines = Lines(text, encoding)
    for offset in range(len(text) + 1):
        inside = text[offset - 1 : offset + 1] == "\r\n"
        assert lines.offset(*lines.place(offset)) == offset - inside
