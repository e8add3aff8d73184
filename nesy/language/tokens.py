"""From rule text to tokens, in one pass of one regular expression.

Tokens are kept side by side in lists (kind, text, start, end): a file has a hundred thousand of them.
"""

from __future__ import annotations

import re
from typing import Final, final

from nesy.errors import Source, Span
from nesy.language.misspellings import MISSPELLED
from nesy.language.operators import OPERATORS

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

SYMBOLS: tuple[str, ...] = tuple(
    sorted(
        {o.name for o in OPERATORS if not o.name[0].isalpha() and o.name != ","} | set(MISSPELLED),
        key=lambda s: (-len(s), s),
    )
)
"""What is read as one token of symbol characters, the longest first; misspelled operators too."""

# Each alternative excludes the others, so that an unclosed quote costs no more than its line.
_ESCAPE = r"\\(?:x[0-9a-fA-F]+\\|x(?![0-9a-fA-F]+\\)|[0-7]+\\|[0-7](?![0-7]*\\)|[^x0-7])"
_QUOTED_BODY = r"[^%s\\\n]*(?:(?:%s%s|" + _ESCAPE + r")[^%s\\\n]*)*"
_PATTERN = re.compile(
    "|".join(
        (
            r"(?P<skip>\s+|%[^\n]*|/\*.*?\*/)",
            r"(?P<name>[^\W\d]\w*)",
            r"(?P<punctuation>[()\[\],|])",
            r"(?P<number>0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+"
            r"|0'(?:" + _ESCAPE + r"|''|[^\\\n'])"
            r"|[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)",
            r"(?P<stop>\.(?=\s|%|/\*|\Z))",
            r"(?P<quoted>'" + _QUOTED_BODY.replace("%s", "'") + "')",
            r'(?P<string>"' + _QUOTED_BODY.replace("%s", '"') + '")',
            r"(?P<comment>/\*)",
            "(?P<symbol>" + "|".join(map(re.escape, SYMBOLS)) + ")",
            r"(?P<bad>['\"][^\n]*|.)",
        )
    ),
    re.DOTALL,
)
_NAME = re.compile(r"[^\W\d]\w*")


def starts_variable(character: str) -> bool:
    """Whether a name that starts with this character is a variable's."""
    return character == "_" or character.isupper() or character.istitle()


def is_plain_name(text: str) -> bool:
    """Whether an atom of this name is written without quotes."""
    return _NAME.fullmatch(text) is not None and not starts_variable(text[0])


@final
class Tokens:
    """The tokens of a source; the last one is `END`, with empty text, at the end of the text.

    index_at: which token starts at an offset; offset 0 stands for the first one, wherever it starts.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.kinds: list[str] = []
        self.texts: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self._scan(source.text)
        self.index_at = {start: index for index, start in enumerate(self.starts)}
        self.index_at[0] = 0

    def __len__(self) -> int:
        return len(self.kinds)

    def _scan(self, text: str) -> None:
        kinds, texts, starts, ends = self.kinds, self.texts, self.starts, self.ends
        size = len(text)
        for match in _PATTERN.finditer(text):
            kind = match.lastgroup
            if kind == "skip":
                continue
            start, end = match.span()
            assert kind is not None
            word = match.group()
            if kind == "comment":  # only an unclosed one is left over: nothing behind it counts
                self._add(BAD, text[start:], start, size)
                break
            if kind == NAME and starts_variable(word[0]):
                kind = VARIABLE
            elif kind in (NAME, QUOTED, SYMBOL) and end < size and text[end] == "(":
                kind = FUNCTOR
            kinds.append(kind)
            texts.append(word)
            starts.append(start)
            ends.append(end)
        self._add(END, "", size, size)

    def _add(self, kind: str, text: str, start: int, end: int) -> None:
        self.kinds.append(kind)
        self.texts.append(text)
        self.starts.append(start)
        self.ends.append(end)

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
