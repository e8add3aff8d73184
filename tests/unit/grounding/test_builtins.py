from __future__ import annotations

import pytest

from nesy.grounding.builtins import BUILTINS
from tests.unit.grounding.asking import answers, by_problog, place, probabilities, refusal

SOLUTIONS: list[tuple[str, str, list[str]]] = [
    ("X = f(Y), Y = 1", "X", ["f(1)"]),
    ("f(X,b) = f(a,Y)", "X-Y", ["a-b"]),
    ("X = 1, X \\= 2", "X", ["1"]),
    ("X = 1, f(_) \\= f(X)", "X", []),
    ("X = 1, f(X,_) \\= f(2,_)", "X", ["1"]),
    ("X = 1, X == 1", "X", ["1"]),
    ("X = 1, X == 1.0", "X", []),
    ("Y == Y, X = 1", "X", ["1"]),
    ("Y == Z, X = 1", "X", []),
    ("Y \\== Z, X = 1", "X", ["1"]),
    ("X is 2+3", "X", ["5"]),
    ("X = 5, X is 2+3", "X", ["5"]),
    ("X = 6, X is 2+3", "X", []),
    ("X = 1, X < 2, X =< 1, X >= 1.0, X =:= 1.0, X =\\= 2, 3 > X", "X", ["1"]),
    ("X = 1, X < 1", "X", []),
    ("X = 1, X > 1", "X", []),
    ("X = a, X @< b, X @=< a, X @>= a, f(a) @> X", "X", ["a"]),
    ("X = a, X @< a", "X", []),
    ("between(1,3,X)", "X", ["1", "2", "3"]),
    ("between(3,1,X)", "X", []),
    ("X = 2, between(1,3,X)", "X", ["2"]),
    ("X = 4, between(1,3,X)", "X", []),
    ("X = 4, between(1,inf,X)", "X", ["4"]),
    ("X = 0, between(1,infinite,X)", "X", []),
    ("succ(3,X)", "X", ["4"]),
    ("succ(X,4)", "X", ["3"]),
    ("X = 1, succ(X,2)", "X", ["1"]),
    ("X = 1, succ(X,3)", "X", []),
    ("succ(-1,X)", "X", ["0"]),
    ("succ(X,0)", "X", ["-1"]),
    ("plus(1,2,X)", "X", ["3"]),
    ("plus(1,X,3)", "X", ["2"]),
    ("plus(X,2,3)", "X", ["1"]),
    ("X = 1, plus(X,2,4)", "X", []),
    ("X = 1, var(_), nonvar(X), ground(X), number(X), integer(X), atomic(X)", "X", ["1"]),
    ("X = 1.0, float(X), number(X)", "X", ["1.0"]),
    ("X = 1, float(X)", "X", []),
    ("X = a, atom(X), atomic(X)", "X", ["a"]),
    ('X = "a", string(X), atomic(X)', "X", ['"a"']),
    ('X = "a", atom(X)', "X", []),
    ("X = a, string(X)", "X", []),
    ("X = a, number(X)", "X", []),
    ("X = f(a), compound(X), nonvar(X)", "X", ["f(a)"]),
    ("X = a, compound(X)", "X", []),
    ("X = 1, Y = f(_), ground(Y)", "X", []),
    ("X = 1, var(X)", "X", []),
    ("X = 1, nonvar(_)", "X", []),
    ("X = [a], is_list(X)", "X", ["[a]"]),
    ("X = [], is_list(X), atom(X)", "X", ["[]"]),
    ("X = 1, is_list([a|_])", "X", []),
    ("X = a, is_list(X)", "X", []),
    ("true, X = 1", "X", ["1"]),
    ("fail, X = 1", "X", []),
    ("false, X = 1", "X", []),
    ("member(X,[a,b,a])", "X", ["a", "b"]),
    ("X = b, member(X,[a,b])", "X", ["b"]),
    ("X = c, member(X,[a,b])", "X", []),
    ("member(f(X),[f(a),b,f(c)])", "X", ["a", "c"]),
    ("X = a, member(X,[_])", "X", ["a"]),
    ("member(X,[])", "X", []),
    ("append([a],[b],X)", "X", ["[a,b]"]),
    ("append(X,[b],[a,b])", "X", ["[a]"]),
    ("append([a],X,[a,b])", "X", ["[b]"]),
    ("append(X,Y,[a,b])", "X-Y", ["[]-[a,b]", "[a,b]-[]", "[a]-[b]"]),
    ("append([a],X,[b])", "X", []),
    ("length([a,b],X)", "X", ["2"]),
    ("X = 2, length([a],X)", "X", []),
    ("nth0(1,[a,b],X)", "X", ["b"]),
    ("nth1(1,[a,b],X)", "X", ["a"]),
    ("nth0(X,[a,b,a],a)", "X", ["0", "2"]),
    ("nth1(X,[a,b,a],a)", "X", ["1", "3"]),
    ("nth0(2,[a,b],X)", "X", []),
    ("nth1(0,[a,b],X)", "X", []),
    ("nth0(-1,[a,b],X)", "X", []),
    ("sum_list([1,2,3.5],X)", "X", ["6.5"]),
    ("sumlist([],X)", "X", ["0"]),
    ("max_list([1,3,2],X)", "X", ["3"]),
    ("min_list([1,3,2],X)", "X", ["1"]),
    ("max_list([],X)", "X", []),
    ("min_list([],X)", "X", []),
    ("reverse([a,b],X)", "X", ["[b,a]"]),
    ("X = 1, \\+ X = 2", "X", ["1"]),
    ("X = 1, \\+ X < 2", "X", []),
    ("X = 1, \\+ member(X,[2])", "X", ["1"]),
    ("X = 1, \\+ Y = 2", "X", []),
]


