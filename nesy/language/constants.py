"""The value of an arithmetic expression of numbers, as far as it is known before grounding."""

from __future__ import annotations

import math
from collections.abc import Callable

from nesy.language.printer import term_text
from nesy.language.syntax import Atom, Compound, Number, Term, Variable

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
    Iterative: a sum may have any number of terms.
    """
    values: list[float | None] = []
    # Terms still to evaluate and, as tuples, operations that wait for their operands' values.
    work: list[Term | tuple[Callable[..., float], Compound]] = [term]
    while work:
        item = work.pop()
        if isinstance(item, tuple):
            operation, compound = item
            count = len(compound.args)
            operands = values[-count:]
            values[-count:] = [_value(operation, compound.functor, operands)]
        elif isinstance(item, Compound):
            found = _OPERATIONS.get((item.functor, len(item.args)))
            if found is None:
                values.append(None)
            else:
                work.append((found, item))
                work.extend(reversed(item.args))
        else:
            values.append(_leaf(item))
    return values[0]


def _leaf(term: Term) -> float | None:
    if isinstance(term, Number):
        return term.value
    if isinstance(term, Atom) and term.name in _NAMED:
        return _NAMED[term.name]
    if isinstance(term, Variable):
        return None
    raise NotConstant(f"{term_text(term)} is not a number")


def _value(operation: Callable[..., float], name: str, operands: list[float | None]) -> float | None:
    """The value of one operation; None where an operand has none."""
    known = [v for v in operands if v is not None]
    if len(known) < len(operands) or (name in ("**", "^") and abs(known[1]) > _MAX_EXPONENT):
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
