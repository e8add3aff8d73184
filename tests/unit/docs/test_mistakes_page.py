"""Each mistake on the page prints the message below it, and what to write instead raises nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

import nesy
from tests.unit.pages import page

PAGE = page("mistakes")
BLOCK = re.compile(r"^```(prolog|python|text)\n(.*?)^```", re.MULTILINE | re.DOTALL)
CHAPTERS = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
FILE = "rules.nesy"

Piece = tuple[str, str, str | None]
"""A language, code in it, and the message that it gives, if it does."""


def pieces(text: str) -> Iterator[Piece]:
    """The pieces of code, each with the message that stands right below it."""
    blocks = [match.groups() for match in BLOCK.finditer(text)]
    for index, (language, code) in enumerate(blocks):
        if language != "text":
            below = blocks[index + 1 : index + 2]
            yield language, code, below[0][1] if below and below[0][0] == "text" else None


def message(language: str, code: str, names: dict[str, object]) -> str | None:
    """What the error says that a piece of code ends in."""
    try:
        if language == "python":
            exec(code, names)
        else:
            nesy.solve(nesy.parse(code, FILE))
    except nesy.NesyError as error:
        return f"{error}\n"
    return None


@pytest.mark.usefixtures("one_thread")
def test_messages_and_remedies() -> None:
    names: dict[str, object] = {}
    for chapter, text in CHAPTERS.items():
        found = list(pieces(text))
        for language, code, expected in found:
            assert message(language, code, names) == expected, chapter
        assert any(expected is not None for *_, expected in found), chapter
        assert any(expected is None for *_, expected in found), chapter


def test_every_message_has_a_place_and_a_remedy() -> None:
    """Calls from Python have no place in the rules: their messages show what was given."""
    messages = [(language, expected) for language, _, expected in pieces(PAGE) if expected is not None]
    assert len(messages) >= 10
    for language, text in messages:
        assert "\n  help: " in text
        assert re.search(
            r"\.nesy:\d+:\d+\n" if language == "prolog" else r"\(\d+,|torch\.\w+|given were", text
        )


def test_there_are_ten() -> None:
    assert list(CHAPTERS) == [
        "An unbound variable",
        "A missing comma",
        "The wrong number of arguments",
        "An unknown predicate",
        "A missing network",
        "The wrong shape",
        "The wrong dtype",
        "A negative cycle",
        "Probabilities above 1",
        "Contradictory evidence",
    ]
