"""From the term that a body was read as to the goals it means, and back."""

from __future__ import annotations

from nesy.errors import Source, Span
from nesy.language.malformed import Malformed
from nesy.language.operators import NEGATIONS
from nesy.language.syntax import (
    Atom,
    Call,
    Callable,
    Compound,
    Conditional,
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
from nesy.language.wellformed import MAX_GOAL_DEPTH, too_deep

_HINTS = {
    "variable": "names of predicates start with a lower-case letter",
    "negation": r"\+ stands before goals of a body and once before a head",
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
    """The goal that a term means in a body; a variable means `call` of what it is bound to.

    Raises `Malformed` where it means none. Chains of `,` and `;` are read without recursion, and may
    have any length.
    """
    return _goal(term, 0)


def _goal(term: Term, depth: int) -> Goal:
    if isinstance(term, Compound):
        if len(term.args) == 2 and term.functor in (",", ";", "->"):
            return _control(term, depth + 1)
        if len(term.args) == 1 and term.functor in NEGATIONS:
            _check_depth(term, depth + 1)
            return Negation(_goal(term.args[0], depth + 1), term.span)
    elif isinstance(term, Variable):
        return Call(Compound("call", (term,), term.span), term.span)
    return Call(callable_term(term, "a goal"), term.span)


def _control(term: Compound, depth: int) -> Goal:
    """A term whose functor is `,`, `;` or `->`. `depth` counts what nests, chains as one."""
    _check_depth(term, depth)
    if term.functor == "->":
        condition, then = term.args
        return Conditional(_goal(condition, depth), _goal(then, depth), None, term.span)
    if (branch := _if_then(term)) is not None:
        first, second = (_goal(part, depth) for part in branch.args)
        return Conditional(first, second, _goal(term.args[1], depth), term.span)
    goals = tuple(_goal(part, depth) for part in _chain(term))
    return Conjunction(goals, term.span) if term.functor == "," else Disjunction(goals, term.span)


def _if_then(term: Term) -> Compound | None:
    """The `c -> t` of `(c -> t ; e)`; None for every other term."""
    if isinstance(term, Compound) and term.functor == ";" and len(term.args) == 2:
        left = term.args[0]
        if isinstance(left, Compound) and left.functor == "->" and len(left.args) == 2:
            return left
    return None


def _chain(term: Compound) -> list[Term]:
    """The parts of a chain of one separator, however it is bracketed, in order."""
    parts: list[Term] = []
    stack: list[Term] = [term]
    while stack:
        current = stack.pop()
        same = isinstance(current, Compound) and current.functor == term.functor and len(current.args) == 2
        if isinstance(current, Compound) and same and _if_then(current) is None:
            stack.extend(reversed(current.args))
        else:
            parts.append(current)
    return parts


def _check_depth(term: Term, depth: int) -> None:
    if depth > MAX_GOAL_DEPTH:
        raise too_deep(_place(term), MAX_GOAL_DEPTH)


def goal_term(goal: Goal) -> Term:
    r"""The term that reads as a goal: the inverse of `goal`, up to how chains are bracketed.

    `a, b, c` gives `','(a, ','(b, c))`, `\+a` gives `\+(a)`, and `(c -> t ; e)` gives `;(->(c, t), e)`.
    """
    if isinstance(goal, Call):
        return goal.atom
    if isinstance(goal, Negation):
        return Compound("\\+", (goal_term(goal.goal),), goal.span)
    if isinstance(goal, Conjunction):
        return _joined(",", goal.goals, goal.span)
    if isinstance(goal, Disjunction):
        return _joined(";", goal.goals, goal.span)
    branch = Compound("->", (goal_term(goal.condition), goal_term(goal.then)), goal.span)
    if goal.otherwise is None:
        return branch
    return Compound(";", (branch, goal_term(goal.otherwise)), goal.span)


def _joined(separator: str, goals: tuple[Goal, ...], span: Span | None) -> Term:
    *others, term = (goal_term(part) for part in goals)
    for part in reversed(others):
        term = Compound(separator, (part, term), span)
    return term


def callable_term(term: Term, role: str) -> Callable:
    """A term that stands as an atom of the logic. Raises `Malformed` where it cannot be one.

    role: what the term should be, for the message (`a goal`, `a head`).
    """
    if isinstance(term, Atom) and term.name != "[]":
        return term
    if isinstance(term, Compound) and not (term.functor in NEGATIONS and len(term.args) == 1):
        if len(term.args) == 2:
            _refuse_control(term, role)
        return term
    kind = _KINDS[type(term)]
    code = "not-a-goal" if role == "a goal" else "not-a-head"
    hint = _HINTS.get(kind, "an atom looks like rain or edge(a, b)")
    raise Malformed(code, f"a {kind} cannot be {role}", _place(term), hint)


def _refuse_control(term: Compound, role: str) -> None:
    """Refuse the constructs that would be read as atoms by mistake."""
    if term.functor == "::":
        raise Malformed(
            "misplaced-label",
            "a probability labels the head of a clause, not a goal",
            _place(term),
            "name the event: 0.3::event. and use `event` here",
        )
    if term.functor == ":" and isinstance(term.args[0], Number):
        raise Malformed(
            "unknown-operator",
            "a single `:` does not label",
            _between(term, ":"),
            "a probability's label is `::`, without a space inside",
        )
    if term.functor == "->" and role != "a goal":
        raise Malformed("not-a-head", f"`->` cannot be {role}", _place(term), "`->` belongs into a body")


def _between(term: Compound, text: str) -> Span:
    """The place of an operator between its two operands."""
    left, right = (_place(arg) for arg in term.args)
    start = left.source.text.find(text, left.end, right.start)
    return Span(left.source, start, start + len(text)) if start >= 0 else left


def _place(term: Term) -> Span:
    """A term's place; an empty one for terms that were never written, such as goals made at run time."""
    return term.span if term.span is not None else Span(Source("<goal>", ""), 0, 0)
