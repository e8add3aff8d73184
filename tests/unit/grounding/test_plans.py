"""Rules made ready: arguments are built as substitution builds them."""

from __future__ import annotations

import pytest

from nesy.grounding.plans import Plan
from nesy.grounding.rules import Predicate, Rule, UserCall
from nesy.grounding.syntax_terms import intern, text
from nesy.grounding.terms import Args, TermId, TermStore, variable
from nesy.language import parse
from nesy.language.syntax import Call, Compound


def planned(store: TermStore, clause: str) -> Plan:
    """The plan of a clause whose goals all call one predicate."""
    (statement,) = parse(clause + "\ng(_). g(_, _). g(_, _, _).").clauses[:1]
    numbering: dict[str, int] = {}
    head = statement.heads[0].atom
    assert isinstance(head, Compound)
    assert isinstance(statement.body, Call)
    assert isinstance(statement.body.atom, Compound)
    head_args = tuple(intern(store, a, numbering) for a in head.args)
    goal_args = tuple(intern(store, a, numbering) for a in statement.body.atom.args)
    predicate = Predicate("p", len(head_args))
    goal = UserCall(predicate, goal_args, True, None)
    return Plan(store, Rule(predicate, head_args, len(numbering), (goal,), None, None))


def shown(store: TermStore, args: Args) -> list[str]:
    return [text(store, a) for a in args]


@pytest.mark.parametrize(
    ("clause", "goal", "head"),
    [
        ("p(X) :- g(X).", ["1"], ["1"]),
        ("p(X, Y) :- g(Y, X).", ["two", "1"], ["1", "two"]),
        ("p(X, f(a)) :- g(f(a), X, b).", ["f(a)", "1", "b"], ["1", "f(a)"]),
        ("p(X, Y) :- g(f(X, g(Y, X)), [X, Y|a]).", ["f(1,g(two,1))", "[1,two|a]"], ["1", "two"]),
        ("p([X|Y], [X|Y]) :- g(h(h(h(Y))), h(Y)).", ["h(h(h(two)))", "h(two)"], ["[1|two]", "[1|two]"]),
    ],
)
def test_arguments_are_built(clause: str, goal: list[str], head: list[str]) -> None:
    store = TermStore()
    plan = planned(store, clause)
    env = plan.blank[:]
    values: list[TermId] = [store.number(1), store.atom("two")]
    env[: plan.variables] = values[: plan.variables]
    assert shown(store, plan.steps[0].build(env)) == goal
    assert shown(store, plan.build_head(env)) == head
    assert env[plan.variables :] == plan.ground_terms


def test_unbound_variables_stand_for_themselves() -> None:
    store = TermStore()
    plan = planned(store, "p(X, Y) :- g(Y, f(X)).")
    (y, f) = plan.steps[0].build(plan.blank)
    assert y == variable(1)
    assert store.args[f] == (variable(0),)


def test_bodies_without_arguments_build_nothing() -> None:
    store = TermStore()
    predicate = Predicate("p", 0)
    plan = Plan(store, Rule(predicate, (), 0, (UserCall(predicate, (), True, None),), None, None))
    assert plan.build_head(plan.blank) == ()
    assert plan.steps[0].build(plan.blank) == ()


def test_deep_arguments_need_no_recursion() -> None:
    store = TermStore()
    deep = variable(0)
    for _ in range(20_000):
        deep = store.compound("s", (deep,))
    predicate = Predicate("p", 1)
    plan = Plan(store, Rule(predicate, (deep,), 1, (), None, None))
    (built,) = plan.build_head([store.atom("z")])
    assert store.is_ground(built)
