"""Arithmetic made ready gives what the built-ins give, or says that it cannot tell."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nesy.errors import GroundingError
from nesy.grounding.builtins import BUILTINS
from nesy.grounding.rules import BuiltinCall
from nesy.grounding.shortcuts import Bindings, Shortcut, shortcut
from nesy.grounding.syntax_terms import intern
from nesy.grounding.terms import Args, TermId, TermStore
from nesy.grounding.unification import instantiate
from nesy.language.parser import parse_atom
from nesy.language.syntax import Compound

NAMES = ("X", "Y", "Z")
numbers = st.one_of(st.integers(-20, 20), st.sampled_from([0.5, -2.0, 1e300, 2**70]))
leaves = st.one_of(st.sampled_from(NAMES), numbers.map(lambda n: f"({n})"), st.sampled_from(["pi", "a"]))
functions = st.sampled_from(["abs", "sqrt", "floor", "nothing"])


def wider(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    infix = st.sampled_from(["+", "-", "*", "/", "//", "mod", "**", "/\\", "<<"])
    return st.one_of(
        st.tuples(inner, infix, inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(st.sampled_from(["abs", "sqrt", "floor", "nothing"]), inner).map(
            lambda t: f"{t[0]}({t[1]})"
        ),
        st.tuples(inner, inner).map(lambda t: f"min({t[0]}, {t[1]})"),
    )


expressions = st.recursive(leaves, wider, max_leaves=6)


def prepared(store: TermStore, goal: str) -> tuple[Args, Shortcut | None]:
    """A goal's arguments, with X, Y and Z numbered so, and its shortcut."""
    atom = parse_atom(goal)
    assert isinstance(atom, Compound)
    numbering = {name: i for i, name in enumerate(NAMES)}
    args = tuple(intern(store, a, numbering) for a in atom.args)
    key = (atom.functor, 2)
    return args, shortcut(store, BuiltinCall(key, BUILTINS[key], args, True, None))


def by_the_builtin(store: TermStore, name: str, args: Args, bindings: Bindings) -> TermId | bool | None:
    """The first argument of the solution; False where there is none, None for an error."""
    try:
        solutions = list(BUILTINS[name, 2](store, instantiate(store, args, tuple(bindings)), None))
    except GroundingError:
        return None
    return solutions[0][0] if solutions else False


@given(expressions, st.tuples(numbers, numbers))
def test_values_are_those_of_is(expression: str, values: tuple[float, float]) -> None:
    store = TermStore()
    args, short = prepared(store, f"Z is {expression.replace('Z', 'X')}")
    bindings = [store.number(values[0]), store.number(values[1]), args[0]]
    found = None if short is None else short(bindings)
    if found is not None:
        assert found is not False
        assert found[2] == by_the_builtin(store, "is", args, bindings)
        assert found[:2] == bindings[:2]


@given(
    expressions,
    expressions,
    st.sampled_from(["<", ">", "=<", ">=", "=:=", "=\\="]),
    st.tuples(*[numbers] * 3),
)
def test_comparisons_are_those_of_the_builtins(
    left: str, right: str, name: str, values: tuple[float, float, float]
) -> None:
    store = TermStore()
    args, short = prepared(store, f"{left} {name} {right}")
    bindings = [store.number(v) for v in values]
    found = None if short is None else short(bindings)
    if found is not None:
        assert (found is not False) == (by_the_builtin(store, name, args, bindings) is not False)
        assert found is False or found is bindings


def test_a_bound_result_is_compared() -> None:
    store = TermStore()
    args, short = prepared(store, "Z is X + Y")
    assert short is not None
    one, two, three = (store.number(n) for n in (1, 2, 3))
    assert short([one, two, three]) == [one, two, three]
    assert short([one, two, two]) is False
    assert short([one, two, store.number(3.0)]) is False
    assert short([one, two, args[0]]) == [one, two, three]


def test_what_is_not_common_is_left_to_the_builtin() -> None:
    store = TermStore()
    args, short = prepared(store, "Z is X // Y")
    assert short is not None
    number, zero = store.number(4), store.number(0)
    assert short([number, zero, args[0]]) is None
    assert short([number, store.atom("a"), args[0]]) is None
    assert short([number, TermId(-2), args[0]]) is None
    assert prepared(store, "Z is " + "+".join(["X"] * 60))[1] is None
    assert prepared(store, "Z is X ** Y")[1] is None
    assert prepared(store, "1 is X")[1] is None
    assert prepared(store, "X = Y")[1] is None
