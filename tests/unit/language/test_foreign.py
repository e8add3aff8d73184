"""The decorator: what it takes, and what becomes of the function."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest

import nesy
from nesy.language.foreign import Argument, Foreign


@nesy.foreign("+int", "-int")
def double(x: int) -> int:
    return 2 * x


def plain(x: int) -> int:
    return x


renamed = nesy.foreign("+int", "-int", name="other")(plain)


def test_it_is_still_a_function() -> None:
    assert double(4) == 8
    assert double.indicator == ("double", 2)
    assert double.arguments == (Argument("+", "int"), Argument("-", "int"))


def test_what_yields_has_several_solutions() -> None:
    @nesy.foreign("+int", "-int")
    def below(n: int) -> object:
        yield from range(n)

    assert below.several
    assert not double.several


def test_it_is_compared_hashed_and_pickled() -> None:
    assert pickle.loads(pickle.dumps(double)) is double
    assert pickle.loads(pickle.dumps(renamed)) == renamed
    assert double == Foreign("double", double.arguments, double.function, False)
    assert renamed != nesy.foreign("+int", "-int", name="third")(plain)
    program = nesy.parse("q(X) :- double(1, X). query(q(_)).", foreign=[double])
    again = pickle.loads(pickle.dumps(program))
    assert again == program
    assert hash(again) == hash(program)
    assert nesy.solve(again)["q(2)"].probability == 1.0


def no_arguments() -> int:
    return 1


def two(a: int, b: int) -> int:
    return a + b


@pytest.mark.parametrize(
    ("modes", "options", "function"),
    [
        (("int", "-int"), {}, plain),
        (("+integer", "-int"), {}, plain),
        (("*int", "-int"), {}, plain),
        (("-int",), {}, plain),
        (("+int", "+int", "-int"), {}, plain),
        (("+int", "-int"), {}, two),
        (("+int", "-int"), {}, lambda x: x),
        (("+int", "+int"), {"several": True}, two),
        (("+int", "+int"), {"name": "<"}, two),
    ],
)
def test_mistakes_are_found_at_once(
    modes: tuple[str, ...], options: dict[str, object], function: Callable[..., object]
) -> None:
    with pytest.raises(nesy.NesyError) as caught:
        nesy.foreign(*modes, **options)(function)  # type: ignore[arg-type]
    assert caught.value.code == "malformed-foreign"
    assert caught.value.hint


def test_a_predicate_is_defined_in_one_place() -> None:
    for options in ({"foreign": [double, double]}, {"foreign": [double]}):
        with pytest.raises(nesy.NesyError) as caught:
            nesy.parse("double(1, 1). query(double(_, _)).", **options)  # type: ignore[arg-type]
        assert caught.value.code == "redefined-foreign"
    program = nesy.parse("q(X) :- double(1, X). query(q(_)).", foreign=[double])
    with pytest.raises(nesy.NesyError) as caught:
        nesy.solve(nesy.with_facts(program, "double", [(1, 2)]))
    assert caught.value.code == "redefined-foreign"
