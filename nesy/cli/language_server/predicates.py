"""The predicates of a program, with the places of their clauses and what is written above them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import final

from nesy.errors import Source, Span
from nesy.language.formatting.comments import Comment, gap
from nesy.language.syntax import Indicator, Program, indicator
from nesy.language.tokens import END, FUNCTOR, NAME, QUOTED, STOP, Tokens

_NAMES = (NAME, FUNCTOR, QUOTED)


@final
@dataclass
class Predicate:
    """A predicate that a program defines.

    heads: the places of its heads; clauses: those of the clauses they stand in, each once.
    notes: what else is known of it: facts from a table, a Python function.
    """

    key: Indicator
    heads: list[Span] = field(default_factory=list)
    clauses: list[Span] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        """Its name and arity, as `edge/2`."""
        return f"{self.key[0]}/{self.key[1]}"

    def comment(self) -> str:
        """What is written right above its first clause, else behind it on the same line."""
        return comment_about(self.clauses[0]) if self.clauses else ""


def defined(program: Program) -> dict[Indicator, Predicate]:
    """The predicates of a program, in order of their first clauses. Cost: linear."""
    found: dict[Indicator, Predicate] = {}
    for clause in program.clauses:
        for head in clause.heads:
            key = indicator(head.atom)
            predicate = found.setdefault(key, Predicate(key))
            if head.atom.span is not None and clause.span is not None:
                predicate.heads.append(head.atom.span)
                if predicate.clauses[-1:] != [clause.span]:
                    predicate.clauses.append(clause.span)
    for table in program.facts:
        key = table.name, len(table.columns)
        found.setdefault(key, Predicate(key)).notes.append(
            f"{counted(len(table), 'fact')} from {table.origin}"
        )
    for foreign in program.foreign:
        lines = (foreign.function.__doc__ or "").strip().splitlines()
        note = "a Python function" + (f": {lines[0]}" if lines else "")
        found.setdefault(foreign.indicator, Predicate(foreign.indicator)).notes.append(note)
    return found


def counted(count: int, noun: str) -> str:
    """A number of things, as `1 fact` or `2,000 facts`."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def guessed(tokens: Tokens, written: Program) -> dict[Indicator, Predicate]:
    """What the statements that cannot be read seem to define: names in the first column, or behind `::`."""
    found: dict[Indicator, Predicate] = {}
    for index in _unread(tokens, written):
        if tokens.kinds[index] in _NAMES and _begins_head(tokens, index):
            key = name_of(tokens, index), arity_at(tokens, index)
            predicate = found.setdefault(key, Predicate(key))
            predicate.heads.append(tokens.span(index))
            predicate.clauses.append(tokens.span(index))
    return found


def _unread(tokens: Tokens, written: Program) -> Iterator[int]:
    """The tokens outside all statements that were read."""
    spans = sorted((s.span.start, s.span.end) for s in written.statements if s.span is not None)
    at = 0
    for index, start in enumerate(tokens.starts):
        while at < len(spans) and spans[at][1] <= start:
            at += 1
        if at == len(spans) or start < spans[at][0]:
            yield index


def _begins_head(tokens: Tokens, index: int) -> bool:
    behind_label = index > 0 and tokens.texts[index - 1] == "::"
    return behind_label or (tokens.position(index)[1] == 1 and tokens.texts[index] not in ("nn", "t"))


def name_of(tokens: Tokens, index: int) -> str:
    """The name that a token is, without quotes."""
    text = tokens.texts[index]
    return text[1:-1].replace("''", "'") if text.startswith("'") else text


def arity_at(tokens: Tokens, index: int) -> int:
    """How many arguments stand in the brackets behind a name; those that are not closed count, too."""
    if tokens.kinds[index] != FUNCTOR:
        return 0
    depth, commas = 0, 0
    for at in range(index + 1, len(tokens)):
        text = tokens.texts[at]
        if tokens.kinds[at] in (STOP, END):
            break
        if text in ("(", "["):
            depth += 1
        elif text in (")", "]"):
            depth -= 1
            if depth == 0:
                break
        elif text == "," and depth == 1:
            commas += 1
    return commas + 1


def comment_about(span: Span) -> str:
    """The comment lines right above a statement, else the comment behind it on its last line."""
    source = span.source
    comments = _above(source, span.start)
    if not comments:
        rest = gap(_rest_of_line(source.text, span.end)).comments
        comments = [c.text for c in rest[:1] if not c.own_line]
    return "\n".join(_bare(text) for text in comments).strip()


def _above(source: Source, start: int) -> list[str]:
    """The texts of the comments on the lines right above a place, in order."""
    if source.text[source.offset(source.position(start)[0]) : start].strip():
        return []  # it does not start its line
    first = start
    found: list[Comment] = []
    while first > 0 and (above := _comment_line(source, first)) is not None:
        comment, first = above
        found.insert(0, comment)
    return [comment.text for comment in found]


def _comment_line(source: Source, start: int) -> tuple[Comment, int] | None:
    """The comment on the lines above a place, if there is nothing else; and where these lines begin."""
    line = source.position(start)[0] - 1
    if line < 1:
        return None
    text = source.line_text(line).strip()
    if text.endswith("*/"):
        opened = source.text.rfind("/*", 0, start)
        first = source.offset(source.position(opened)[0]) if opened >= 0 else 0
        if opened < 0 or source.text[first:opened].strip():
            return None
    elif text.startswith("%"):
        first = source.offset(line)
    else:
        return None
    comments = gap(source.text[first:start], starts_file=True).comments
    return (comments[0], first) if len(comments) >= 1 else None


def _rest_of_line(text: str, start: int) -> str:
    end = text.find("\n", start)
    return text[start : len(text) if end < 0 else end]


def _bare(comment: str) -> str:
    """The words of a comment, without its signs."""
    if comment.startswith("/*"):
        inner = comment.removeprefix("/*").removesuffix("*/").strip().splitlines()
        return "\n".join(line.strip().removeprefix("*").strip() for line in inner)
    return comment.lstrip("%").removeprefix("!").strip()
