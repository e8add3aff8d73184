"""The exception that carries a syntax error through pyparsing to where parsing resumes."""

from __future__ import annotations

from typing import final

from nesy.errors import Diagnostic, LanguageError, Span


@final
class Malformed(Exception):  # noqa: N818
    """A statement cannot be read.

    No pyparsing exception: with packrat parsing on, which any other user of pyparsing in the process
    may have done, pyparsing copies its own exceptions from their `args`, and loses what they carry.

    diagnostic: what is wrong, and where.
    resume: the index of the token where the next statement seems to start; None where that is
    behind the next dot.
    """

    def __init__(
        self, code: str, message: str, span: Span, hint: str | None = None, resume: int | None = None
    ) -> None:
        super().__init__(message)
        self.diagnostic = Diagnostic(code, message, span, hint)
        self.resume = resume

    def error(self) -> LanguageError:
        """The mistake as users see it, where a term is read as a goal once parsing is over."""
        found = self.diagnostic
        return LanguageError(found.code, found.message, span=found.span, hint=found.hint)
