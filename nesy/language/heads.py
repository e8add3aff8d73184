"""From the term left of the arrow to a clause's heads and their labels."""

from __future__ import annotations

from nesy.errors import Span
from nesy.language.goals import callable_term
from nesy.language.malformed import Malformed
from nesy.language.neural import is_neural_label, neural
from nesy.language.syntax import Compound, Head, Number, Probability, Term
from nesy.language.wellformed import check_term


def heads(term: Term) -> tuple[Head, ...]:
    """The alternatives that a head term lists. Raises `Malformed` where it cannot be a head."""
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
        return Head(callable_term(term, "a head"), None, term.span)
    label, atom = term.args
    assert label.span is not None
    if isinstance(atom, Number):
        raise Malformed(
            "label-after-head",
            "the probability stands before the atom, not behind it",
            atom.span or label.span,
            f"write {(atom.span or label.span).text}::{label.span.text}",
        )
    head = callable_term(atom, "a head")
    if is_neural_label(label):
        return Head(head, neural(label), term.span)
    check_term(label)
    return Head(head, Probability(label, label.span), term.span)


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
