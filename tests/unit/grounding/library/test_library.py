"""The library's rules: hygienic, and as uncertain as the goals they call."""

from __future__ import annotations

import pytest

from nesy.grounding.library import HIDDEN, PREDICATES, library, rules_of
from nesy.language.builtins import BUILTINS
from nesy.language.syntax import indicator
from nesy.language.traversal import calls
from tests.unit.grounding.asking import by_problog, place, probabilities, refusal

FILES = [library("apply"), library("control")]
RULES = {key: rules for file in FILES for key, rules in file.items()}
HIDDEN_BUILTINS = {("$closed", 2), ("$known", 2), ("$sorted", 2)}


def test_the_table_names_what_the_files_define() -> None:
    assert sum(map(len, FILES)) == len(RULES)
    assert {key for key in RULES if not key[0].startswith(HIDDEN)} == PREDICATES
    assert all(rules_of(key) == rules for key, rules in RULES.items())
    assert rules_of(("nothing", 1)) == rules_of(("$nothing", 1)) == ()


def test_no_rule_calls_what_a_program_could_redefine() -> None:
    called = {indicator(atom) for rules in RULES.values() for rule in rules for atom, _ in calls(rule.body)}
    own = {key for key in called if key[0].startswith(HIDDEN)}
    assert own - HIDDEN_BUILTINS == {key for key in RULES if key[0].startswith(HIDDEN)}
    assert {name for name, _ in called - own - set(BUILTINS)} == {"call"}


PROGRAMS = [
    "0.3::q(X,a). 0.4::q(X,b). p(L) :- maplist(q,[1,2],L). query(p(_)).",
    "0.3::q(1). 0.4::q(2). 0.9::q(3). p :- maplist(q,[1,2,3]). query(p).",
    "0.3::q(1). 0.4::q(2). p(L) :- include(q,[1,2,3],L). query(p(_)).",
    "0.3::q(1). 0.4::q(2). p(L) :- exclude(q,[1,2,3],L). query(p(_)).",
    "0.3::q(1). 0.4::q(2). p(I,O) :- partition(q,[1,2],I,O). query(p(_,_)).",
    "0.3::up(X); 0.7::stay(X). step(X,A,B) :- up(X), B is A+1. step(X,A,A) :- stay(X). "
    "p(S) :- foldl(step,[a,b,c],0,S). query(p(_)).",
    "0.3::up(X); 0.7::stay(X). step(X,A,B) :- up(X), B is A+1. step(X,A,A) :- stay(X). "
    "p(S) :- scanl(step,[a,b],0,S). query(p(_)).",
    "0.5::q(1,a). 0.5::q(2,b). p(L) :- convlist(q,[1,2],L). query(p(_)).",
]


@pytest.mark.parametrize("rules", PROGRAMS)
def test_uncertain_goals_agree_with_problog(rules: str) -> None:
    found = probabilities(rules)
    expected = by_problog(":- use_module(library(apply)).\n" + rules)
    assert found == pytest.approx({a: p for a, p in expected.items() if p > 0.0}, abs=1e-12)
    assert found


def test_an_uncertain_order() -> None:
    # One coin decides how all comparisons of the pair go.
    rules = """0.3::down. c(O,A,B) :- down, compare(O,B,A). c(O,A,B) :- \\+down, compare(O,A,B).
    p(L) :- predsort(c,[b,a,c],L). query(p(_))."""
    found = {atom: p for atom, p in probabilities(rules).items() if p > 0.0}
    assert found == pytest.approx({"p([a,b,c])": 0.7, "p([c,b,a])": 0.3}, abs=1e-12)


def test_a_program_s_own_predicates_come_first_and_stay_outside() -> None:
    rules = """maplist(_,[mine]). foldl(_,_,_,mine). p(L) :- maplist(integer,L). p(L) :- foldl(plus,b,c,L).
    p(L) :- foldl_noinit(plus,[1,2,3],L). query(p(_))."""
    assert set(probabilities(rules)) == {"p([mine])", "p(mine)", "p(6)"}


def test_lists_that_never_end_are_refused() -> None:
    error = refusal("p(X,Y) :- maplist(succ,X,Y). query(p(_,_)).")
    assert place(error)[0] == "call-mode"
    assert error.diagnostic.message == "maplist/3: one of the lists must be closed"


def test_long_lists() -> None:
    rules = "p(X) :- numlist(1,3000,L), maplist(succ,L,M), foldl(plus,M,0,X). query(p(_))."
    assert probabilities(rules) == {f"p({3000 * 3001 // 2 + 3000})": 1.0}
