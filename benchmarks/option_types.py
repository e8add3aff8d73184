"""Types of command-line options: what does not fit is wrong usage, said by argparse."""

from __future__ import annotations

import math
from argparse import ArgumentTypeError
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

Numeric = TypeVar("Numeric", int, float)


def positive_int(text: str) -> int:
    """A whole number of at least 1."""
    return _number(text, int, lambda n: n >= 1, "a whole number of at least 1")


def seed(text: str) -> int:
    """A whole number of at least 0 that every random generator takes as its seed."""
    return _number(text, int, lambda n: 0 <= n < 2**32, f"a whole number from 0 to {2**32 - 1}")


def positive_float(text: str) -> float:
    """A finite number above 0."""
    return _number(text, float, lambda x: x > 0 and math.isfinite(x), "a number above 0")


def fraction(text: str) -> float:
    """A number from 0 to 1."""
    return _number(text, float, lambda x: 0 <= x <= 1, "a number from 0 to 1")


def natural(text: str) -> int:
    """A whole number of at least 0."""
    return _number(text, int, lambda n: n >= 0, "a whole number of at least 0")


def natural_float(text: str) -> float:
    """A finite number of at least 0."""
    return _number(text, float, lambda x: x >= 0 and math.isfinite(x), "a number of at least 0")


def _number(
    text: str, read: Callable[[str], Numeric], fits: Callable[[Numeric], bool], wanted: str
) -> Numeric:
    with suppress(ValueError):
        number = read(text)
        if fits(number):
            return number
    raise ArgumentTypeError(f"{text!r} is not {wanted}")
