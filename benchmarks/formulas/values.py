"""The value of a formula: what its examples are labelled with."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Union

Value = Union[int, str]
"""An integer, the text of a fraction in lowest terms such as `-7/3`, or `undefined`: as the rules say it."""

UNDEFINED = "undefined"
"""The value of a formula in which something is divided by zero."""


def value_of(digits: Sequence[int], operators: Sequence[str]) -> Value:
    """The value of digits with an operator between each two, products and quotients first.

    operators: each of plus, minus, times, divide.
    """
    total, term = Fraction(0), Fraction(digits[0])
    for operator, digit in zip(operators, digits[1:], strict=True):
        if operator == "times":
            term *= digit
        elif operator == "divide":
            if digit == 0:
                return UNDEFINED
            term /= digit
        else:
            total += term
            term = Fraction(digit if operator == "plus" else -digit)
    value = total + term
    return value.numerator if value.denominator == 1 else str(value)
