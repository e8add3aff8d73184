from __future__ import annotations

from itertools import product
from math import prod

import networkx as nx
import pytest

from nesy.logic.graph import FALSE, TRUE
from tests.unit.grounding.asking import answers, by_problog, grounded, outputs, place, probabilities, refusal

EDGES = {(1, 2): 0.4, (2, 1): 0.5, (2, 3): 0.3, (3, 1): 0.6}


def reachability() -> dict[str, float]:
    """The probability of each path in the graph of `EDGES`, by looking at every subset of the edges."""
    found: dict[str, float] = {}
    for present in product([False, True], repeat=len(EDGES)):
        graph = nx.DiGraph([edge for edge, there in zip(EDGES, present, strict=True) if there])
        weight = prod(p if there else 1 - p for p, there in zip(EDGES.values(), present, strict=True))
        closure = nx.transitive_closure(graph, reflexive=False)
        for a, b in closure.edges:
            found[f"r({a},{b})"] = found.get(f"r({a},{b})", 0.0) + weight
    return found


@pytest.mark.parametrize(
    "closure",
    [
        "r(X,Y) :- e(X,Y). r(X,Y) :- r(X,Z), e(Z,Y).",
        "r(X,Y) :- r(X,Z), e(Z,Y). r(X,Y) :- e(X,Y).",
        "r(X,Y) :- e(X,Y). r(X,Y) :- e(X,Z), r(Z,Y).",
        "r(X,Y) :- e(X,Y). r(X,Y) :- r(X,Z), r(Z,Y).",
    ],
)
def test_closure_however_it_recurses(closure: str) -> None:
    edges = " ".join(f"{p}::e({a},{b})." for (a, b), p in EDGES.items())
    assert probabilities(f"{edges} {closure} query(r(_,_)).") == pytest.approx(reachability(), abs=1e-12)


def test_mutual_recursion() -> None:
    rules = """even(0). even(N) :- N>0, M is N-1, odd(M). odd(N) :- N>0, M is N-1, even(M). 0.3::odd(0).
    query(even(10)). query(even(11))."""
    assert probabilities(rules) == pytest.approx({"even(10)": 1.0, "even(11)": 0.3})


def test_rules_in_a_circle_hold_nothing_up() -> None:
    rules = "0.4::c. a :- b. b :- a. b :- c. d :- d. query(a). query(d)."
    assert probabilities(rules) == pytest.approx({"a": 0.4, "d": 0.0})


def test_a_recursion_of_100_000_levels() -> None:
    program = grounded("count(0). count(N) :- N>0, M is N-1, count(M). query(count(100000)).")
    assert program.outputs[0].literals == (FALSE, TRUE)


def test_uncertainty_at_the_bottom_of_a_long_recursion_leaves_one_node() -> None:
    program = grounded("0.5::z. n(0) :- z. n(N) :- N>0, M is N-1, n(M). query(n(3000)).")
    assert len(program.graph) == 3
    assert program.outputs[0].literals == (-2, 2)


def test_answers_with_variables_of_their_own() -> None:
    rules = """any(_). pair(X,X). 0.5::some(X) :- any(X), X = 1. q(Y) :- pair(Y,Z), Z = a.
    two(X,Y) :- any(X), pair(X,Y), Y = f(b). query(some(1)). query(q(_)). query(two(_,_))."""
    assert probabilities(rules) == {"some(1)": 0.5, "q(a)": 1.0, "two(f(b),f(b))": 1.0}


def test_an_answer_with_variables_keeps_apart_from_the_callers() -> None:
    rules = "p(X,Y,f(X,Y,_)). q(A,B) :- p(B,A,T), T = f(1,2,3)."
    assert answers(rules, "q(_,_)") == ["q(2,1)"]


def test_calls_with_structure() -> None:
    rules = """path(node(X),node(Y),[X,Y]) :- e(X,Y). e(1,2). e(2,2).
    loop(X,T) :- path(node(X),node(X),[_|T]). q(X) :- path(node(1),node(X),[1|_])."""
    assert answers(rules, "loop(_,_)") == ["loop(2,[2])"]
    assert answers(rules, "q(_)") == ["q(2)"]


def test_variants_are_one_call() -> None:
    program = grounded("0.5::f(1,2). a :- f(X,Y), X<Y. b :- f(U,V), U<V. query(a). query(b).")
    first, second = program.outputs
    assert first.literals == second.literals


