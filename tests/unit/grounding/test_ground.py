from __future__ import annotations

from nesy.logic.graph import FALSE
from tests.unit.grounding.asking import grounded, outputs, place, probabilities, refusal


def test_only_what_is_asked_is_grounded() -> None:
    program = grounded("0.5::a. 0.5::b. p :- a. q :- b. endless(N) :- M is N+1, endless(M). query(p).")
    assert [s.name for s in program.symbols] == ["a"]


def test_queries_in_their_order_each_atom_once() -> None:
    program = grounded("0.5::p(2). 0.5::p(1). q. query(q). query(p(_)). query(p(2)). query(q).")
    assert [o.name for o in program.outputs] == ["q", "p(1)", "p(2)"]


def test_a_ground_query_without_answers_is_false_and_an_open_one_is_nothing() -> None:
    found = outputs(grounded("p(1). query(p(2)). r(X) :- p(X), X > 1. query(r(_))."))
    assert list(found) == ["p(2)"]
    assert found["p(2)"].literals[1] == FALSE


def test_a_query_whose_answer_holds_a_variable() -> None:
    assert place(refusal("p(_,b). query(p(X,b)).")) == ("non-ground-query", "p(X,b)")
    assert "nesy.check" in (refusal("p(_,b). query(p(X,b)).").hint or "")


def test_evidence_and_constraints_condition() -> None:
    rules = """0.5::a. 0.4::b. 0.3::c. evidence(\\+ a). evidence(d, true). d :- b ; c. :- b, c.
    query(a). query(b)."""
    program = grounded(rules)
    # not a; b or c; not both
    assert len(program.condition) == 3
    both = 0.4 * 0.7
    found = probabilities(rules)
    assert found["a"] == 0.0
    assert abs(found["b"] - both / (both + 0.6 * 0.3)) < 1e-12


def test_evidence_that_surely_holds_is_no_condition_and_impossible_evidence_is_false() -> None:
    assert grounded("p(1). 0.5::q. evidence(p(1)). query(q).").condition == ()
    assert grounded("p(1). 0.5::q. evidence(p(2)). query(q).").condition == (FALSE,)
    assert grounded("p(1). 0.5::q. evidence(p(1), false). query(q).").condition == (FALSE,)
    assert grounded(":- p. p. 0.5::q. query(q).").condition == (FALSE,)


def test_evidence_must_be_ground() -> None:
    assert refusal("0.5::p(1). evidence(p(X)). query(p(1)).").code == "non-ground-evidence"


def test_unknown_predicates() -> None:
    assert place(refusal("0.5::p. query(p). evidence(q)."))[0] == "unknown-predicate"
    assert place(refusal("0.5::p. query(q)."))[0] == "unknown-predicate"


def test_families_are_answers_that_differ_in_one_argument() -> None:
    rules = """nn(net,[X],D,0..3)::digit(X,D).
    odd(X,P) :- digit(X,D), P is D mod 2.
    both(P,Q) :- odd(a,P), odd(b,Q)."""
    program = grounded(rules, "both(P,Q)", "P")
    # odd(a,_), odd(b,_), and both(_,_) with the one or the other argument fixed.
    assert len(program.families) == 6
    for family in program.families:
        assert len(family) == 2
        assert all(1 < abs(member) < len(program.graph) for member in family)


def test_children_come_before_parents() -> None:
    rules = (
        "0.5::e(1,2). 0.5::e(2,1). 0.5::e(2,3). r(X,Y) :- e(X,Y). r(X,Y) :- r(X,Z), e(Z,Y). query(r(1,_))."
    )
    graph = grounded(rules).graph
    for node in range(2, len(graph)):
        assert all(abs(child) < node for child in graph.children(node))


def test_a_users_own_names_never_meet_the_inner_ones() -> None:
    names = " ".join(f"'$goal{i}'({i})." for i in range(8))
    rules = f"0.5::a. {names} p(X) :- ('$goal1'(X) ; '$goal2'(X)), \\+ (a, '$goal3'(X)). query(p(_))."
    assert probabilities(rules) == {"p(1)": 1.0, "p(2)": 1.0}


def test_a_programs_own_list_predicates_take_the_place_of_the_built_in_ones() -> None:
    rules = "0.5::member(a,b). p(X) :- member(X,b). query(p(_))."
    assert probabilities(rules) == {"p(a)": 0.5}
