"""Built-ins on sets of values: which are run, and on what."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from nesy.errors import Span
from nesy.grounding.builtins import BUILTINS
from nesy.grounding.cost.domain import ANY, Domain
from nesy.grounding.cost.patterns import MOST_COMBINATIONS
from nesy.grounding.cost.solving import Solver
from nesy.grounding.rules import Builtin, BuiltinCall
from nesy.grounding.terms import Args, TermStore, variable

X, Y = variable(0), variable(1)


def numbers(store: TermStore, *values: int) -> Domain:
    return Domain(frozenset(map(store.number, values)))


def call(store: TermStore, name: str, args: Args, run: Builtin | None = None) -> BuiltinCall:
    key = (name, len(args))
    return BuiltinCall(key, run or BUILTINS[key], args, True, None)


def test_comparisons_keep_what_can_hold() -> None:
    store = TermStore()
    goal = call(store, "<", (X, Y))
    found = Solver(store).solve(goal, {X: numbers(store, 1, 5), Y: numbers(store, 3, 4)})
    assert found is not None
    assert found.domains == {X: numbers(store, 1), Y: numbers(store, 3, 4)}
    assert (found.solutions, found.most, found.new, found.inputs) == (2, 1, 4, (X, Y))


def test_only_new_combinations_are_run() -> None:
    store = TermStore()
    solver, goal = Solver(store), call(store, "between", (X, store.number(3), Y))
    first = solver.solve(goal, {X: numbers(store, 1)})
    second = solver.solve(goal, {X: numbers(store, 1, 2)})
    assert first is not None
    assert second is not None
    assert (first.new, second.new) == (1, 1)
    assert (second.solutions, second.most) == (5, 3)
    assert second.domains[Y] == numbers(store, 1, 2, 3)


def test_smaller_sets_are_not_taken_for_larger_ones() -> None:
    store = TermStore()
    solver, goal = Solver(store), call(store, "is", (Y, X))
    solver.solve(goal, {X: numbers(store, 1, 2)})
    found = solver.solve(goal, {X: numbers(store, 2)})
    assert found is not None
    assert found.domains[Y] == numbers(store, 2)


def test_values_that_make_no_sense_together_are_left_out() -> None:
    store = TermStore()
    goal = call(store, "is", (Y, X))
    found = Solver(store).solve(goal, {X: Domain(frozenset((store.atom("a"), store.number(1))))})
    assert found is not None
    assert found.domains[Y] == numbers(store, 1)


def test_what_cannot_be_listed_is_not_run() -> None:
    store = TermStore()
    solver = Solver(store)
    assert solver.solve(call(store, "<", (X, store.number(3))), {X: ANY}) is None
    assert solver.solve(call(store, "<", (X, store.number(3))), {}) is None
    assert solver.solve(call(store, "is", (Y, X)), {}) is None
    many = Domain(frozenset(store.number(i) for i in range(MOST_COMBINATIONS + 1)))
    assert solver.solve(call(store, "is", (Y, X)), {X: many}) is None


@pytest.mark.parametrize("name", ["write", "mine"])
def test_what_acts_and_what_is_not_ours_is_not_run(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[Args] = []

    def run(store: TermStore, args: Args, span: Span | None) -> Iterable[Args]:
        runs.append(args)
        return [args]

    if name == "write":
        monkeypatch.setitem(BUILTINS, (name, 1), run)
    store = TermStore()
    assert Solver(store).solve(call(store, name, (X,), run), {X: numbers(store, 1)}) is None
    assert runs == []
