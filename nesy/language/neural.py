"""The label `nn(network, [inputs], output, domain)` of a neural predicate."""

from __future__ import annotations

from nesy.errors import Span
from nesy.language.malformed import Malformed
from nesy.language.ranges import is_range, numbers
from nesy.language.syntax import Atom, Compound, ListTerm, Neural, Term, Variable

_FORMS = "a neural label is nn(net, [X]), nn(net, [X], Y) or nn(net, [X], Y, [a, b, c])"


def is_neural_label(label: Term) -> bool:
    """Whether a label is a network's rather than a probability."""
    return (isinstance(label, Compound) and label.functor == "nn") or label == Atom("nn")


def neural(label: Term) -> Neural:
    """The neural label that a term describes. Raises `Malformed` for one of a wrong form."""
    args = label.args if isinstance(label, Compound) else ()
    if not 2 <= len(args) <= 4:
        raise _malformed(f"nn takes 2, 3 or 4 arguments, not {len(args)}", label)
    if not isinstance(args[0], Atom):
        raise _malformed("the name of a network is an atom, such as digit_net", args[0])
    inputs = _inputs(args[1])
    output = _output(args[2]) if len(args) > 2 else None
    domain = _domain(args[3]) if len(args) > 3 else None
    return Neural(args[0].name, inputs, output, domain, label.span)


def _inputs(term: Term) -> tuple[Term, ...]:
    if isinstance(term, ListTerm) and term.tail is None:
        return term.items
    raise _malformed(
        "the inputs of a network are a list of at least one term", term, "write [X] for one input"
    )


def _output(term: Term) -> Variable:
    if isinstance(term, Variable) and not term.anonymous:
        return term
    raise _malformed("the output of a network is a variable that the head repeats", term)


def _domain(term: Term) -> tuple[Term, ...]:
    if isinstance(term, Compound) and is_range(term):
        return tuple(numbers(term))
    if isinstance(term, ListTerm) and term.tail is None:
        return term.items
    if term == Atom("[]"):
        raise _malformed(
            "the domain of a network's output is empty", term, "list its values: [cat, dog] or 0..9"
        )
    raise _malformed(
        "the domain of a network's output is a list or a range", term, "write [cat, dog] or 0..9"
    )


def _malformed(message: str, term: Term, hint: str = _FORMS) -> Malformed:
    span = term.span
    assert isinstance(span, Span)
    return Malformed("malformed-neural", message, span, hint)
