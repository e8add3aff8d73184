"""How atoms, functors and strings are written: bare where they can be, else quoted and escaped."""

from __future__ import annotations

from nesy.language.misspellings import MISSPELLED
from nesy.language.tokens import SYMBOLS, is_plain_name

_BARE_SYMBOLS = frozenset(SYMBOLS) - frozenset(MISSPELLED)
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def atom_text(name: str) -> str:
    """An atom that stands alone, as an argument: `rain`, `'New York'`, `[]`, `+`."""
    return name if name == "[]" or is_plain_name(name) or name in _BARE_SYMBOLS else quoted(name)


def functor_text(name: str) -> str:
    """A name with an opening bracket right behind it."""
    return name if is_plain_name(name) or name in _BARE_SYMBOLS else quoted(name)


def quoted(name: str) -> str:
    """A name in single quotes."""
    return _within("'", name)


def string_text(value: str) -> str:
    """A string in double quotes."""
    return _within('"', value)


def _within(quote: str, text: str) -> str:
    if text.isprintable() and quote not in text and "\\" not in text:
        return quote + text + quote
    return quote + "".join(_escaped(c, quote) for c in text) + quote


def _escaped(character: str, quote: str) -> str:
    if character == quote:
        return "\\" + quote
    if character in _ESCAPES:
        return _ESCAPES[character]
    return character if character.isprintable() else f"\\x{ord(character):x}\\"
