from __future__ import annotations

from nesy.grounding.terms import Constant, TermId, TermStore, variable
from nesy.language.syntax import Atom, Number, String

DEEP = 100_000


def nested(store: TermStore, innermost: TermId, depth: int = DEEP) -> TermId:
    term = innermost
    for _ in range(depth):
        term = store.compound("s", (term,))
    return term


def test_constants_that_differ_are_different_terms() -> None:
    store = TermStore()
    constants: list[Constant] = [
        Number(1),
        Number(1.0),
        Atom("1"),
        String("1"),
        Number(0.0),
        Number(-0.0),
        Number(0),
    ]
    assert len({store.constant(c) for c in constants}) == len(constants)
    assert store.number_value(store.number(1.0)) == 1.0
    assert isinstance(store.number_value(store.number(1)), int)


def test_equal_terms_are_one() -> None:
    store = TermStore()
    assert store.number(10**30) == store.number(10**30)
    assert store.number(float("nan")) == store.number(float("nan"))
    one, a = store.number(1), store.atom("a")
    assert store.compound("f", (one, a)) == store.compound("f", (one, a))
    assert store.compound("f", (one, a)) != store.compound("f", (a, one))
    assert store.compound("f", (a,)) != store.compound("g", (a,))


def test_groundness() -> None:
    store = TermStore()
    a, x = store.atom("a"), variable(0)
    assert store.is_ground(store.compound("f", (a, a)))
    assert not store.is_ground(store.compound("f", (a, store.compound("g", (x,)))))
    assert not store.is_ground(x)


def test_lists() -> None:
    store = TermStore()
    a, b, x = store.atom("a"), store.atom("b"), variable(0)
    assert store.list_items(store.make_list([a, b])) == [a, b]
    assert store.list_items(store.make_list([])) == []
    assert store.list_items(store.make_list([a], x)) is None
    assert store.list_items(a) is None
    assert store.make_list([a], store.make_list([b])) == store.make_list([a, b])


def test_a_functor_is_only_that_of_a_compound() -> None:
    store = TermStore()
    assert store.functor(store.compound("f", (variable(0),))) == ("f", 1)
    assert store.functor(store.atom("f")) is None
    assert store.functor(variable(0)) is None
    assert store.number_value(variable(0)) is None
    assert not store.is_atom(variable(0), "a")


def test_variables_come_left_to_right_once_each() -> None:
    store = TermStore()
    x, y, z = map(variable, range(3))
    term = store.compound("f", (y, store.compound("g", (x, y, store.atom("a")))))
    assert list(store.variables([term, z, x])) == [y, x, z]


def test_shared_parts_are_walked_once() -> None:
    store = TermStore()
    term = variable(0)
    for _ in range(200):
        term = store.compound("f", (term, term))
    assert list(store.variables([term])) == [variable(0)]
    image = store.map_variables(term, lambda _: store.atom("a"))
    assert store.is_ground(image)


def test_map_variables_shares_ground_parts_and_replaces_the_rest() -> None:
    store = TermStore()
    a, x, y = store.atom("a"), variable(0), variable(1)
    ground = store.compound("g", (a,))
    term = store.compound("f", (x, ground, y))
    image = store.map_variables(term, lambda v: a if v == x else v)
    assert store.args[image] == (a, ground, y)
    assert store.map_variables(ground, lambda _: x) == ground


def test_depth_costs_no_recursion() -> None:
    store = TermStore()
    term = nested(store, variable(0))
    assert list(store.variables([term])) == [variable(0)]
    assert store.map_variables(term, lambda _: store.atom("z")) == nested(store, store.atom("z"))
