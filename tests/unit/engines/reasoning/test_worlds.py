"""Possible worlds: what they show, what is given, and what follows from all of them."""

from __future__ import annotations

import pytest

import nesy
from nesy.engines.reasoning.asking import Claim, pattern
from nesy.errors import SemanticsError
from nesy.language.printer import term_text

COLOURS = """
1/3::colour(N, red); 1/3::colour(N, green); 1/3::colour(N, blue) :- node(N).
node(1). node(2). node(3).
edge(1, 2). edge(2, 3).
:- edge(A, B), colour(A, C), colour(B, C).
"""
MAP = nesy.parse(COLOURS)


def code_of(call: object, *args: object, **kwargs: object) -> str:
    with pytest.raises(nesy.NesyError) as caught:
        list(call(*args, **kwargs))  # type: ignore[operator]
    return caught.value.code


def test_worlds_show_the_choices_where_nothing_is_asked() -> None:
    worlds = list(nesy.models(MAP))
    assert len(worlds) == len(set(worlds)) == 12
    for world in worlds:
        assert len(world) == 9
        assert len(world.true) == 3
        assert not any(world[f"colour(1,{c})"] and world[f"colour(2,{c})"] for c in ("red", "blue"))


def test_worlds_show_the_queries() -> None:
    program = nesy.parse(COLOURS + "same :- colour(1, C), colour(3, C). query(same).")
    worlds = list(nesy.models(program))
    assert [dict(w) for w in worlds].count({"same": True}) == 6
    assert len(worlds) == 12
    assert {frozenset(w.choices.items()) for w in worlds} == {
        frozenset(w.choices.items()) for w in nesy.models(MAP)
    }


def test_projection() -> None:
    first = list(nesy.models(MAP, project=["colour(1, C)"]))
    assert sorted(w.true for w in first) == [("colour(1,blue)",), ("colour(1,green)",), ("colour(1,red)",)]
    assert len(list(nesy.models(MAP, project=["colour/2"]))) == 12
    assert len(list(nesy.models(MAP, project=["edge/2"]))) == 1
    assert [dict(w) for w in nesy.models(MAP, project=[])] == [{}]
    assert len(list(nesy.models(MAP, project=["colour(1,C)"], given={"colour(2,red)": True}))) == 2
    assert code_of(nesy.models, MAP, project=["colours/2"]) == "unknown-predicate"


def test_limits() -> None:
    assert len(list(nesy.models(MAP, limit=5))) == 5
    assert list(nesy.models(MAP, limit=0)) == []
    assert code_of(nesy.models, MAP, limit=-1) == "invalid-count"


def test_mistakes_come_with_the_call_and_not_with_the_first_world() -> None:
    with pytest.raises(nesy.NesyError):
        nesy.models(MAP, given={"nowhere(1)": True})


def test_what_is_given() -> None:
    worlds = list(nesy.models(MAP, given={"colour(1, red)": True, "colour(2,green)": False}))
    assert [w.choices["colour(2,red); colour(2,green); colour(2,blue)"] for w in worlds] == [
        "colour(2,blue)"
    ] * 2
    assert not nesy.satisfiable(MAP, given={"colour(1,red)": True, "colour(2,red)": True})
    assert list(nesy.models(MAP, given={"colour(1,red)": True, "colour(2,red)": True})) == []
    assert code_of(nesy.models, MAP, given={"colour(1,red)": "yes"}) == "unknown-value"
    assert code_of(nesy.models, MAP, given={"colour(1,X)": True}) == "non-ground-evidence"
    assert code_of(nesy.models, MAP, given={"colour(1,red": True}) == "unclosed-bracket"


def test_satisfiable() -> None:
    found = nesy.satisfiable(MAP)
    assert found
    assert found.world is not None
    assert found.world in set(nesy.models(MAP))
    rules = nesy.parse("0.5::a. b :- a. evidence(b). :- a.")
    assert not nesy.satisfiable(rules)
    assert nesy.satisfiable(rules).world is None


def test_values_of_probability_0_are_impossible() -> None:
    rules = nesy.parse("0.0::a. 0.0::b; 1.0::c. 1.0::d. query(a). query(b). query(c). query(d).")
    assert [w.true for w in nesy.models(rules)] == [("c", "d")]


