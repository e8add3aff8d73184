"""Bindings after heads are called and goals answered: the quick ways agree with unification."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nesy.grounding import environments
from nesy.grounding.environments import is_plain, open_slots
from nesy.grounding.plans import Plan
from nesy.grounding.rules import Predicate, Rule
from nesy.grounding.terms import Args, TermId, TermStore, variable
from nesy.grounding.unification import Unifier, canonical, shifted

Shape = object
ground_shapes = st.recursive(
    st.sampled_from(["a", "b", 1]), lambda s: st.tuples(st.sampled_from("fg"), s, s), max_leaves=3
)
open_shapes = st.recursive(
    st.one_of(st.sampled_from(["a", "b", 1]), st.sampled_from([("V", i) for i in range(3)])),
    lambda s: st.tuples(st.sampled_from("fg"), s, s),
    max_leaves=4,
)


def term(store: TermStore, shape: Shape) -> TermId:
    if isinstance(shape, tuple):
        if shape[0] == "V":
            return variable(shape[1])
        return store.compound(shape[0], tuple(term(store, s) for s in shape[1:]))
    return store.number(shape) if isinstance(shape, int) else store.atom(str(shape))


@given(
    st.lists(open_shapes, min_size=3, max_size=3),
    st.lists(st.one_of(ground_shapes, st.none()), min_size=3, max_size=3),
)
def test_heads_match_as_they_unify(patterns: tuple[Shape, ...], wanted: tuple[Shape | None, ...]) -> None:
    store = TermStore()
    head = tuple(term(store, s) for s in patterns)
    args = canonical(store, tuple(variable(i) if s is None else term(store, s) for i, s in enumerate(wanted)))
    plan = Plan(store, Rule(Predicate("p", 3), head, 3, (), None, None))
    found = environments.matched(store, plan, args, open_slots(store, args))
    unifier = Unifier(store)
    unified = unifier.unify_all(head, shifted(store, args, 3))
    assert (found is not None) == unified
    if found is not None:
        instance = tuple(unifier.resolve(t) for t in head)
        assert canonical(store, plan.build_head(found)) == canonical(store, instance)
        assert is_plain(store, found, 3)


def test_open_slots() -> None:
    store = TermStore()
    a, f = store.atom("a"), store.compound("f", (variable(0),))
    assert open_slots(store, (a, store.compound("f", (a,)))) == []
    assert open_slots(store, (variable(4), a, variable(1))) == [(4, 0), (1, 2)]
    assert open_slots(store, (variable(1), variable(1))) is None
    assert open_slots(store, (f,)) is None


def test_repeated_and_nested_variables_of_a_call_are_unified() -> None:
    store = TermStore()
    plan = Plan(store, Rule(Predicate("p", 2), (variable(0), store.atom("a")), 1, (), None, None))
    same: Args = (variable(0), variable(0))
    found = environments.matched(store, plan, same, open_slots(store, same))
    assert found is not None
    assert found[0] == store.atom("a")


def test_bindings_are_written_into_a_copy() -> None:
    store = TermStore()
    one = store.number(1)
    env = [variable(0), variable(1), store.atom("c")]
    assert environments.written(env, [], ()) is env
    assert environments.written(env, [(1, 0)], (one,)) == [variable(0), one, env[2]]
    assert env[1] == variable(1)


def test_new_variables_of_a_solution_stay_apart() -> None:
    store = TermStore()
    env = [variable(0), variable(1)]
    # Of a call with the first variable only, the second is a new one, and so is any other.
    solution = store.compound("f", (variable(1), variable(7)))
    found = environments.solved(store, env, (variable(0),), (solution,))
    assert found is not None
    new = store.args[found[0]]
    assert len({*new, variable(0), variable(1)}) == 4
    assert found[1] == variable(1)
