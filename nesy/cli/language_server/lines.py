"""Places as editors count them: a line, and how far into it, in code units of some encoding."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Literal, final

Encoding = Literal["utf-8", "utf-16", "utf-32"]

_LINE_END = re.compile(r"\r\n|\n|\r")
_BYTES = {"utf-8": 1, "utf-16": 2, "utf-32": 4}
"""The size of a code unit."""


@final
class Lines:
    """The lines of a text, and the places in it as (line, units into the line), both counted from 0.

    Cost: linear in the text once, then in the length of a line for each place.
    """

    def __init__(self, text: str, encoding: Encoding = "utf-16") -> None:
        self.text = text
        self._codec = encoding if encoding == "utf-8" else f"{encoding}-le"
        self._unit = _BYTES[encoding]
        ends = [match.span() for match in _LINE_END.finditer(text)]
        self._starts = [0, *(end for _, end in ends)]
        self._ends = [*(start for start, _ in ends), len(text)]

    def offset(self, line: int, units: int) -> int:
        """The character at a place. A place behind the end of its line, or of the text, is that end."""
        if line >= len(self._starts):
            return len(self.text)
        start, end = self._starts[line], self._ends[line]
        encoded = self.text[start:end].encode(self._codec, "surrogatepass")
        before = encoded[: units * self._unit].decode(self._codec, "ignore")
        return start + len(before)

    def place(self, offset: int) -> tuple[int, int]:
        """The line and the units before a character."""
        line = bisect_right(self._starts, offset) - 1
        start = self._starts[line]
        before = self.text[start : min(offset, self._ends[line])]
        return line, len(before.encode(self._codec, "surrogatepass")) // self._unit
