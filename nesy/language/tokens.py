"""From rule text to tokens, in one pass of one regular expression.

Tokens are kept side by side in lists (kind, text, start, end): a file has a hundred thousand of them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from itertools import accumulate, compress
from typing import Final, final

from nesy.errors import Source, Span
from nesy.language.misspellings import MISSPELLED
from nesy.language.operators import OPERATORS, STANDARD, OperatorTable

NAME: Final = "name"
FUNCTOR: Final = "functor"  # a name, quoted name or symbol with `(` right behind it
QUOTED: Final = "quoted"
VARIABLE: Final = "variable"
NUMBER: Final = "number"
STRING: Final = "string"
SYMBOL: Final = "symbol"
PUNCTUATION: Final = "punctuation"
STOP: Final = "stop"  # the dot that ends a statement
BAD: Final = "bad"  # what cannot be read: an unclosed quote, an unknown character
END: Final = "end"  # after the last character
_LAYOUT: Final = "layout"  # white space and comments: no tokens

_BEFORE_BRACKET = frozenset({NAME, QUOTED, SYMBOL})


def _longest_first(names: set[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda s: (-len(s), s)))


_KNOWN = {o.name for o in OPERATORS if not o.name[0].isalpha() and o.name != ","} | set(MISSPELLED)
SYMBOLS: tuple[str, ...] = _longest_first(_KNOWN)
"""What is read as one token of symbol characters, the longest first; misspelled operators too."""

# Each alternative excludes the others, so that an unclosed quote costs no more than its line.
_ESCAPE = r"\\(?:x[0-9a-fA-F]+\\|x(?![0-9a-fA-F]+\\)|[0-7]+\\|[0-7](?![0-7]*\\)|[^x0-7])"
_INSIDE = r"[^%s\\\n]*(?:(?:%s%s|" + _ESCAPE + r")[^%s\\\n]*)*"
_QUOTED = "'" + _INSIDE.replace("%s", "'") + "'"
_STRING = '"' + _INSIDE.replace("%s", '"') + '"'
_CLOSED = re.compile(f"{_QUOTED}|{_STRING}", re.DOTALL)
_EXPONENT = r"(?:[eE][+-]?[0-9]+)?"


@lru_cache(maxsize=64)
def _pattern(defined: frozenset[str]) -> re.Pattern[str]:
    """A token, a piece of layout, or what is neither: some alternative matches at every character."""
    symbols = _longest_first(_KNOWN | defined)
    alternatives = (
        r"[^\W\d]\w*",
        r"[()\[\],|]",
        r"\s+",
        r"0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0'(?:" + _ESCAPE + r"|''|[^\\\n'])",
        r"[0-9]+(?:\.[0-9]+)?" + _EXPONENT,
        r"\.(?=\s|%|/\*|\Z)",
        r"(?<![\w)\]}'\".])\.[0-9]+" + _EXPONENT,
        _QUOTED,
        _STRING,
        # Behind an unclosed comment nothing counts.
        r"%[^\n]*|\A\#![^\n]*|/\*.*?\*/|/\*.*",
        "|".join(map(re.escape, symbols)),
        r"['\"][^\n]*|.",
    )
    return re.compile("|".join(alternatives), re.DOTALL)


_NAME = re.compile(r"[^\W\d]\w*")


def starts_variable(character: str) -> bool:
    """Whether a name that starts with this character is a variable's."""
    return character == "_" or character.isupper() or character.istitle()


def is_plain_name(text: str) -> bool:
    """Whether an atom of this name is written without quotes."""
    return _NAME.fullmatch(text) is not None and not starts_variable(text[0])


class _Kinds(dict[str, str]):
    """The kind of each piece of text that a pattern finds, worked out once."""

    def __init__(self, symbols: frozenset[str]) -> None:
        super().__init__(dict.fromkeys(symbols, SYMBOL))
        self["."] = STOP

    def __missing__(self, text: str) -> str:
        kind = self[text] = _kind(text)
        return kind


