"""The arithmetic functions and constants, as ProbLog defines them, and a few more of Prolog's."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Union

Numeric = Union[int, float]

CONSTANTS: dict[str, Numeric] = {
    "pi": math.pi,
    "e": math.e,
    "inf": math.inf,
    "infinite": math.inf,
    "nan": math.nan,
    "epsilon": 2.0**-52,
}

MOST_BITS = 14_000
"""The longest integer a rule may compute: about 4,200 digits, which Python still prints."""


def require_short(bits: int) -> None:
    """Raises OverflowError where an integer of so many bits is too long."""
    if bits > MOST_BITS:
        raise OverflowError("the integer is too long")


def _sign(x: Numeric) -> int:
    return (x > 0) - (x < 0)


def _power(base: Numeric, exponent: Numeric) -> Numeric:
    """Raises OverflowError before it computes an integer that is too long."""
    if isinstance(base, int) and isinstance(exponent, int) and abs(base) > 1:
        require_short((abs(base).bit_length() - 1) * exponent)
    result: Numeric = base**exponent
    return result


def _shift_left(number: Numeric, by: Numeric) -> Numeric:
    """Raises OverflowError before it computes an integer that is too long."""
    if isinstance(number, int) and isinstance(by, int):
        require_short(number.bit_length() + by)
    shifted: Numeric = operator.lshift(number, by)
    return shifted


def _divide_down(a: Numeric, b: Numeric) -> Numeric:
    return (a - a % b) // b


def _logarithm(base: Numeric, x: Numeric) -> Numeric:
    return math.log(x) / math.log(base)


def _highest_bit(x: Numeric) -> int:
    if not isinstance(x, int) or x <= 0:
        raise ValueError("msb needs a positive integer")
    return x.bit_length() - 1


FUNCTIONS: dict[tuple[str, int], Callable[..., Numeric]] = {
    ("+", 2): operator.add,
    ("-", 2): operator.sub,
    ("*", 2): operator.mul,
    ("/", 2): operator.truediv,
    ("//", 2): operator.floordiv,
    ("div", 2): _divide_down,
    ("mod", 2): operator.mod,
    ("rem", 2): operator.mod,
    ("**", 2): _power,
    ("^", 2): _power,
    ("<<", 2): _shift_left,
    (">>", 2): operator.rshift,
    ("/\\", 2): operator.and_,
    ("\\/", 2): operator.or_,
    ("xor", 2): operator.xor,
    ("#", 2): operator.xor,
    ("><", 2): operator.xor,
    ("min", 2): min,
    ("max", 2): max,
    ("atan", 2): math.atan2,
    ("atan2", 2): math.atan2,
    ("exp", 2): math.pow,
    ("log", 2): _logarithm,
    ("gcd", 2): math.gcd,
    ("copysign", 2): math.copysign,
    ("plus", 2): operator.add,
    ("succ", 1): lambda x: x + 1,
    ("+", 1): operator.pos,
    ("-", 1): operator.neg,
    ("\\", 1): operator.invert,
    ("abs", 1): abs,
    ("sign", 1): _sign,
    ("msb", 1): _highest_bit,
    ("integer", 1): int,
    ("float", 1): float,
    ("float_integer_part", 1): int,
    ("float_fractional_part", 1): lambda x: x - int(x),
    ("ceiling", 1): math.ceil,
    ("floor", 1): math.floor,
    ("round", 1): round,
    ("truncate", 1): math.trunc,
    ("cot", 1): lambda x: 1 / math.tan(x),
    ("acot", 1): lambda x: math.atan(1 / x),
    **{
        (name, 1): getattr(math, name)
        for name in (
            *("exp", "log", "log2", "log10", "sqrt", "lgamma", "gamma", "erf", "erfc"),
            *("sin", "cos", "tan", "asin", "acos", "atan"),
            *("sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
        )
    },
}

UNREPEATABLE = frozenset({"random", "random_float", "cputime", "realtime", "walltime"})
"""Functions of other systems whose value changes from call to call, which no logical rule can have."""
