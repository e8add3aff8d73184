"""The comments that stand between two tokens, and how they stand there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import final

_PIECE = re.compile(r"\s+|%[^\n]*|#![^\n]*|/\*.*?\*/", re.DOTALL)


@final
@dataclass(frozen=True, slots=True)
class Comment:
    """One comment.

    own_line: it does not stand on the line of the token before.
    blank_before: an empty line stands right before it.
    """

    text: str
    own_line: bool
    blank_before: bool

    @property
    def ends_line(self) -> bool:
        """Whether nothing may follow it on its line."""
        return not self.text.startswith("/*") or "\n" in self.text


@final
@dataclass(frozen=True, slots=True)
class Gap:
    """What stands between two tokens. blank_behind: an empty line stands right before the second."""

    comments: tuple[Comment, ...] = ()
    blank_behind: bool = False


def gap(text: str, *, starts_file: bool = False) -> Gap:
    """The comments in the text between two tokens. Cost: linear."""
    comments: list[Comment] = []
    own_line, blank = starts_file, False
    for piece in _PIECE.findall(text):
        if piece.isspace():
            own_line = own_line or "\n" in piece
            blank = piece.count("\n") > 1
        else:
            comments.append(Comment(piece.rstrip(), own_line, blank))
            blank = False
    return Gap(tuple(comments), blank)