def _kind(text: str) -> str:
    """The kind of a piece of text that is no known symbol, and no dot on its own."""
    first = text[0]
    if first in "()[],|":
        return PUNCTUATION
    if first.isspace() or first == "%" or text.startswith("#!"):
        return _LAYOUT
    if first in "'\"":
        return BAD if _CLOSED.fullmatch(text) is None else QUOTED if first == "'" else STRING
    if first in ".0123456789":
        return NUMBER
    if text.startswith("/*"):
        return _LAYOUT if len(text) > 3 and text.endswith("*/") else BAD
    if first.isalpha() or first == "_" or _NAME.match(text):
        return VARIABLE if starts_variable(first) else NAME
    return BAD


@final
class Tokens:
    """The tokens of a source; the last one is `END`, with empty text, at the end of the text.

    operators: the operators in force behind the last directive that was obeyed.
    """

    def __init__(self, source: Source, operators: OperatorTable = STANDARD) -> None:
        self.source = source
        self.operators = operators
        self.kinds: list[str] = []
        self.texts: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self._scan(0)

    def __len__(self) -> int:
        return len(self.kinds)

    def use(self, operators: OperatorTable, index: int) -> None:
        """Let a table be in force from a token on; where it has new symbols, the rest is read anew."""
        anew = operators.symbols - self.operators.symbols - _KNOWN
        self.operators = operators
        if anew:
            start = self.ends[index - 1] if index else 0
            for column in (self.kinds, self.texts, self.starts, self.ends):
                del column[index:]
            self._scan(start)

    def _scan(self, position: int) -> None:
        """Read the text from a position on. Cost: linear, a few list comprehensions over the tokens."""
        text = self.source.text
        symbols = self.operators.symbols
        found = _pattern(symbols).findall(text, position)
        kind_of = _Kinds(symbols.union(SYMBOLS))
        kinds = list(map(kind_of.__getitem__, found))
        ends = accumulate(map(len, found), initial=position)
        starts = list(ends)
        keep = [kind is not _LAYOUT for kind in kinds]
        base = len(self.kinds)
        self.kinds += [*compress(kinds, keep), END]
        self.texts += [*compress(found, keep), ""]
        self.starts += [*compress(starts, keep), len(text)]
        self.ends += [*compress(starts[1:], keep), len(text)]
        self._look_behind(base)

    def _look_behind(self, base: int) -> None:
        """Tell functors and dots that end a statement by the character behind them."""
        text, kinds, ends = self.source.text, self.kinds, self.ends
        for index, word in enumerate(self.texts[base:], base):
            if word == "(":
                if index and kinds[index - 1] in _BEFORE_BRACKET and ends[index - 1] == ends[index] - 1:
                    kinds[index - 1] = FUNCTOR
            elif word == ".":
                behind = text[ends[index] : ends[index] + 2]
                if behind and not (behind[0].isspace() or behind[0] == "%" or behind == "/*"):
                    kinds[index] = BAD

    def index_at(self, offset: int) -> int:
        """Which token starts at an offset, or is the first behind it."""
        return bisect_left(self.starts, offset)

    def misspelled(self, index: int) -> bool:
        """Whether a token is an operator of other languages, and none of this text."""
        text = self.texts[index]
        return text in MISSPELLED and text not in self.operators

    def span(self, first: int, last: int | None = None) -> Span:
        """The characters of a token, or from the first of two tokens to the last."""
        return Span(self.source, self.starts[first], self.ends[first if last is None else last])

    def after(self, index: int) -> Span:
        """The empty place right behind a token."""
        return Span(self.source, self.ends[index], self.ends[index])

    def position(self, index: int) -> tuple[int, int]:
        """The (line, column) of a token, both counted from 1."""
        return self.source.position(self.starts[index])

    def starts_line(self, index: int) -> bool:
        """Whether a token is the first of its line."""
        if index == 0:
            return True
        return "\n" in self.source.text[self.ends[index - 1] : self.starts[index]]
