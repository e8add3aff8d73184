"""Arithmetic on run-time terms: `is`, comparisons, and the functions they know, as ProbLog defines them.

`//` and `mod` round towards minus infinity and `/` always gives a float, as in ProbLog.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Union

from nesy.errors import GroundingError, Span
from nesy.grounding.syntax_terms import text
from nesy.grounding.terms import TermId, TermStore
from nesy.language.syntax import Atom, Number

Numeric = Union[int, float]

CONSTANTS: dict[str, Numeric] = {
    "pi": math.pi,
    "e": math.e,
    "inf": math.inf,
    "nan": math.nan,
    "epsilon": 2.0**-52,
}


MOST_BITS = 14_000
"""The longest integer a rule may compute: about 4,200 digits, which Python still prints."""


def _sign(x: Numeric) -> int:
    return (x > 0) - (x < 0)


def _power(base: Numeric, exponent: Numeric) -> Numeric:
    """Raises OverflowError before it computes an integer that is too long."""
    if isinstance(base, int) and isinstance(exponent, int) and abs(base) > 1:
        _require_short((abs(base).bit_length() - 1) * exponent)
    result: Numeric = base**exponent
    return result


def _shift_left(number: Numeric, by: Numeric) -> Numeric:
    """Raises OverflowError before it computes an integer that is too long."""
    if isinstance(number, int) and isinstance(by, int):
        _require_short(number.bit_length() + by)
    shifted: Numeric = operator.lshift(number, by)
    return shifted


def _require_short(bits: int) -> None:
    if bits > MOST_BITS:
        raise OverflowError("the integer is too long")


FUNCTIONS: dict[tuple[str, int], Callable[..., Numeric]] = {
    ("+", 2): operator.add,
    ("-", 2): operator.sub,
    ("*", 2): operator.mul,
    ("/", 2): operator.truediv,
    ("//", 2): operator.floordiv,
    ("div", 2): operator.floordiv,
    ("mod", 2): operator.mod,
    ("rem", 2): operator.mod,
    ("**", 2): _power,
    ("^", 2): _power,
    ("<<", 2): _shift_left,
    (">>", 2): operator.rshift,
    ("/\\", 2): operator.and_,
    ("\\/", 2): operator.or_,
    ("xor", 2): operator.xor,
    ("min", 2): min,
    ("max", 2): max,
    ("atan", 2): math.atan2,
    ("atan2", 2): math.atan2,
    ("exp", 2): math.pow,
    ("+", 1): operator.pos,
    ("-", 1): operator.neg,
    ("\\", 1): operator.invert,
    ("abs", 1): abs,
    ("sign", 1): _sign,
    ("integer", 1): int,
    ("float", 1): float,
    ("float_integer_part", 1): int,
    ("float_fractional_part", 1): lambda x: x - int(x),
    ("ceiling", 1): math.ceil,
    ("floor", 1): math.floor,
    ("round", 1): round,
    ("truncate", 1): math.trunc,
    **{
        (name, 1): getattr(math, name)
        for name in (
            *("exp", "log", "log10", "sqrt", "lgamma", "gamma", "erf", "erfc"),
            *("sin", "cos", "tan", "asin", "acos", "atan"),
            *("sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
        )
    },
}


def evaluate(store: TermStore, term: TermId, span: Span | None) -> Numeric:
    """The number an arithmetic term stands for.

    Raises `GroundingError`: unbound-arithmetic, not-a-number, unknown-function, arithmetic.
    Cost: one operation per node; iterative.
    """
    known = store.number_value(term)
    if known is not None:
        return known
    done: dict[TermId, Numeric] = {}
    stack = [term]
    while stack:
        current = stack[-1]
        missing = [a for a in _operands(store, current, span) if a not in done]
        if missing:
            stack.extend(missing)
            continue
        done[current] = _apply(store, current, done, span)
        stack.pop()
    return done[term]


def _operands(store: TermStore, term: TermId, span: Span | None) -> tuple[TermId, ...]:
    if term < 0:
        raise GroundingError(
            "unbound-arithmetic",
            "an arithmetic expression holds a variable that is not bound yet",
            span=span,
            hint="put the goal that binds it before this one",
        )
    return store.args[term]


def _apply(store: TermStore, term: TermId, done: dict[TermId, Numeric], span: Span | None) -> Numeric:
    head, args = store.heads[term], store.args[term]
    if isinstance(head, Number):
        return head.value
    if isinstance(head, Atom) and head.name in CONSTANTS:
        return CONSTANTS[head.name]
    if not isinstance(head, str):
        raise GroundingError("not-a-number", f"{text(store, term)} is not a number", span=span)
    function = FUNCTIONS.get((head, len(args)))
    if function is None:
        raise GroundingError(
            "unknown-function", f"no arithmetic function is called {head}/{len(args)}", span=span
        )
    return computed(store, term, lambda: function(*(done[a] for a in args)), span)


def computed(
    store: TermStore, term: TermId, calculation: Callable[[], Numeric], span: Span | None
) -> Numeric:
    """What a calculation on a term gives; a failure, or a result that is no number, is a `GroundingError`."""
    try:
        result = calculation()
        if isinstance(result, int):
            _require_short(result.bit_length())
    except ZeroDivisionError:
        raise GroundingError("arithmetic", f"division by zero in {text(store, term)}", span=span) from None
    except (ArithmeticError, ValueError, TypeError) as reason:
        raise GroundingError("arithmetic", f"{text(store, term)} has no value: {reason}", span=span) from None
    if isinstance(result, complex):
        raise GroundingError("arithmetic", f"{text(store, term)} is not a real number", span=span)
    return result
