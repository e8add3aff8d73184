"""A text that somebody is writing, read as far as it can be read."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import final

from nesy.cli.language_server.predicates import Predicate, defined, guessed
from nesy.cli.permissions import NOTHING, Permissions
from nesy.errors import Diagnostic, Source, Span
from nesy.language import check
from nesy.language.modules.access import Access
from nesy.language.modules.loading import load_modules
from nesy.language.parser import read_program
from nesy.language.reader import Reader
from nesy.language.syntax import Indicator, Neural, Program
from nesy.language.tokens import END, PUNCTUATION, STOP, SYMBOL, Tokens

_NO_WORDS = (END, STOP, PUNCTUATION)
_PIECE = re.compile(r"\s+|%[^\n]*|#![^\n]*|/\*.*?\*/|/\*.*", re.DOTALL)


@final
class Analysis:
    """A text, its tokens, and the statements that can be read, with those of the files it names.

    path: of the file that the text is; None where it is not a file yet.
    Nothing is grounded, and nothing is raised about the text. Cost: linear in the text and its files.
    """

    def __init__(self, text: str, path: Path | None = None, allowed: Permissions = NOTHING) -> None:
        self.source = Source("<text>" if path is None else str(path), text)
        self.path = path
        self.allowed = allowed
        reader = Reader(Tokens(self.source))
        self.written, malformed = read_program(reader)
        self.malformed = bool(malformed)
        self.tokens = reader.tokens

    @cached_property
    def program(self) -> Program:
        """The statements of the text and of the files that its directives name."""
        folder = None if self.path is None else self.path.parent
        access = Access(folder, self.allowed.files, self.allowed.python)
        return load_modules(self.written, self.path, access).program

    @cached_property
    def predicates(self) -> dict[Indicator, Predicate]:
        """What is defined, in order of the text; then what malformed statements seem to define."""
        found = defined(self.program)
        if self.malformed:
            for key, predicate in guessed(self.tokens, self.written).items():
                found.setdefault(key, predicate)
        return found

    @cached_property
    def networks(self) -> dict[str, list[Neural]]:
        """The labels that name each network."""
        found: dict[str, list[Neural]] = {}
        for label in self.program.networks():
            found.setdefault(label.network, []).append(label)
        return found

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What `nesy check` says of the text."""
        return check(
            self.source.text,
            self.source.name,
            base=self.path,
            allow_files=self.allowed.files,
            allow_python=self.allowed.python,
        )

    def is_here(self, span: Span) -> bool:
        """Whether a place is in this text, not in another file."""
        return span.source.name == self.source.name and span.source.text == self.source.text

    def token_at(self, offset: int) -> int | None:
        """The word or operator that holds a character, or ends right before it; words come first."""
        tokens = self.tokens
        index = tokens.index_at(offset)
        found = None
        for at in (index, index - 1):
            if (
                at < 0
                or tokens.kinds[at] in _NO_WORDS
                or not (tokens.starts[at] <= offset <= tokens.ends[at])
            ):
                continue
            if found is None or tokens.kinds[found] == SYMBOL:
                found = at
        return found

    def in_comment(self, offset: int) -> bool:
        """Whether what is typed at a character becomes part of a comment."""
        tokens = self.tokens
        index = tokens.index_at(offset)
        start = tokens.ends[index - 1] if index else 0
        for piece in _PIECE.finditer(self.source.text, start, tokens.starts[index]):
            if piece.start() < offset <= piece.end():
                closed = piece.group().endswith("*/") and offset == piece.end()
                return not piece.group().isspace() and not closed
        return False

    def statement_at(self, index: int) -> range:
        """The tokens of the statement that a token is of, without its dot.

        Where statements are malformed, one that is being written may have no dot yet: a line that
        starts in the first column begins another.
        """
        tokens = self.tokens
        first = index
        while first > 0 and tokens.kinds[first - 1] != STOP and not self._begins(first):
            first -= 1
        end = index + 1
        while end < len(tokens) and tokens.kinds[end - 1] != STOP and not self._begins(end):
            end += 1
        return range(first, end - (tokens.kinds[end - 1] in (STOP, END)))

    def _begins(self, index: int) -> bool:
        """Whether a token seems to begin a statement, though the one before it has not ended."""
        return self.malformed and self.tokens.position(index)[1] == 1
