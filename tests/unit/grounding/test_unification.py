from __future__ import annotations

from nesy.grounding.terms import TermStore, variable
from nesy.grounding.unification import Unifier, canonical, fresh_number, instantiate, shifted
from tests.unit.grounding.test_terms import nested

X, Y, Z = map(variable, range(3))


def test_unifying_binds_both_sides() -> None:
    store = TermStore()
    a, b = store.atom("a"), store.atom("b")
    unifier = Unifier(store)
    assert unifier.unify(store.compound("f", (X, b, Z)), store.compound("f", (a, Y, Y)))
    assert unifier.apply((X, Y, Z)) == (a, b, b)


def test_what_cannot_be_equal() -> None:
    store = TermStore()
    a, b = store.atom("a"), store.atom("b")
    f_a, f_x = store.compound("f", (a,)), store.compound("f", (X,))
    for left, right in [
        (a, b),
        (a, f_a),
        (f_a, store.compound("g", (a,))),
        (f_x, store.compound("g", (X,))),
        (f_x, store.compound("f", (X, X))),
        (f_x, a),
        (store.number(1), store.number(1.0)),
        (store.compound("f", (X, X)), store.compound("f", (a, b))),
    ]:
        assert not Unifier(store).unify(left, right)
        assert not Unifier(store).unify(right, left)


def test_a_variable_never_becomes_a_part_of_itself() -> None:
    store = TermStore()
    f_x = store.compound("f", (X,))
    assert not Unifier(store).unify(X, f_x)
    assert not Unifier(store).unify_all((X, Y), (store.compound("f", (Y,)), f_x))
    assert Unifier(store).unify(X, X)
    roundabout = Unifier(store)
    assert roundabout.unify_all((X, Y, Z), (Y, Z, X))
    assert len(set(roundabout.apply((X, Y, Z)))) == 1


def test_variants_have_one_canonical_form() -> None:
    store = TermStore()

    def call(*vs: int) -> tuple[int, ...]:
        a, b = map(variable, vs)
        return canonical(store, (store.compound("f", (a, b)), b, store.atom("c")))

    assert call(5, 3) == call(1, 9) == call(0, 1)
    assert call(2, 2) != call(0, 1)
    assert canonical(store, (variable(7), variable(7))) == (X, X)


def test_shifting_keeps_apart() -> None:
    store = TermStore()
    args = (store.compound("f", (X, Y)), Y)
    number = fresh_number(store, args)
    assert number == 2
    assert set(store.variables(shifted(store, args, number))).isdisjoint(store.variables(args))
    assert canonical(store, shifted(store, args, number)) == canonical(store, args)
    assert fresh_number(store, (store.atom("a"),)) == 0


def test_instantiation() -> None:
    store = TermStore()
    a = store.atom("a")
    assert instantiate(store, (Y, store.compound("f", (X,)), a), (a, Z)) == (
        Z,
        store.compound("f", (a,)),
        a,
    )


def test_deep_terms() -> None:
    store = TermStore()
    open_term, closed = nested(store, X), nested(store, store.atom("z"))
    unifier = Unifier(store)
    assert unifier.unify(open_term, closed)
    assert unifier.resolve(open_term) == closed
    assert not Unifier(store).unify(X, nested(store, X))


def test_long_chains_of_bindings() -> None:
    store = TermStore()
    count = 1_500
    unifier = Unifier(store)
    for i in range(count):
        assert unifier.unify(variable(i), store.compound("s", (variable(i + 1),)))
    assert unifier.unify(variable(count), store.atom("z"))
    assert unifier.resolve(X) == nested(store, store.atom("z"), count)


def test_shared_bindings_cost_no_more_than_their_number() -> None:
    store = TermStore()
    count = 200
    left = [variable(i) for i in range(count)]
    right = [store.compound("f", (variable(i + 1), variable(i + 1))) for i in range(count)]
    unifier = Unifier(store)
    assert unifier.unify(store.make_list(left), store.make_list(right))
    doubled = unifier.resolve(X)
    assert list(store.variables([doubled])) == [variable(count)]
    other = store.map_variables(doubled, lambda _: variable(count + 1))
    assert Unifier(store).unify(doubled, other)
