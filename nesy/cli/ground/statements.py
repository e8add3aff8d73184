"""The statements of a ground program as `nesy ground --json` prints them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nesy.language.printer import statement_text, term_text
from nesy.language.syntax import (
    Call,
    Clause,
    Conjunction,
    Constraint,
    Evidence,
    Goal,
    Head,
    Learnable,
    Negation,
    Neural,
    Number,
    Probability,
    Program,
    Query,
)


def entries(program: Program) -> list[dict[str, Any]]:
    """A document for each statement: its kind, its text, and its parts."""
    return [entry for statement in program.statements for entry in _entries(statement)]


def _entries(statement: object) -> Iterator[dict[str, Any]]:
    match statement:
        case Clause():
            yield {
                "kind": "clause",
                "text": statement_text(statement),
                "heads": [_head(head) for head in statement.heads],
                "body": _body(statement.body),
            }
        case Query():
            yield {"kind": "query", "text": statement_text(statement), "atom": term_text(statement.atom)}
        case Evidence():
            yield {
                "kind": "evidence",
                "text": statement_text(statement),
                "atom": term_text(statement.atom),
                "holds": statement.holds,
            }
        case Constraint():
            yield {"kind": "constraint", "text": statement_text(statement), "body": _body(statement.body)}


def _head(head: Head) -> dict[str, Any]:
    """An alternative of a head; its probability is null where it is certain or a network's."""
    label = head.label
    written = label.value if isinstance(label, Probability) else None
    if isinstance(label, Learnable):
        written = label.initial
    return {
        "atom": term_text(head.atom),
        "probability": written.value if isinstance(written, Number) else None,
        "network": label.network if isinstance(label, Neural) else None,
        "learnable": isinstance(label, Learnable),
    }


def _body(body: Goal | None) -> list[dict[str, Any]]:
    goals = body.goals if isinstance(body, Conjunction) else () if body is None else (body,)
    return [_literal(goal) for goal in goals]


def _literal(goal: Goal) -> dict[str, Any]:
    """A goal of a ground program: an atom, or its negation."""
    inner = goal.goal if isinstance(goal, Negation) else goal
    assert isinstance(inner, Call)
    return {"atom": term_text(inner.atom), "positive": inner is goal}
