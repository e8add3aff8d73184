"""The value of an arithmetic expression of numbers, as far as it is known before grounding."""

from __future__ import annotations

import math
from collections.abc import Callable

from nesy.language.printer import term_text
from nesy.language.syntax import Atom, Compound, Number, Term
from nesy.language.traversal import variables

_NAMED = {"pi": math.pi, "e": math.e}
_OPERATIONS: dict[tuple[str, int], Callable[..., float]] = {
    ("+", 2): lambda a, b: a + b,
    ("-", 2): lambda a, b: a - b,
    ("*", 2): lambda a, b: a * b,
    ("/", 2): lambda a, b: a / b,
    ("**", 2): lambda a, b: a**b,
    ("^", 2): lambda a, b: a**b,
    ("-", 1): lambda a: -a,
    ("+", 1): lambda a: a,
}
# A power of whole numbers may have millions of digits: such a label is left to grounding.
_MAX_EXPONENT = 1000


class NotConstant(Exception):  # noqa: N818 - says what was found, and is caught at once
    """The term is not arithmetic, or has no value; the text says why."""


def constant_value(term: Term) -> float | None:
    """The value of an expression of numbers; None where it holds variables or functions not known here.

    Raises `NotConstant` for what can have no value: an atom, a list, a division by zero.
    """
    if isinstance(term, Number):
        return term.value
    if isinstance(term, Atom) and term.name in _NAMED:
        return _NAMED[term.name]
    if isinstance(term, Compound):
        return _operation(term)
    if next(variables(term), None) is term:
        return None
    raise NotConstant(f"{term_text(term)} is not a number")


def _operation(term: Compound) -> float | None:
    operation = _OPERATIONS.get((term.functor, len(term.args)))
    if operation is None:
        return None
    values = [constant_value(arg) for arg in term.args]
    known = [v for v in values if v is not None]
    if len(known) < len(values) or (term.functor in ("**", "^") and abs(known[1]) > _MAX_EXPONENT):
        return None
    try:
        value = operation(*known)
    except ZeroDivisionError:
        raise NotConstant("it divides by zero") from None
    except OverflowError:
        raise NotConstant("it is too large") from None
    if isinstance(value, complex):
        raise NotConstant("it is not a real number")
    return value