@pytest.mark.parametrize(("goals", "wanted", "expected"), SOLUTIONS)
def test_solutions(goals: str, wanted: str, expected: list[str]) -> None:
    assert answers(f"p({wanted}) :- {goals}.", "p(_)") == sorted(f"p({v})" for v in expected)


def test_every_builtin_is_tried() -> None:
    tried = " ".join(goals for goals, _, _ in SOLUTIONS)
    assert not {name for name, _ in BUILTINS if name not in tried}


@pytest.mark.parametrize(
    ("goal", "code"),
    [
        ("between(Y,3,X)", "call-mode"),
        ("between(1,Y,X)", "call-mode"),
        ("between(1,inf,X)", "call-mode"),
        ("between(1.0,3,X)", "not-an-integer"),
        ("between(1,b,X)", "not-an-integer"),
        ("between(1,3,a)", "not-an-integer"),
        ("succ(X,Y)", "call-mode"),
        ("succ(a,X)", "not-an-integer"),
        ("succ(X,1.5)", "not-an-integer"),
        ("plus(1,X,Y)", "call-mode"),
        ("plus(1,X,0.5)", "not-an-integer"),
        ("member(X,Y)", "call-mode"),
        ("member(X,[a|Y])", "call-mode"),
        ("append(X,[a],Y)", "call-mode"),
        ("length(Y,X)", "call-mode"),
        ("nth0(X,Y,a)", "call-mode"),
        ("nth1(a,[a],X)", "not-an-integer"),
        ("sum_list(Y,X)", "call-mode"),
        ("sum_list([Y],X)", "unbound-arithmetic"),
        ("sum_list([a],X)", "not-a-number"),
        ("max_list([1|Y],X)", "call-mode"),
        ("min_list(a,X)", "call-mode"),
        ("reverse(Y,X)", "call-mode"),
    ],
)
def test_wrong_modes(goal: str, code: str) -> None:
    error = refusal(f"q(_). p(X) :- q(Y), {goal}. query(p(_)).")
    assert place(error) == (code, goal)
    assert type(error).__name__ == "GroundingError"


PROGRAMS = [
    """0.3::f(1). 0.4::f(2). 0.5::f(3).
    p(X,Y) :- f(X), f(Y), X < Y. q(S) :- p(X,Y), S is X+Y. query(p(_,_)). query(q(_)).""",
    """0.2::item(a,1). 0.6::item(b,2). 0.7::item(c,3).
    cost([],0). cost([H|T],S) :- item(H,N), cost(T,R), S is N+R.
    pick([]). pick([a]). pick([a,b]). pick([c,b]).
    best(S) :- pick(L), cost(L,S). query(best(_)).""",
    "0.5::a(X) :- between(1,3,X). s(Y) :- a(X), succ(X,Y), \\+ a(Y). query(s(_)).",
    "0.5::a(X,Y) :- member(X,[1,2]), member(Y,[u,v]). p :- a(1,Y), \\+ a(2,Y). query(p). query(a(_,_)).",
    "0.3::w(X) :- append(_,[X|_],[a,b,a]). query(w(_)).",
    "0.4::v(N) :- length([a,b],N). u(M) :- v(N), plus(N,M,5), M >= 3, M =\\= 4. query(u(_)).",
    """0.4::v(1). 0.5::v(1.0). 0.6::v(a). n(X) :- v(X), number(X). i(X) :- v(X), integer(X).
    query(n(_)). query(i(_)).""",
    "0.1::v(b). 0.2::v(a). 0.3::v(3). 0.4::v(f(a)). p(X,Y) :- v(X), v(Y), X @< Y. query(p(_,_)).",
    "P::c(X) :- member(X,[1,2,4]), P is 1/X. query(c(_)).",
    "0.3::e(1). 0.3::e(2). t(L) :- e(X), e(Y), X \\= Y, L = [X,Y]. query(t(_)).",
]


@pytest.mark.parametrize("rules", PROGRAMS)
def test_programs_agree_with_problog(rules: str) -> None:
    expected = by_problog(rules)
    found = probabilities(rules)
    # ProbLog lists a query without answers as impossible, with its variables.
    assert found == pytest.approx({a: p for a, p in expected.items() if p > 0.0}, abs=1e-12)
    assert found
