"""What may be written at the cursor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, final

from nesy.cli.language_server.analysis import Analysis
from nesy.cli.language_server.hover import STATEMENTS, builtin_text, network_text
from nesy.cli.language_server.words import DESCRIBED, in_network_place
from nesy.language.quoting import functor_text
from nesy.language.statements import DIRECTIVES
from nesy.language.tokens import (
    BAD,
    NUMBER,
    PUNCTUATION,
    QUOTED,
    STOP,
    STRING,
    SYMBOL,
    VARIABLE,
    is_plain_name,
)

Kind = Literal["predicate", "built-in", "network", "variable", "statement", "directive"]
_ARROWS = (":-", "<-")
_BETWEEN = (PUNCTUATION, SYMBOL, STOP)
"""What stands between words."""


@final
@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may be written.

    label: as it is listed; text: what is written; about: what is shown beside it, in Markdown.
    """

    label: str
    text: str
    kind: Kind
    about: str = ""


def completions(analysis: Analysis, offset: int) -> list[Candidate]:
    """What may be written at a character: the nearest first.

    Nothing inside comments, quotes and numbers. What is being typed there is no candidate itself.
    """
    if analysis.in_comment(offset):
        return []
    index = _typed(analysis, offset)
    tokens = analysis.tokens
    if index is not None and _is_literal(analysis, index, offset):
        return []
    at = tokens.index_at(offset) if index is None else index
    if in_network_place(tokens, at):
        return list(_networks(analysis, offset))
    found = [*_variables(analysis, at, index), *_predicates(analysis, index)]
    if at > 0 and tokens.texts[at - 1] in _ARROWS and at - 1 == analysis.statement_at(at - 1).start:
        found += [Candidate(name, name, "directive") for name in sorted(DIRECTIVES)]
    found += [Candidate(name, name, "statement", text) for name, text in STATEMENTS.items()]
    return found + list(_builtins(analysis))


def _typed(analysis: Analysis, offset: int) -> int | None:
    """The word, number or quote that is being typed: the character ends it, or is inside of it."""
    tokens = analysis.tokens
    index = tokens.index_at(offset) - 1
    if index < 0 or tokens.ends[index] < offset or tokens.kinds[index] in _BETWEEN:
        return None
    return index


def _is_literal(analysis: Analysis, index: int, offset: int) -> bool:
    tokens = analysis.tokens
    if tokens.kinds[index] in (QUOTED, STRING):
        return offset < tokens.ends[index]
    unclosed = tokens.kinds[index] == BAD and tokens.texts[index].startswith(("'", '"', "/*"))
    return unclosed or tokens.kinds[index] == NUMBER


def _networks(analysis: Analysis, offset: int) -> Iterator[Candidate]:
    """The networks, but for one that is named in the label that is being typed alone."""
    for name, labels in analysis.networks.items():
        spans = [label.span for label in labels if label.span is not None]
        if any(not (analysis.is_here(s) and s.start <= offset <= s.end) for s in spans):
            yield Candidate(name, name, "network", network_text(name, labels))


def _variables(analysis: Analysis, at: int, typed: int | None) -> Iterator[Candidate]:
    """The variables of the statement that is being written before a token, or at the one that is typed."""
    tokens = analysis.tokens
    between = typed is None and at > 0 and tokens.kinds[at - 1] != STOP
    indices = analysis.statement_at(at - 1 if between else at)
    named = (tokens.texts[i] for i in indices if tokens.kinds[i] == VARIABLE and i != typed)
    for name in dict.fromkeys(named):
        if name != "_":
            yield Candidate(name, name, "variable")


def _predicates(analysis: Analysis, typed: int | None) -> Iterator[Candidate]:
    start = None if typed is None else analysis.tokens.starts[typed]
    for (name, _), predicate in analysis.predicates.items():
        if any(not (analysis.is_here(head) and head.start == start) for head in predicate.heads) or (
            predicate.notes
        ):
            about = predicate.comment()
            yield Candidate(predicate.title, functor_text(name), "predicate", about)


def _builtins(analysis: Analysis) -> Iterator[Candidate]:
    """The built-in predicates that are called by a name, but for those that the program defines."""
    for key, line in DESCRIBED.items():
        if is_plain_name(key[0]) and key not in analysis.predicates:
            yield Candidate(f"{key[0]}/{key[1]}", key[0], "built-in", builtin_text(line))
