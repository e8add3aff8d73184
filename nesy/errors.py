"""User mistakes, all of one family: what is wrong, where, and what to do next.

Every mistake a user can make ends in a `NesyError`. It carries a `Diagnostic`: a stable code, a
message, the place in the rule file where there is one, and a remedy.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, final

Severity = Literal["error", "warning"]


@final
@dataclass(frozen=True)
class Source:
    """A text of rules and the name it goes by in messages (a file path, or `<text>`)."""

    name: str
    text: str = field(repr=False)

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        starts.extend(i + 1 for i, character in enumerate(self.text) if character == "\n")
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """The (line, column) of a character offset, both counted from 1."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def offset(self, line: int) -> int:
        """The offset of the first character of a line (counted from 1)."""
        return self._line_starts[line - 1]

    def line_text(self, line: int) -> str:
        """The text of a line (counted from 1), without its newline."""
        start = self._line_starts[line - 1]
        end = self.text.find("\n", start)
        return self.text[start : len(self.text) if end < 0 else end].rstrip("\r")


@final
@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters `[start, end)` in a source."""

    source: Source
    start: int
    end: int

    @property
    def line(self) -> int:
        """The line where the span starts, counted from 1."""
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        """The column where the span starts, counted from 1."""
        return self.source.position(self.start)[1]

    @property
    def text(self) -> str:
        """The characters of the span."""
        return self.source.text[self.start : self.end]


@final
@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding about a user's input. Codes are kebab-case and stable: tools rely on them."""

    code: str
    message: str
    span: Span | None = None
    hint: str | None = None
    severity: Severity = "error"

    def render(self) -> str:
        """The finding as people read it: code and message, place, the line with a caret, help.

        Cost: O(length of the source's text).
        """
        lines = [f"{self.severity}[{self.code}]: {self.message}"]
        if self.span is not None:
            lines.extend(_excerpt(self.span))
        if self.hint is not None:
            lines.append(f"  help: {self.hint}")
        return "\n".join(lines)


WHOLE = 120
"""Source lines of up to this many characters are shown whole; of longer ones, what is near the caret."""
BEFORE, AROUND = 50, 100
"""How many characters of a long line are shown: before the caret, and in all."""
CUT = "..."


def _excerpt(span: Span) -> list[str]:
    line, column = span.line, span.column
    text = span.source.line_text(line)
    length = min(span.end, span.start + len(text) - column + 1) - span.start
    shown, at = _window(text, column - 1)
    gutter = " " * len(str(line))
    # Tabs are kept in the padding, so that the caret stands under its character whatever their width.
    padding = "".join("\t" if c == "\t" else " " for c in shown[:at])
    carets = "^" * max(1, length if shown == text else min(length, len(shown) - at))
    return [
        f"  {span.source.name}:{line}:{column}",
        f"  {line} | {shown}",
        f"  {gutter} | {padding}{carets}",
    ]


def _window(text: str, at: int) -> tuple[str, int]:
    """The part of a line around a place, and where the place is in it."""
    if len(text) <= WHOLE:
        return text, at
    first = max(0, min(at - BEFORE, len(text) - AROUND))
    head = CUT if first > 0 else ""
    tail = CUT if first + AROUND < len(text) else ""
    return head + text[first : first + AROUND] + tail, len(head) + at - first


class NesyError(Exception):
    """A user's mistake, or a request that cannot be met. `str()` is the rendered diagnostic.

    `others` holds further findings of the same run (a file with three mistakes raises one error).
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        span: Span | None = None,
        hint: str | None = None,
        others: tuple[Diagnostic, ...] = (),
    ) -> None:
        self.diagnostic = Diagnostic(code, message, span, hint)
        self.others = others
        super().__init__(code, message)

    @property
    def code(self) -> str:
        """The stable kebab-case name of the mistake."""
        return self.diagnostic.code

    @property
    def message(self) -> str:
        """What is wrong, in one sentence."""
        return self.diagnostic.message

    @property
    def span(self) -> Span | None:
        """Where in the rules, when the mistake has a place there."""
        return self.diagnostic.span

    @property
    def hint(self) -> str | None:
        """What to do about it."""
        return self.diagnostic.hint

    def __str__(self) -> str:
        return self.diagnostic.render()


class LanguageError(NesyError):
    """The rule text is malformed, or one of the checks on it failed."""


class GroundingError(NesyError):
    """The rules cannot be grounded for what was asked: a wrong mode, a non-ground probability."""


class SemanticsError(NesyError):
    """The program has no meaning as asked: a cycle through negation, impossible evidence."""


class CompilationError(NesyError):
    """A ground program could not be compiled within the limits given."""


class EngineError(NesyError):
    """An engine is unknown, or refuses a task; the message says why and which engine can."""


class ModelError(NesyError):
    """Networks, inputs or targets do not fit the template."""


class DataError(NesyError):
    """A file of data is missing, truncated or corrupt."""


class ConfigError(NesyError):
    """A training configuration is malformed, or what it names cannot be had."""
