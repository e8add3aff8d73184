"""Random expressions have ProbLog's values, types included; what has no value there has none here."""

from __future__ import annotations

import math
from random import Random

import pytest

import nesy
from nesy.grounding.arithmetic import evaluate
from nesy.grounding.functions import MOST_BITS
from nesy.grounding.syntax_terms import intern
from nesy.grounding.terms import TermStore
from nesy.language.syntax import Compound, Number, Term

EXPRESSIONS = 4000
BINARY = ("+", "-", "*", "/", "//", "div", "mod", "rem", "**", "^", "<<", ">>", "/\\", "\\/", "xor")
NAMED = ("min", "max", "atan", "atan2", "exp")
UNARY = (
    *("+", "-", "\\", "abs", "sign", "integer", "float", "float_integer_part", "float_fractional_part"),
    *(
        "ceiling",
        "floor",
        "round",
        "truncate",
        "exp",
        "log",
        "log10",
        "sqrt",
        "lgamma",
        "gamma",
        "erf",
        "erfc",
    ),
    *("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
)


def expression(random: Random, depth: int) -> Term:
    if depth == 0 or random.random() < 0.2:
        value = random.choice([random.randint(-9, 9), random.randint(-9, 9), random.choice([0.5, -2.5, 3.0])])
        return Number(value)
    if random.random() < 0.4:
        return Compound(random.choice(UNARY), (expression(random, depth - 1),))
    functor = random.choice(BINARY + NAMED)
    return Compound(functor, (expression(random, depth - 1), expression(random, depth - 1)))


def tame(value: object) -> bool:
    """Whether a value is one that both systems can have."""
    if isinstance(value, int):
        return value.bit_length() <= MOST_BITS
    return isinstance(value, float)


class Exact:
    """An operand for ProbLog, whose own constants round floats to fifteen digits."""

    def __init__(self, value: float) -> None:
        self._value = value

    def compute_value(self, _functions: object) -> float:
        return self._value


def their_value(term: Term) -> int | float | None:
    """ProbLog's value, None where it has none or one too large for this project."""
    logic = pytest.importorskip("problog.logic", reason="pip install problog to compare with it")
    if isinstance(term, Number):
        return term.value
    assert isinstance(term, Compound)
    args = [their_value(a) for a in term.args]
    if any(a is None for a in args) or _huge(term.functor, args):
        return None
    try:
        value = logic.compute_function(term.functor, [Exact(a) for a in args if a is not None])
    except (logic.ArithmeticError, ArithmeticError, TypeError):
        return None
    return value if tame(value) else None


def _huge(functor: str, args: list[int | float | None]) -> bool:
    """Whether a power or shift of integers is not worth computing."""
    if functor not in ("**", "^", "<<") or not all(isinstance(a, int) for a in args):
        return False
    base, exponent = args
    assert isinstance(base, int)
    assert isinstance(exponent, int)
    if functor == "<<":
        return base.bit_length() + exponent > MOST_BITS
    return abs(base) > 1 and exponent * (abs(base).bit_length() - 1) > MOST_BITS


def our_value(term: Term) -> int | float | None:
    store = TermStore()
    try:
        return evaluate(store, intern(store, term, {}), None)
    except nesy.NesyError as error:
        return None if error.code == "arithmetic" else pytest.fail(str(error))


def test_random_expressions() -> None:
    random = Random(20)
    valued = 0
    for _ in range(EXPRESSIONS):
        term = expression(random, random.randint(1, 3))
        ours, theirs = our_value(term), their_value(term)
        assert type(ours) is type(theirs), (term, ours, theirs)
        if ours is not None and theirs is not None:
            valued += 1
            assert ours == theirs or (math.isnan(ours) and math.isnan(theirs)), term
    assert valued > EXPRESSIONS / 3
