"""A rule text in canonical layout: the same tokens and comments, in the same order."""

from __future__ import annotations

from nesy.errors import LanguageError, Source
from nesy.language.formatting.comments import Comment, Gap, gap
from nesy.language.formatting.layout import statement_lines
from nesy.language.formatting.spacing import Spacing
from nesy.language.operators import Operator
from nesy.language.parser import read_program
from nesy.language.reader import Reader
from nesy.language.syntax import Program
from nesy.language.tokens import END, STOP, Tokens


def format_text(source: Source) -> str:
    """The text in canonical layout. Formatting the result again changes nothing.

    Statements stand on lines of their own, at most one empty line between them; a statement that is
    too long for a line has one goal a line. Literals, brackets and comments stay as they are written.
    Raises `LanguageError` where the text is malformed, and (unformattable) where the result would
    not mean the same; nothing is lost then.
    """
    program, text = _formatted(source)
    again, once_more = _formatted(Source(source.name, text))
    if again != program or once_more != text or _comments(source) != _comments(Source(source.name, text)):
        raise LanguageError(
            "unformattable",
            f"{source.name} would not mean the same when formatted, so it stays as it is",
            hint="a simpler way to write its operators may help; please report the file",
        )
    return text


def _formatted(source: Source) -> tuple[Program, str]:
    roles: dict[int, Operator] = {}
    reader = Reader(Tokens(source), roles)
    program, diagnostics = read_program(reader)
    if diagnostics:
        first, *others = diagnostics
        raise LanguageError(first.code, first.message, span=first.span, hint=first.hint, others=tuple(others))
    return program, _laid_out(reader.tokens, roles)


def _laid_out(tokens: Tokens, roles: dict[int, Operator]) -> str:
    spacing = Spacing(tokens, roles)
    lines: list[str] = []
    first = 0
    for index, kind in enumerate(tokens.kinds):
        if kind == END:
            _place_comments(lines, _gap(tokens, index).comments)
        elif kind == STOP:
            before = _gap(tokens, first)
            _place_comments(lines, before.comments)
            if before.blank_behind and lines:
                lines.append("")
            inside = {i: _gap(tokens, i).comments for i in range(first + 1, index + 1)}
            lines += statement_lines(spacing, inside, first, index)
            first = index + 1
    return "".join(line.rstrip() + "\n" for line in lines)


def _place_comments(lines: list[str], comments: tuple[Comment, ...]) -> None:
    """Put comments between statements: behind the statement before, or on lines of their own."""
    for comment in comments:
        if comment.own_line or not lines:
            if comment.blank_before and lines:
                lines.append("")
            lines.append(comment.text)
        else:
            lines[-1] += "  " + comment.text


def _gap(tokens: Tokens, index: int) -> Gap:
    """What stands before a token."""
    start = tokens.ends[index - 1] if index else 0
    end = tokens.starts[index]
    if end == start:
        return Gap()
    return gap(tokens.source.text[start:end], starts_file=index == 0)


def _comments(source: Source) -> list[str]:
    """The texts of all comments, in order."""
    tokens = Tokens(source)
    return [comment.text for index in range(len(tokens)) for comment in _gap(tokens, index).comments]