def test_disjunctions_in_bodies() -> None:
    rules = """0.2::a. 0.3::b. 0.4::c. 0.5::d(1). 0.6::d(2).
    p :- (a ; b, c ; \\+ a, c). q(X) :- d(X), (X = 1 ; X > 1, a). r(X) :- (d(X) ; X = 3).
    s :- (a ; (b ; c)), \\+ (d(1) ; d(2)).
    query(p). query(q(_)). query(r(_)). query(s)."""
    assert probabilities(rules) == pytest.approx(by_problog(rules), abs=1e-12)


@pytest.mark.parametrize(
    "rules",
    [
        "0.3::a. p :- \\+ a. query(p).",
        "0.3::a(1). 0.4::a(2). p :- \\+ a(X). query(p).",
        "0.3::a(1). 0.4::a(2). p :- \\+ a(_). query(p).",
        "0.3::a(1). 0.4::a(2). b(1). b(2). b(3). p(X) :- b(X), \\+ a(X). query(p(_)).",
        "0.3::a(1,2). 0.4::a(1,3). b(1). b(2). p(X) :- b(X), \\+ a(X,_). query(p(_)).",
        "0.3::a. p :- \\+ \\+ a. query(p).",
        "0.3::a. 0.4::b. p :- \\+ (a, b). q :- \\+ (a ; b). query(p). query(q).",
        "0.3::a. 0.4::b. r :- \\+ (a, \\+ b). query(r).",
        "0.3::a. 0.4::b. p :- \\+ (\\+ a ; (b, a)). query(p).",
        "0.3::a(1). r(1). 0.5::p :- \\+ a(X). query(p).",
        "0.3::a(1). 0.6::a(2). r(2). 0.5::p :- \\+ (a(X), r(X)). query(p).",
        "0.3::a(1). 0.6::a(2). above(X,Y) :- X > Y. 0.5::p(Y) :- a(Y), \\+ (a(X), above(X,Y)). query(p(_)).",
        "0.3::a(1). 0.5::p; 0.2::q :- \\+ a(_). query(p). query(q).",
        "0.3::a. b :- \\+ a. c :- \\+ b. d :- \\+ c, \\+ b. query(c). query(d).",
        "0.5::stop(2). n(N) :- N < 4, \\+ stop(N), M is N+1, n(M). n(4). query(n(0)).",
        "e :- \\+ a, b. b :- c ; \\+ d. c :- b. 0.3::a. 0.4::d. query(e).",
    ],
)
def test_negation_agrees_with_problog(rules: str) -> None:
    assert probabilities(rules) == pytest.approx(by_problog(rules), abs=1e-12)


def test_negation_of_what_surely_holds_ends_an_otherwise_endless_recursion() -> None:
    rules = """up(N) :- \\+ stop(N), M is N+1, up(M). stop(5). up(N) :- stop(N).
    never :- \\+ true_fact, endless(0). true_fact. endless(N) :- M is N+1, endless(M).
    query(up(0)). query(never)."""
    assert probabilities(rules) == {"up(0)": 1.0, "never": 0.0}


def test_negation_waits_for_a_table_that_is_under_way() -> None:
    """q is first met positively while it is still being solved, then negated."""
    rules = "0.5::x. q :- x. q :- r, x. r :- q. p :- q. p :- \\+ q. s :- r, \\+ q. query(p). query(s)."
    assert probabilities(rules) == pytest.approx({"p": 1.0, "s": 0.0})


@pytest.mark.parametrize(
    ("rules", "names"),
    [
        ("p :- \\+ p. query(p).", ["p"]),
        ("0.5::a. p :- a, \\+ q. q :- a, \\+ p. query(p).", ["p", "q"]),
        ("win(X) :- m(X,Y), \\+ win(Y). 0.5::m(1,2). 0.5::m(2,1). query(win(1)).", ["win(1)", "win(2)"]),
        ("0.5::a. p :- \\+ (p, a). query(p).", ["p"]),
        ("0.5::a. p :- (a ; \\+ p). query(p).", ["p"]),
    ],
)
def test_a_cycle_through_negation_is_named_without_inner_predicates(rules: str, names: list[str]) -> None:
    error = refusal(rules)
    assert error.code == "negative-cycle"
    path = error.message.partition(": ")[2].split(" <- ")
    assert sorted(set(path)) == names
    assert path[0] == path[-1]


