"""Where the keys of a TOML text stand, which its parser does not tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import final

from nesy.errors import Source, Span

Keys = tuple[str, ...]
"""The way to a value: the names of the tables it is in, and its own."""

TOKEN = re.compile(
    r"""
    (?P<blank>[ \t\r]+|\#[^\n]*)
  | (?P<newline>\n)
  | (?P<string>\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\])*"|'[^']*')
  | (?P<mark>[\[\]{}=.,])
  | (?P<bare>[^\s\[\]{}=.,\#"']+)
    """,
    re.VERBOSE | re.DOTALL,
)


@final
@dataclass(frozen=True)
class Places:
    """The span of each key and of each table's header, of a text or of nothing at all."""

    source: Source | None = None
    spans: Mapping[Keys, Span] = field(default_factory=dict, repr=False)

    def of(self, keys: Keys) -> Span | None:
        """The place of a key, or of the innermost table it would be in, or the text's beginning."""
        for length in range(len(keys), 0, -1):
            found = self.spans.get(keys[:length])
            if found is not None:
                return found
        return None if self.source is None else Span(self.source, 0, 0)


def find_places(source: Source, unquoted: Callable[[str], str]) -> Places:
    """The places of all keys of a text that a TOML parser has accepted.

    unquoted: what a quoted key says. Cost: O(length of the text).
    """
    scan = _Scan(source, unquoted)
    for kind, text, start, end in _tokens(source.text):
        scan.take(kind, text, start, end)
    return Places(source, scan.spans)


def _tokens(text: str) -> Iterator[tuple[str, str, int, int]]:
    for match in TOKEN.finditer(text):
        if match.lastgroup is not None and match.lastgroup != "blank":
            yield match.lastgroup, match.group(), match.start(), match.end()
    yield "newline", "\n", len(text), len(text)


@final
@dataclass
class _Scan:
    """One token after the other. A key is read until its `=`, a header until the line ends, a value until the
    comma or the end of line that is its own. open: the brackets of the value, with the keys of inline tables.
    """

    source: Source
    unquoted: Callable[[str], str]
    spans: dict[Keys, Span] = field(default_factory=dict)
    table: Keys = ()
    open: list[tuple[str, Keys]] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    ends: list[tuple[int, int]] = field(default_factory=list)
    reading: str = "key"
    current: Keys = ()

    def take(self, kind: str, text: str, start: int, end: int) -> None:
        if kind == "newline":
            if not self.open:
                self._end_line()
        elif self.reading == "value":
            self._in_value(text if kind == "mark" else "")
        elif kind != "mark":
            self.parts.append(self.unquoted(text) if kind == "string" else text)
            self.ends.append((start, end))
        elif text == "=":
            prefix = self.open[-1][1] if self.open else self.table
            self.current = self._named(prefix)
            self.reading = "value"
        elif text == "[":
            self.reading = "header"
        elif text == "}":
            self._close()

    def _end_line(self) -> None:
        if self.reading == "header":
            self.table = self._named(())
        self.reading = "key"
        self.parts, self.ends = [], []

    def _named(self, prefix: Keys) -> Keys:
        """The key that has been read, below a prefix; its first mention is its place."""
        for length in range(1, len(self.parts) + 1):
            span = Span(self.source, self.ends[0][0], self.ends[length - 1][1])
            self.spans.setdefault((*prefix, *self.parts[:length]), span)
        found = (*prefix, *self.parts)
        self.parts, self.ends = [], []
        return found

    def _in_value(self, mark: str) -> None:
        if mark == "[":
            self.open.append((mark, self.current))
        elif mark == "{":
            self.open.append((mark, self.current))
            self.reading = "key"
        elif mark in ("]", "}"):
            self._close()
        elif mark == "," and self.open and self.open[-1][0] == "{":
            self.reading = "key"

    def _close(self) -> None:
        self.open.pop()
        self.reading = "value"
