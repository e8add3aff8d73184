"""What one pass of the tokens' regular expression makes of a text."""

import pytest

from nesy.errors import Source
from nesy.language.tokens import (
    BAD,
    END,
    FUNCTOR,
    NAME,
    NUMBER,
    QUOTED,
    STOP,
    STRING,
    SYMBOL,
    VARIABLE,
    Tokens,
)


def tokens_of(text: str) -> list[tuple[str, str]]:
    tokens = Tokens(Source("t", text))
    assert tokens.kinds[-1] == END
    return list(zip(tokens.kinds[:-1], tokens.texts[:-1], strict=True))


def texts_of(text: str) -> list[str]:
    return [text for _, text in tokens_of(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0..9", ["0", "..", "9"]),
        ("1.5..2", ["1.5", "..", "2"]),
        ("p(1).", ["p", "(", "1", ")", "."]),
        ("X=a.", ["X", "=", "a", "."]),
        ("0.3::a:-\\+b.", ["0.3", "::", "a", ":-", "\\+", "b", "."]),
        ("X=\\=-1", ["X", "=\\=", "-", "1"]),
        ("X=-1", ["X", "=", "-", "1"]),
        ("X=\\+a", ["X", "=", "\\+", "a"]),
        ("a-->b", ["a", "-->", "b"]),
        ("1e-3 1.5E+3 2em", ["1e-3", "1.5E+3", "2", "em"]),
        ("0xFg 0b12 0o78", ["0xF", "g", "0b1", "2", "0o7", "8"]),
        ("0'a 0''' 0'\\n 0' ", ["0'a", "0'''", "0'\\n", "0' "]),
        ("a.%x\nb./*y*/c.", ["a", ".", "b", ".", "c", "."]),
        ("'it''s' 'a\\'b' \"x\"\"y\"", ["'it''s'", "'a\\'b'", '"x""y"']),
        ("'\\x41\\' 'a\\\\'", ["'\\x41\\'", "'a\\\\'"]),
        ("/* /* */ a", ["a"]),
        ("a/*", ["a", "/*"]),
    ],
)
def test_texts(text: str, expected: list[str]) -> None:
    assert texts_of(text) == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("rain", NAME),
        ("éa", NAME),
        ("名", NAME),
        ("Rain", VARIABLE),
        ("Éa", VARIABLE),
        ("_rain", VARIABLE),
        ("_", VARIABLE),
        ("'Rain'", QUOTED),
        ('"Rain"', STRING),
        ("12", NUMBER),
        ("=..", SYMBOL),
        ("!=", SYMBOL),
        (".", STOP),
        ("$", BAD),
        ("'rain", BAD),
        ('"rain', BAD),
        ("/* rain", BAD),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert tokens_of(text) == [(kind, text)]


@pytest.mark.parametrize("text", ["p(", "'p q'(", "-("])
def test_a_functor_touches_its_bracket(text: str) -> None:
    assert tokens_of(text)[0] == (FUNCTOR, text[:-1])
    assert tokens_of(text.replace("(", " ("))[0][0] != FUNCTOR


def test_an_unclosed_quote_ends_with_its_line() -> None:
    assert texts_of("a 'b c.\nd.") == ["a", "'b c.", "d", "."]


def test_offsets() -> None:
    tokens = Tokens(Source("t", " a  (b)"))
    assert list(zip(tokens.starts, tokens.ends, strict=True)) == [(1, 2), (4, 5), (5, 6), (6, 7), (7, 7)]


@pytest.mark.parametrize(
    "noise", ["'" + "\\x41\\" * 20_000, "'" + "''" * 20_001, "%\n" * 50_000, "/**/" * 50_000]
)
def test_no_text_takes_more_than_linear_time(noise: str) -> None:
    # A pattern that backtracks would not end within the age of the universe.
    assert len(tokens_of(noise)) <= 2
