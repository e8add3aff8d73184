"""Rules that call Python functions: what goes in, what comes out, and what is said when it does not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch

import nesy
from nesy.language.foreign import Foreign
from nesy.language.terms import Atom, Compound, Number, Variable


def function(*modes: str, run: Callable[..., object], several: bool = False) -> Foreign:
    return nesy.foreign(*modes, name="f", several=several)(run)


def answers(rules: str, *functions: Foreign) -> dict[str, float]:
    program = nesy.parse(rules, foreign=functions)
    return {atom: answer.probability for atom, answer in nesy.solve(program).items()}


def refused(rules: str, *functions: Foreign) -> nesy.NesyError:
    with pytest.raises(nesy.NesyError) as caught:
        answers(rules, *functions)
    return caught.value


def given(kind: str, term: str) -> object:
    """What a function is given for a term."""
    seen: list[object] = []

    def keep(value: object) -> bool:
        seen.append(value)
        return True

    assert answers(f"q :- f({term}). query(q).", function(f"+{kind}", run=keep)) == {"q": 1.0}
    return seen[0]


def made(kind: str, value: object) -> list[str]:
    """The answers that a function's value gives."""
    return list(answers("q(X) :- f(X). query(q(_)).", function(f"-{kind}", run=lambda: value)))


@pytest.mark.parametrize(
    ("kind", "term", "expected"),
    [
        ("int", "3", 3),
        ("float", "3", 3.0),
        ("float", "2.5", 2.5),
        ("str", "abc", "abc"),
        ("str", "'A b'", "A b"),
        ("str", '"A b"', "A b"),
        ("string", '"A b"', "A b"),
        ("list", "[]", []),
        ("list", '[1, 2.5, a, "b", [c, []], [[1]]]', [1, 2.5, "a", "b", ["c", []], [[1]]]),
        ("list", "[f(a)]", [Compound("f", (Atom("a"),))]),
        ("term", "f(1)", Compound("f", (Number(1),))),
        ("term", "g(X, X)", Compound("g", (Variable("_1"), Variable("_1")))),
    ],
)
def test_terms_become_values(kind: str, term: str, expected: object) -> None:
    value = given(kind, term)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("int", 3, "q(3)"),
        ("int", np.int64(3), "q(3)"),
        ("float", 3, "q(3.0)"),
        ("float", np.float32(0.5), "q(0.5)"),
        ("float", torch.tensor(0.5), "q(0.5)"),
        ("int", torch.tensor(3), "q(3)"),
        ("list", [np.int64(1), torch.tensor(0.5)], "q([1,0.5])"),
        ("str", "abc", "q(abc)"),
        ("str", "A b", "q('A b')"),
        ("string", "A b", 'q("A b")'),
        ("list", [1, "a", [2.5, ()], True], "q([1,a,[2.5,[]],true])"),
        ("list", (), "q([])"),
        ("term", Compound("f", (Atom("a"),)), "q(f(a))"),
        ("term", [1, [2]], "q([1,[2]])"),
        ("term", "abc", "q(abc)"),
    ],
)
def test_values_become_terms(kind: str, value: object, expected: str) -> None:
    assert made(kind, value) == [expected]


def test_nested_and_long_lists_go_in_and_out() -> None:
    deep: list[Any] = []
    for _ in range(3000):
        deep = [deep]
    seen: list[Any] = []
    out = function("-list", run=lambda: deep)
    back = nesy.foreign("+list", name="g")(lambda value: bool(seen.append(value) or True))
    assert answers("q :- f(X), g(X). query(q).", out, back) == {"q": 1.0}
    depth = 0
    while seen[0]:
        (seen[0],) = seen[0]
        depth += 1
    assert depth == 3000
    many = function("-list", run=lambda: list(range(50_000)))
    assert answers("q(N) :- f(X), length(X, N). query(q(_)).", many) == {"q(50000)": 1.0}


def test_objects_pass_from_function_to_function() -> None:
    class Point:
        def __init__(self, x: int) -> None:
            self.x = x

    make = nesy.foreign("+int", "-obj", name="point")(Point)
    read = nesy.foreign("+obj", "-int", name="x")(lambda p: p.x)
    rules = "q(X) :- point(7, P), x(P, X). r :- x(a, _). query(q(_))."
    assert answers(rules, make, read) == {"q(7)": 1.0}
    assert refused(rules + " query(r).", make, read).code == "call-mode"


def test_a_returned_argument_that_is_bound_is_compared() -> None:
    double = function("+int", "-int", run=lambda x: 2 * x)
    assert answers("a :- f(2, 4). b :- f(2, 5). query(a). query(b).", double) == {"a": 1.0, "b": 0.0}


