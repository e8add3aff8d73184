"""The outline of a text: its predicates and statements, in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, final

from nesy.cli.language_server.analysis import Analysis
from nesy.errors import Span
from nesy.language.syntax import (
    Clause,
    Constraint,
    Directive,
    Evidence,
    Head,
    Indicator,
    Neural,
    Query,
    indicator,
)

Kind = Literal["predicate", "neural", "query", "evidence", "constraint", "directive"]


@final
@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the outline.

    whole: the characters it is about, such as all clauses that stand together; place: where to go.
    """

    title: str
    kind: Kind
    whole: Span
    place: Span
    detail: str = ""


def outline(analysis: Analysis) -> list[Entry]:
    """The entries of a text. Clauses of one predicate that follow one another are one. Cost: linear."""
    entries: list[Entry] = []
    for statement in analysis.written.statements:
        if statement.span is None:
            continue
        if isinstance(statement, Clause):
            _add_clause(entries, statement, statement.span)
        else:
            entries.append(_other(statement, statement.span))
    return entries


def _add_clause(entries: list[Entry], clause: Clause, span: Span) -> None:
    """Add a clause: to the entry before, if that is of the same predicate."""
    heads: dict[Indicator, Head] = {}
    for head in clause.heads:
        heads.setdefault(indicator(head.atom), head)
    for (name, arity), head in heads.items():
        kind: Kind = "neural" if isinstance(head.label, Neural) else "predicate"
        title = f"{name}/{arity}"
        place = head.atom.span or span
        before = entries[-1] if entries else None
        if len(heads) == 1 and before is not None and (before.title, before.kind) == (title, kind):
            whole = Span(span.source, before.whole.start, span.end)
            entries[-1] = Entry(title, kind, whole, before.place)
        else:
            entries.append(Entry(title, kind, span, place))


def _other(statement: Query | Evidence | Constraint | Directive, span: Span) -> Entry:
    kind: Kind
    match statement:
        case Query():
            kind = "query"
        case Evidence():
            kind = "evidence"
        case Constraint():
            kind = "constraint"
        case Directive():
            kind = "directive"
    first = " ".join(span.text.split())
    return Entry(first if len(first) <= 60 else first[:57] + "...", kind, span, span)
