"""From the term left of the arrow to a clause's heads and their labels."""

from __future__ import annotations

from nesy.errors import Span
from nesy.language.goals import callable_term
from nesy.language.malformed import Malformed
from nesy.language.neural import is_neural_label, neural
from nesy.language.operators import NEGATIONS
from nesy.language.syntax import (
    Callable,
    Compound,
    Head,
    Label,
    Learnable,
    Number,
    Probability,
    Term,
    Variable,
)

_STRUCTURE = frozenset({";", ",", "::", "->", ":", *NEGATIONS})
"""Functors that mean something in a head."""


def heads(term: Term) -> tuple[Head, ...]:
    """The alternatives that a head term lists. Raises `Malformed` where it cannot be a head."""
    if isinstance(term, Compound) and term.functor not in _STRUCTURE:
        return (Head(term, None, term.span),)
    if not (isinstance(term, Compound) and term.functor == ";" and len(term.args) == 2):
        return (_head(term),)
    found: list[Head] = []
    stack: list[Term] = [term]
    while stack:
        current = stack.pop()
        if isinstance(current, Compound) and current.functor == ";" and len(current.args) == 2:
            stack.extend(reversed(current.args))
        else:
            found.append(_head(current))
    return tuple(found)


def _head(term: Term) -> Head:
    if not (isinstance(term, Compound) and term.functor == "::" and len(term.args) == 2):
        _refuse_conjunction(term)
        atom, negated = _atom(term)
        return Head(atom, None, term.span, negated)
    label, rest = term.args
    assert label.span is not None
    if isinstance(rest, Number):
        place = rest.span or label.span
        raise Malformed(
            "label-after-head",
            "the probability stands before the atom, not behind it",
            place,
            f"write {place.text}::{label.span.text}",
        )
    atom, negated = _atom(rest)
    return Head(atom, _label(label), term.span, negated)


def _atom(term: Term) -> tuple[Callable, bool]:
    r"""The atom of a head, and whether it is negated: `\+a` says when `a` does not hold."""
    if isinstance(term, Compound) and term.functor in NEGATIONS and len(term.args) == 1:
        return callable_term(term.args[0], "a head"), True
    return callable_term(term, "a head"), False


def _label(term: Term) -> Label:
    if is_neural_label(term):
        return neural(term)
    if isinstance(term, Compound) and term.functor == "t":
        return _learnable(term)
    return Probability(term, term.span)


def _learnable(term: Compound) -> Learnable:
    """`t(initial)` or `t(_)`."""
    if len(term.args) != 1:
        assert term.span is not None
        raise Malformed(
            "malformed-learnable",
            f"t takes the initial probability, not {len(term.args)} arguments",
            term.span,
            "write t(0.5)::a, or t(_)::a for an initial value of no importance",
        )
    initial = term.args[0]
    unknown = isinstance(initial, Variable) and initial.anonymous
    return Learnable(None if unknown else initial, term.span)


def _refuse_conjunction(term: Term) -> None:
    if isinstance(term, Compound) and term.functor == "," and len(term.args) == 2:
        assert term.span is not None
        raise Malformed(
            "conjunction-head",
            "a head is one atom; `,` joins goals of a body",
            _first_comma(term),
            "write one statement for each atom; alternatives are separated by `;`",
        )


def _first_comma(term: Compound) -> Span:
    left, right = term.args
    assert left.span is not None
    assert right.span is not None
    source = left.span.source
    start = source.text.find(",", left.span.end, right.span.start)
    return Span(source, start, start + 1) if start >= 0 else left.span