def test_several_returned_arguments_in_any_order() -> None:
    split = function("-int", "+int", "-int", run=lambda x: (x // 10, x % 10))
    assert answers("q(A, B) :- f(A, 42, B). query(q(_, _)).", split) == {"q(4,2)": 1.0}


def test_none_is_no_solution_and_a_test_holds_or_not() -> None:
    root = function("+int", "-float", run=lambda x: None if x < 0 else x**0.5)
    assert answers("q(X) :- member(I, [-1, 4]), f(I, X). query(q(_)).", root) == {"q(2.0)": 1.0}
    even = function("+int", run=lambda x: x % 2 == 0)
    assert answers("q(X) :- member(X, [1, 2]), f(X). query(q(_)).", even) == {"q(2)": 1.0}
    close = function("+float", run=lambda x: np.isclose(x, 0.5))
    assert answers("q :- f(0.5). query(q).", close) == {"q": 1.0}


def test_solutions_carry_probabilities_and_negation() -> None:
    def below(n: int) -> Iterator[int]:
        yield from range(n)

    several = nesy.foreign("+int", "-int", name="f")(below)
    rules = "0.5::c(X) :- f(3, X). none :- \\+ c(0), \\+ c(1). no :- \\+ f(0, _). query(none). query(no)."
    assert answers(rules, several) == pytest.approx({"none": 0.25, "no": 1.0})


def test_open_arguments_are_given_as_none() -> None:
    rows = [("a", 1), ("b", 2)]
    table = function("?str", "?int", run=lambda _, i: [r for r in rows if i in (None, r[1])], several=True)
    rules = "q(X) :- f(X, 2). r(X, Y) :- f(X, Y). query(q(_)). query(r(_, _))."
    assert set(answers(rules, table)) == {"q(b)", "r(a,1)", "r(b,2)"}


def test_what_is_raised_is_an_error_at_the_goal() -> None:
    error = refused("q(X) :-\n  f(0, X).\nquery(q(_)).", function("+int", "-int", run=lambda x: 1 // x))
    assert error.code == "foreign-error"
    assert error.span is not None
    assert (error.span.line, error.span.text) == (2, "f(0, X)")
    assert "f/2 raised ZeroDivisionError" in error.message
    assert isinstance(error.__cause__, ZeroDivisionError)


def test_what_is_raised_while_yielding_too() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise ValueError("no more")

    error = refused("q(X) :- f(X). query(q(_)).", nesy.foreign("-int", name="f")(failing))
    assert error.code == "foreign-error"
    assert "ValueError: no more" in error.message


def test_what_ends_the_program_passes_through() -> None:
    def interrupt() -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        answers("q :- f. query(q).", function(run=interrupt))


@pytest.mark.parametrize(
    ("kind", "term"),
    [
        ("int", "X"),
        ("int", "1.0"),
        ("int", "a"),
        ("int", "f(1)"),
        ("float", "a"),
        ("str", "1"),
        ("string", "a"),
        ("list", "a"),
        ("list", "[1|X]"),
        ("list", "[X]"),
        ("obj", "a"),
    ],
)
def test_a_wrong_argument_is_named(kind: str, term: str) -> None:
    error = refused(f"q :- f(1, {term}). query(q).", function("+int", f"+{kind}", run=lambda *_: True))
    assert error.code == "call-mode"
    assert "argument 2 of f/2" in error.message
    assert error.span is not None
    assert error.span.text == f"f(1, {term})"


@pytest.mark.parametrize(
    ("modes", "value"),
    [
        (("-int",), "a"),
        (("-int",), 1.5),
        (("-int",), True),
        (("-float",), float("nan")),
        (("-float",), 10**400),
        (("-float",), np.array([0.5])),
        (("-str",), 1),
        (("-list",), "abc"),
        (("-list",), [object()]),
        (("-term",), object()),
        (("-term",), Compound("f", (Variable("X"),))),
        (("-int", "-int"), 1),
        (("-int", "-int"), (1, 2, 3)),
        ((), None),
        ((), 1),
    ],
)
def test_a_wrong_result_is_named(modes: tuple[str, ...], value: object) -> None:
    args = ", ".join(f"X{i}" for i in range(len(modes)))
    error = refused(f"q :- f{f'({args})' if args else ''}. query(q).", function(*modes, run=lambda: value))
    assert error.code == "foreign-result"
    assert error.span is not None


def test_a_function_takes_the_place_of_a_library_predicate() -> None:
    member = nesy.foreign("-int", "+list", name="member")(len)
    assert answers("q(X) :- member(X, [a, b]). query(q(_)).", member) == {"q(2)": 1.0}
