"""From the term that a body was read as to the goals it means."""

from __future__ import annotations

from nesy.errors import Span
from nesy.language.malformed import Malformed
from nesy.language.operators import NEGATIONS
from nesy.language.syntax import (
    Atom,
    Call,
    Callable,
    Compound,
    Conjunction,
    Disjunction,
    Goal,
    ListTerm,
    Negation,
    Number,
    String,
    Term,
    Variable,
)
from nesy.language.wellformed import MAX_GOAL_DEPTH, check_term, too_deep

_SEPARATORS = (",", ";")
_HINTS = {
    "variable": "names of predicates start with a lower-case letter",
    "negation": r"state when it holds; \+ stands before goals of a body",
}
_KINDS: dict[type[Term], str] = {
    Variable: "variable",
    Number: "number",
    String: "string",
    ListTerm: "list",
    Atom: "list",
    Compound: "negation",
}


def goal(term: Term) -> Goal:
    """The goal that a term means in a body. Raises `Malformed` where it means none."""
    return _goal(term, 0)


def _goal(term: Term, depth: int) -> Goal:
    """Chains of `,` and `;` are read without recursion; `depth` counts what nests inside them."""
    if depth > MAX_GOAL_DEPTH:
        raise too_deep(_place(term), MAX_GOAL_DEPTH)
    if isinstance(term, Compound):
        if term.functor in _SEPARATORS and len(term.args) == 2:
            goals = tuple(_goal(part, depth + 1) for part in _chain(term))
            if term.functor == ",":
                return Conjunction(goals, term.span)
            return Disjunction(goals, term.span)
        if term.functor in NEGATIONS and len(term.args) == 1:
            return Negation(_goal(term.args[0], depth + 1), term.span)
    return Call(callable_term(term, "a goal"), term.span)


def _chain(term: Compound) -> list[Term]:
    """The parts of a chain of one separator, however it is bracketed, in order."""
    parts: list[Term] = []
    stack: list[Term] = [term]
    while stack:
        current = stack.pop()
        if isinstance(current, Compound) and current.functor == term.functor and len(current.args) == 2:
            stack.extend(reversed(current.args))
        else:
            parts.append(current)
    return parts


def callable_term(term: Term, role: str) -> Callable:
    """A term that stands as an atom of the logic. Raises `Malformed` where it cannot be one.

    role: what the term should be, for the message (`a goal`, `a head`).
    """
    place = _place(term)
    if isinstance(term, Atom) and term.name != "[]":
        return term
    if isinstance(term, Compound) and not (term.functor in NEGATIONS and len(term.args) == 1):
        _refuse_control(term, place)
        check_term(term)
        return term
    kind = _KINDS[type(term)]
    code = "not-a-goal" if role == "a goal" else "not-a-head"
    raise Malformed(
        code, f"a {kind} cannot be {role}", place, _HINTS.get(kind, "an atom looks like rain or edge(a, b)")
    )


def _refuse_control(term: Compound, place: Span) -> None:
    """Refuse the constructs that would be read as atoms by mistake."""
    if len(term.args) != 2:
        return
    if term.functor == "->":
        raise Malformed(
            "unsupported-if-then-else",
            "`->` is not supported",
            place,
            r"write one rule for each case: a :- c, x. a :- \+c, y.",
        )
    if term.functor == "::":
        raise Malformed(
            "misplaced-label",
            "a probability labels the head of a clause, not a goal",
            place,
            "name the event: 0.3::event. and use `event` here",
        )


def _place(term: Term) -> Span:
    assert term.span is not None
    return term.span