def test_equal_names() -> None:
    rules = nesy.parse("0.5::a. 0.4::a. query(a).")
    assert [sorted(w.choices) for w in nesy.models(rules)] == [["a", "a#2"]] * 4


def test_networks_may_say_anything() -> None:
    rules = nesy.parse(
        "nn(net, [X], D, 0..3)::digit(X, D). sum(S) :- digit(a, A), digit(b, B), S is A + B. :- sum(5)."
    )
    sums = {w.true for w in nesy.models(rules, project=["sum/1"])}
    assert sums == {(f"sum({s})",) for s in (0, 1, 2, 3, 4, 6)}
    assert nesy.entails(rules, "\\+sum(5)")
    assert nesy.satisfiable(rules)
    assert nesy.count(rules, given={"sum(3)": True}).value == 4


def test_choices_whose_instances_nothing_tells_are_asked_for_by_name() -> None:
    rules = nesy.parse("0.3::odd(X). 0.5::a. 0.2::b(X) :- c(X). c(1). :- odd(1), a.")
    assert [sorted(w) for w in nesy.models(rules, limit=1)] == [["a", "b(1)"]]
    assert len(list(nesy.models(rules, project=["odd(1)", "odd(2)"]))) == 4
    assert code_of(nesy.models, rules, project=["odd/1"]) == "non-ground-probability"


def test_entailment() -> None:
    rules = nesy.parse("0.5::a; 0.5::b. c :- a. c :- b. d :- a, b. never :- fail.")
    assert nesy.entails(rules, "c")
    assert nesy.entails(rules, "\\+ d")
    assert nesy.entails(rules, "not never")
    assert not nesy.entails(rules, "a")
    assert not nesy.entails(rules, "\\+a")
    assert nesy.entails(rules, "b", given={"a": False})
    assert code_of(nesy.entails, rules, "c(X)") == "not-ground"
    assert code_of(nesy.entails, rules, "e") == "unknown-predicate"


def test_nothing_follows_from_a_contradiction() -> None:
    rules = nesy.parse("0.5::a.\nb :- a.\nc.", "rules.nesy")
    with pytest.raises(SemanticsError) as caught:
        nesy.entails(rules, "c", given={"a": True, "b": False})
    assert caught.value.code == "inconsistent-evidence"
    assert caught.value.message == (
        r"there is no possible world, because of b :- a (rules.nesy:2), a (given), \+b (given)"
    )
    assert caught.value.span is not None
    assert caught.value.span.line == 2


def test_cyclic_rules_have_least_models() -> None:
    rules = nesy.parse(
        """
        0.5::edge(1, 2). 0.5::edge(2, 3). 0.5::edge(3, 1).
        path(X, Y) :- edge(X, Y).
        path(X, Y) :- edge(X, Z), path(Z, Y).
        """
    )
    assert nesy.entails(rules, "path(1,3)", given={"path(1,1)": True})
    assert nesy.entails(rules, "\\+path(2,1)", given={"edge(3,1)": False})
    assert nesy.count(rules, given={"path(1,3)": True}).value == 2


def test_claims() -> None:
    assert str(Claim.parse(" \\+ a( b ) ")) == "\\+a(b)"
    assert str(Claim.parse("nothing").negated) == "\\+nothing"
    assert [term_text(pattern(t)) for t in ("p/2", "p/0", "p(X, a)", "p")] == ["p(_,_)", "p", "p(X,a)", "p"]


def test_an_interpretation_is_a_mapping() -> None:
    (world,) = nesy.models(
        nesy.parse("0.5::a. b :- a. evidence(a). query(a). query(b). query(c). c :- fail.")
    )
    assert dict(world) == {"a": True, "b": True, "c": False}
    assert (str(world), repr(world)) == ("a b", "Interpretation(a, b)")
    assert world == {"a": True, "b": True, "c": False}
    assert len(world) == 3


def test_budget() -> None:
    rules = nesy.parse("nat(0). nat(s(X)) :- nat(X).")
    assert code_of(nesy.models, rules, project=["nat/1"], budget=nesy.Budget(nodes=1000)) == "budget-exceeded"
