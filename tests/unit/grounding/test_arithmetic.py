from __future__ import annotations

import math

import pytest

from nesy.grounding.arithmetic import CONSTANTS, FUNCTIONS
from tests.unit.grounding.asking import answers, by_problog, probabilities, refusal

EXPRESSIONS = """
1+2; 3-5; 2*3; 7/2; 6/2; 7//2; -7//2; 7// -2; -7 mod 3; 7 mod -3; -7 rem 3; 7 rem 3; 2**10; 2**(-1); 2^3
2.0^3; 2**0.5; 1<<4; 255>>3; 6/\\3; 6\\/3; xor(6,3); min(2,3); max(2,3.5); abs(-3); abs(-2.5); sign(-3)
sign(2.5); integer(2.5); integer(-2.7); float(3); float_integer_part(2.5); float_fractional_part(2.5)
ceiling(2.1); floor(-2.1); round(2.5); round(3.5); truncate(-2.7); exp(1); log(2); log10(100); sqrt(2)
sin(1); cos(1); tan(1); asin(0.5); acos(0.5); atan(1); atan(1,2); atan2(1,2); sinh(1); cosh(1); tanh(1)
asinh(1); acosh(2); atanh(0.5); lgamma(3); gamma(5); erf(0.5); erfc(0.5); pi; e; -(3); +(3); \\ 5; 7 div 2
-7 div 2; exp(2,3); 1.0*3; 5-5.0; 10**20; 2*3+4*5; (1+2)*3; 7.5 mod 2; 7.5//2; 2-3-4
"""
LISTED = [e.strip() for e in EXPRESSIONS.replace("\n", ";").split(";") if e.strip()]


MORE: dict[tuple[str, int], tuple[tuple[float, ...], float]] = {
    ("#", 2): ((6, 3), 5),
    ("><", 2): ((6, 3), 5),
    ("acot", 1): ((2.0,), math.atan(0.5)),
    ("copysign", 2): ((2, -1), -2.0),
    ("cot", 1): ((2.0,), 1 / math.tan(2.0)),
    ("gcd", 2): ((-12, 18), 6),
    ("log", 2): ((2, 8), 3.0),
    ("log2", 1): ((8,), 3.0),
    ("msb", 1): ((9,), 3),
    ("plus", 2): ((1, 2), 3),
    ("succ", 1): ((1,), 2),
}
"""Functions that the expressions above do not try: an example and its value."""
WRITTEN_OTHERWISE = {("#", 2), ("><", 2)}
"""Functions that ProbLog has too, by a name that is no operator here."""


def values(result: list[str]) -> dict[int, str]:
    found = {}
    for atom in result:
        number, _, number_text = atom[len("value(") : -1].partition(",")
        found[int(number)] = number_text
    return found


def test_expressions_agree_with_problog() -> None:
    rules = "\n".join(f"value({i},X) :- X is {e}." for i, e in enumerate(LISTED))
    ours = values(answers(rules, "value(_,_)"))
    theirs = values(list(by_problog(rules + "\nquery(value(_,_)).")))
    assert ours.keys() == theirs.keys() == set(range(len(LISTED)))
    for i, expression in enumerate(LISTED):
        # ProbLog prints 15 digits; an integer must stay one, and a float must stay one.
        assert ("." in ours[i]) == ("." in theirs[i]), expression
        assert float(ours[i]) == pytest.approx(float(theirs[i]), rel=1e-14), expression


def test_every_function_is_in_the_table() -> None:
    text = " ".join(LISTED)
    missing = {name for name, _ in FUNCTIONS if name not in text}
    # The names `log` and `gamma` stand within others: what counts is that no other name is missing.
    assert missing <= {name for name, _ in MORE}
    assert set(CONSTANTS) == {"pi", "e", "inf", "infinite", "nan", "epsilon"}


def test_every_function_of_problog_is_there() -> None:
    theirs = pytest.importorskip("problog.logic")._arithmetic_functions
    constants = {(name, 0) for name in CONSTANTS}
    assert set(theirs) <= set(FUNCTIONS) | constants
    assert (set(FUNCTIONS) | constants) - set(theirs) == set(MORE) - WRITTEN_OTHERWISE | {("infinite", 0)}


@pytest.mark.parametrize(("key", "args", "expected"), [(k, *v) for k, v in MORE.items()])
def test_functions_that_problog_lacks(key: tuple[str, int], args: tuple[float, ...], expected: float) -> None:
    assert len(args) == key[1]
    assert FUNCTIONS[key](*args) == pytest.approx(expected, rel=1e-15)
    assert type(FUNCTIONS[key](*args)) is type(expected)


def test_the_limits_of_floats() -> None:
    assert answers("p(X) :- X is inf.", "p(_)") == ["p(inf)"]
    assert answers("p(X) :- X is -(inf).", "p(_)") == [f"p({-math.inf})"]
    assert probabilities("p :- nan =:= nan. p :- 1 < nan. p :- 1 >= nan. query(p).") == {"p": 0.0}


@pytest.mark.parametrize(
    ("goal", "code"),
    [
        ("X is 1/0", "arithmetic"),
        ("X is 1 mod 0", "arithmetic"),
        ("X is log(0)", "arithmetic"),
        ("X is sqrt(-1)", "arithmetic"),
        ("X is (-8)**0.5", "arithmetic"),
        ("X is 0**(-1)", "arithmetic"),
        ("X is 1 << (-1)", "arithmetic"),
        ("X is 1.5 << 2", "arithmetic"),
        ("X is integer(inf)", "arithmetic"),
        ("X is gamma(500)", "arithmetic"),
        ("X is 10**400 + 1.5", "arithmetic"),
        ("X is 10**5000", "arithmetic"),
        ("X is 9**(9**9)", "arithmetic"),
        ("X is 1 << (1 << 60)", "arithmetic"),
        ("X is (10**4000)*(10**4000)", "arithmetic"),
        ("Y is 10**400, sum_list([Y,1.5], X)", "arithmetic"),
        ("X is foo", "not-a-number"),
        ('X is "1"', "not-a-number"),
        ("X is foo(1)", "unknown-function"),
        ("X is random(6)", "unknown-function"),
        ("X is cputime", "unknown-function"),
        ("X is msb(0)", "arithmetic"),
        ("X is gcd(1.5,2)", "arithmetic"),
        ("X is acot(0)", "arithmetic"),
        ("X is nan // 1 + integer(nan)", "arithmetic"),
        ("X is [1]", "not-a-number"),
        ("q(Y), X is Y+1", "unbound-arithmetic"),
        ("q(Y), Y < 1, X = 1", "unbound-arithmetic"),
    ],
)
def test_mistakes_have_a_code_and_a_place(goal: str, code: str) -> None:
    rules = f"q(_). p(X) :- {goal}. query(p(X))."
    error = refusal(rules)
    assert error.code == code
    assert error.span is not None
    faulty = next(g for g in ("sum_list", "Y <", "X is") if g in goal)
    assert error.span.column == rules.index(faulty) + 1


def test_integers_are_exact_up_to_their_limit() -> None:
    (only,) = answers("p(X) :- X is 7**4000.", "p(_)")
    assert only == f"p({7**4000})"


def test_deep_expressions() -> None:
    rules = "sum(0,0). sum(N,E+1) :- N>0, M is N-1, sum(M,E). p(X) :- sum(5000,E), X is E."
    assert answers(rules, "p(_)") == ["p(5000)"]
