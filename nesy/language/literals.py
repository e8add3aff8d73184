"""The values of written numbers, strings and quoted atoms."""

from __future__ import annotations

import math
import re

from nesy.errors import Span
from nesy.language.malformed import Malformed

MAX_DIGITS = 4000
"""The longest integer, in characters: below the limit that Python sets for reading and printing one."""

_RADIX = {"0x": 16, "0o": 8, "0b": 2}
_SIMPLE_ESCAPES = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "s": " ",
    "e": "\x1b",
    "\n": "",
    "\\": "\\",
    "'": "'",
    '"': '"',
    "`": "`",
}
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]+)\\|([0-7]+)\\|(.))|''|\"\"", re.DOTALL)


def number(text: str, span: Span) -> int | float:
    """The value of a number token: decimal, 0x, 0o, 0b, a character code 0'c, or a float."""
    if len(text) > MAX_DIGITS:
        raise Malformed("number-out-of-range", f"a number of {len(text)} characters is too long", span)
    if text.isdigit():
        return int(text)
    if text.startswith("0'"):
        character = unescape(text[2:], "'", span)
        if not character:
            raise _unknown_escape(text[2:], 1, span)
        return ord(character)
    radix = _RADIX.get(text[:2].lower())
    if radix is not None:
        return int(text[2:], radix)
    value = float(text)
    if math.isinf(value):
        raise Malformed("number-out-of-range", f"{text} is too large for a float", span)
    return value


def unescape(body: str, quote: str, span: Span) -> str:
    """The characters that the inside of a quoted token stands for."""
    if "\\" not in body and quote not in body:
        return body

    def replace(match: re.Match[str]) -> str:
        whole = match.group()
        if whole[0] != "\\":
            return whole[0] if whole[0] == quote else whole
        hexadecimal, octal, simple = match.groups()
        if simple is not None:
            if simple in _SIMPLE_ESCAPES:
                return _SIMPLE_ESCAPES[simple]
            raise _unknown_escape(whole, match.start(), span)
        code = int(hexadecimal, 16) if hexadecimal is not None else int(octal, 8)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:  # no characters: they could not be written
            raise _unknown_escape(whole, match.start(), span)
        return chr(code)

    return _ESCAPE.sub(replace, body)


def _unknown_escape(escape: str, offset: int, span: Span) -> Malformed:
    # The body starts one character (the quote) behind the token.
    start = span.start + 1 + offset
    place = Span(span.source, start, start + len(escape))
    return Malformed(
        "unknown-escape",
        f"`{escape}` is not an escape sequence",
        place,
        "a backslash itself is written `\\\\`",
    )