def test_a_cycle_through_negation_that_nothing_can_reach_is_no_cycle() -> None:
    rules = "0.5::a. p :- \\+ q. q :- \\+ p, fail. query(p). query(q)."
    assert probabilities(rules) == {"p": 1.0, "q": 0.0}


@pytest.mark.parametrize("count", [3, 8, 500])
def test_facts_are_found_by_any_bound_argument(count: int) -> None:
    facts = " ".join(f"f(k{i},v{i % 7},{i})." for i in range(count))
    rules = (
        f"{facts} f(any,_,-1). a(N) :- f(k1,_,N). b(N) :- f(_,v1,N). c(K) :- f(K,_,2). d(N) :- f(k1,v2,N)."
    )
    assert answers(rules, "a(_)") == ["a(1)"]
    assert answers(rules, "b(_)") == sorted(["b(-1)", *(f"b({i})" for i in range(1, count, 7))])
    assert answers(rules, "c(_)") == ["c(k2)"]
    assert answers(rules, "d(_)") == []


def test_an_argument_that_is_open_in_some_rules_stands_in_every_place_of_the_index() -> None:
    rules = "p(1,a). p(X,b) :- X > 0. p(2,c). p(3,d). p(4,e). p(5,f). p(6,g). p(X,h) :- X > 1. p(1,i)."
    assert answers(rules, "p(1,_)") == ["p(1,a)", "p(1,b)", "p(1,i)"]
    assert answers(rules, "p(2,_)") == ["p(2,b)", "p(2,c)", "p(2,h)"]
    assert answers(rules, "p(9,_)") == ["p(9,b)", "p(9,h)"]


def test_one_chain_of_carries_needs_a_graph_linear_in_its_length() -> None:
    sizes = []
    for digits in (4, 8, 12):
        rules = f"""nn(net,[X],D,0..9)::digit(X,D).
        carry(0,0). carry(I,C) :- I > 0, J is I-1, digit(a(J),A), digit(b(J),B), carry(J,K), C is (A+B+K)//10.
        sum(I,S) :- between(0,{digits - 1},I), digit(a(I),A), digit(b(I),B), carry(I,K),
            S is (A+B+K) mod 10."""
        sizes.append(len(grounded(rules, "sum(I,S)", "S").graph))
    assert sizes[2] - sizes[1] == sizes[1] - sizes[0]


def test_outputs_that_always_or_never_hold() -> None:
    found = outputs(grounded("p(1). 0.0::q. 1.0::r. query(p(1)). query(p(2)). query(q). query(r)."))
    assert found["p(1)"].literals == (FALSE, TRUE)
    assert found["p(2)"].literals == (TRUE, FALSE)
    assert found["q"].literals == (TRUE, FALSE)
    assert found["r"].literals == (FALSE, TRUE)


@pytest.mark.parametrize(
    ("rules", "span", "shown"),
    [
        ("p :- \\+ p.", "p", ["p :- \\+ p. (line 1)"]),
        (
            "0.5::a.\nq :- a, p.\np :- a.\np :- a, \\+ q.\n",
            "q",
            ["q :- a, p. (line 2)", "p :- a, \\+ q. (line 4)"],
        ),
        ("0.5::m(1,2). 0.5::m(2,1).\nwin(X) :- m(X,Y), \\+ win(Y). p :- win(1).", "win(Y)", ["win(X) :- m"]),
        ("0.5::a.\np :- (a ; \\+ p).", "p", ["p :- (a ; \\+ p). (line 2)"]),
        ("0.5::a.\np :- \\+ (p, a).", "(p, a)", ["p :- \\+ (p, a). (line 2)"]),
        ("0.5::a.\np :- a.\n\\+p :- p.", "\\+p", ["\\+p :- p. (line 3)"]),
    ],
)
def test_a_cycle_through_negation_shows_its_negation_and_its_rules(
    rules: str, span: str, shown: list[str]
) -> None:
    error = refusal(f"{rules}\nquery(p).")
    assert place(error) == ("negative-cycle", span)
    assert error.hint is not None
    for rule in shown:
        assert rule in error.hint
