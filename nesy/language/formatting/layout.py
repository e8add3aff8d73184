"""The lines of one statement: one where it fits, else one goal a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import final

from nesy.language.formatting.comments import Comment
from nesy.language.formatting.spacing import Spacing
from nesy.language.tokens import Tokens

WIDTH = 100
"""A statement of more characters than this is broken into lines."""
_INDENT = "    "
_ARROWS = frozenset({":-", "<-"})
_SEPARATORS = frozenset({",", ";", "->"})


def statement_lines(
    spacing: Spacing, comments: Mapping[int, Sequence[Comment]], first: int, last: int
) -> list[str]:
    """The lines of the statement from one token to another, its dot.

    comments: those that stand before a token, by the token's index.
    """
    inside = any(comments.get(index) for index in range(first + 1, last + 1))
    if not inside:
        line = _joined(spacing, first, last)
        if len(line) <= WIDTH:
            return [line]
    breaks = _breaks(spacing.tokens, first, last)
    lines = _Lines()
    for index in range(first, last + 1):
        if index > first:
            lines.comment(comments.get(index, ()))
        lines.add(spacing.before(index) if index > first else "", spacing.tokens.texts[index])
        if index in breaks:
            lines.end()
    lines.end()
    return lines.done


def _joined(spacing: Spacing, first: int, last: int) -> str:
    texts = spacing.tokens.texts
    rest = (spacing.before(index) + texts[index] for index in range(first + 1, last + 1))
    return texts[first] + "".join(rest)


def _breaks(tokens: Tokens, first: int, last: int) -> frozenset[int]:
    """The tokens behind which a long statement is broken: separators outside brackets, and the arrow."""
    breaks: set[int] = set()
    depth = 0
    for index in range(first, last):
        text = tokens.texts[index]
        depth += (text in ("(", "[")) - (text in (")", "]"))
        separates = text in _SEPARATORS or (text in _ARROWS and index > first)
        if depth == 0 and separates:
            breaks.add(index)
    return frozenset(breaks)


@final
@dataclass
class _Lines:
    """The finished lines of a statement, and the one that grows."""

    done: list[str] = field(default_factory=list)
    current: str = ""

    def add(self, space: str, text: str) -> None:
        """Put a token behind what stands there."""
        if self.current:
            self.current += space + text
        else:
            self.current = (_INDENT if self.done else "") + text

    def end(self) -> None:
        """End the line."""
        if self.current:
            self.done.append(self.current)
            self.current = ""

    def comment(self, comments: Sequence[Comment]) -> None:
        """Put the comments that stand before the next token."""
        for comment in comments:
            if comment.own_line:
                self.end()
                self.done.append(_INDENT + comment.text)
            elif self.current:
                self.current += ("  " if comment.ends_line else " ") + comment.text
                if comment.ends_line:
                    self.end()
                else:
                    self.current += " "
            else:
                self.done[-1] += "  " + comment.text
