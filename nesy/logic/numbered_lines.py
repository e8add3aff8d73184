"""Line-based files of numbers, such as DIMACS: their lines, and mistakes in them with their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import final

from nesy.errors import DataError, Source, Span

LARGEST = 2**31 - 1
"""Numbers in such files are at most this."""


@final
@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank, as words.

    code: what a mistake in this kind of file is called.
    """

    source: Source
    code: str
    start: int
    text: str
    words: list[str]

    def error(self, message: str, hint: str | None = None) -> DataError:
        """A mistake in this line."""
        begin = self.start + len(self.text) - len(self.text.lstrip())
        return DataError(
            self.code, message, span=Span(self.source, begin, self.start + len(self.text.rstrip())), hint=hint
        )

    def integers(self, words: Sequence[str]) -> list[int]:
        """Words as whole numbers. Raises `DataError` where one is none, or too large."""
        try:
            found = list(map(int, words))
        except ValueError:
            wrong = next((w for w in words if not w.lstrip("+-").isdecimal()), max(words, key=len))
            raise self.error(f"{wrong[:40]!r} is not a whole number") from None
        if found and (max(found) > LARGEST or min(found) < -LARGEST):
            raise self.error("a number is larger than 2^31")
        return found


def lines_of(source: Source, code: str) -> Iterator[Line]:
    """The lines of a text that are not blank."""
    start = 0
    for text in source.text.splitlines(keepends=True):
        words = text.split()
        if words:
            yield Line(source, code, start, text, words)
        start += len(text)
