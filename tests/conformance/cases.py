"""Programs that every engine answers, each with its answers.

The answers hold where the symbols of the rules have the probabilities written there and those of a
network are uniform. Every output is total: in each world that meets the condition it has one value.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

Answers = dict[str, dict[object, Fraction]]


def shares(**values: str) -> dict[object, Fraction]:
    return {name: Fraction(p) for name, p in values.items()}


def truth(p: str) -> dict[object, Fraction]:
    """The two values of an atom that holds with a probability."""
    return {"false": 1 - Fraction(p), "true": Fraction(p)}


def numbers(first: int, total: int, *weights: int) -> dict[object, Fraction]:
    """Consecutive integers from `first`, with weights over a common total."""
    return {first + i: Fraction(w, total) for i, w in enumerate(weights)}


@dataclass(frozen=True, eq=False)
class Case:
    """A program, a template over it, and for each output the probability of each value."""

    name: str
    text: str
    query: str
    output: tuple[str, ...]
    answers: Answers


CASES = (
    Case("one_fact", "0.3::a.", "a", (), {"a": truth("3/10")}),
    Case("certain", "0.3::a. b :- a. b :- \\+a.", "b", (), {"b": truth("1")}),
    Case(
        "noisy_or",
        "0.5::x. 0.4::y. 0.3::z. some :- x. some :- y, \\+z. 0.5::some :- z.",
        "some",
        (),
        {"some": truth("143/200")},
    ),
    Case(
        "addition",
        """nn(digit_net, [X], D, 0..3)::digit(X, D).
        addition(X, Y, S) :- digit(X, A), digit(Y, B), S is A + B.""",
        "addition(a, b, S)",
        ("S",),
        {"addition(a,b)": numbers(0, 16, 1, 2, 3, 4, 3, 2, 1)},
    ),
    Case(
        "carries",
        """nn(digit_net, [N, I], D, 0..2)::digit(N, I, D).
        carry(0, 0).
        carry(J, C) :- J > 0, I is J - 1, step(I, T), C is T // 3.
        step(I, T) :- carry(I, C), digit(a, I, X), digit(b, I, Y), T is X + Y + C.
        sum(I, D) :- between(0, 1, I), step(I, T), D is T mod 3.
        sum(2, C) :- carry(2, C).""",
        "sum(I, S)",
        ("S",),
        {
            "sum(0)": numbers(0, 3, 1, 1, 1),
            "sum(1)": numbers(0, 3, 1, 1, 1),
            "sum(2)": numbers(0, 9, 5, 4),
        },
    ),
    Case(
        "two_outputs_of_one_atom",
        """nn(net, [X], D, 0..2)::digit(X, D).
        ordered(X, Y, A, B) :- digit(X, A), digit(Y, B), A =< B.
        ordered(X, Y, B, A) :- digit(X, A), digit(Y, B), A > B.""",
        "ordered(a, b, Low, High)",
        ("Low", "High"),
        {"ordered(a,b)#3": numbers(0, 9, 5, 3, 1), "ordered(a,b)#4": numbers(0, 9, 1, 3, 5)},
    ),
    Case(
        "alternatives_and_none",
        """0.2::weather(sun); 0.3::weather(rain).
        0.5::out :- weather(sun).
        0.1::out :- weather(rain).
        known :- weather(_).
        day(beach) :- weather(sun), out.
        day(home) :- known, \\+out.
        day(wet) :- weather(rain), out.
        day(unknown) :- \\+known.""",
        "day(D)",
        ("D",),
        {"day": shares(beach="1/10", home="37/100", unknown="1/2", wet="3/100")},
    ),
    Case(
        "evidence",
        """0.1::burglary. 0.2::earthquake.
        0.9::alarm :- burglary. 0.5::alarm :- earthquake.
        0.8::calls(X) :- alarm, neighbour(X).
        neighbour(john). neighbour(mary).
        cause(both) :- burglary, earthquake.
        cause(burglary) :- burglary, \\+earthquake.
        cause(earthquake) :- \\+burglary, earthquake.
        cause(none) :- \\+burglary, \\+earthquake.
        evidence(calls(john)).
        evidence(calls(mary), false).""",
        "cause(C)",
        ("C",),
        {"cause": shares(both="19/181", burglary="72/181", earthquake="90/181")},
    ),
    Case(
        "impossible_values",
        """nn(net, [X], D, 1..6)::die(X, D).
        even(X) :- die(X, D), 0 is D mod 2.
        evidence(even(d)).""",
        "die(d, D)",
        ("D",),
        {"die(d)": numbers(1, 3, 0, 1, 0, 1, 0, 1)},
    ),
    Case(
        "constraint",
        """region(north). region(middle). region(south).
        touches(north, middle). touches(middle, south).
        nn(net, [R], C, [red, green, blue])::colour(R, C) :- region(R).
        :- touches(A, B), colour(A, C), colour(B, C).""",
        "colour(R, C)",
        ("C",),
        {f"colour({r})": shares(blue="1/3", green="1/3", red="1/3") for r in ("middle", "north", "south")},
    ),
    Case(
        "all_different",
        """nn(net, [X, Y], D, 1..2)::cell(X, Y, D) :- between(1, 2, X), between(1, 2, Y).
        :- cell(X, 1, D), cell(X, 2, D).
        :- cell(1, Y, D), cell(2, Y, D).
        0.25::noise.""",
        "cell(X, Y, D)",
        ("D",),
        {f"cell({x},{y})": numbers(1, 2, 1, 1) for x in (1, 2) for y in (1, 2)},
    ),
    Case(
        "cycles",
        """0.5::edge(1, 2). 0.5::edge(2, 3). 0.5::edge(3, 1). 0.5::edge(3, 2). 0.5::edge(1, 3).
        node(1). node(2). node(3).
        reach(X) :- edge(1, X).
        reach(X) :- reach(Y), edge(Y, X).
        shown(X) :- node(X), reach(X).
        shown(X) :- fail, node(X).""",
        "shown(X)",
        (),
        {"shown(1)": truth("5/16"), "shown(2)": truth("5/8"), "shown(3)": truth("5/8")},
    ),
    Case(
        "negation_over_cycles",
        """nn(net, [X], C, [open, shut])::door(X, C).
        link(1, 2, a). link(2, 3, b). link(1, 3, c).
        pass(X, Y) :- link(X, Y, D), door(D, open).
        pass(X, Y) :- link(Y, X, D), door(D, open).
        path(X, Y) :- pass(X, Y).
        path(X, Y) :- path(X, Z), pass(Z, Y).
        safe(yes) :- \\+path(1, 3).
        safe(no) :- path(1, 3).
        :- \\+path(1, 2), \\+path(2, 3).""",
        "safe(S)",
        ("S",),
        {"safe": shares(no="2/3", yes="1/3")},
    ),
    Case(
        "network_truth",
        """nn(net, [X])::lit(X).
        0.9::works :- lit(a), lit(b).
        state(on) :- works. state(off) :- \\+works.""",
        "state(S)",
        ("S",),
        {"state": shares(off="31/40", on="9/40")},
    ),
    Case(
        "parity",
        """bit(1). bit(2). bit(3). bit(4). bit(5).
        nn(net, [I])::one(I) :- bit(I).
        odd(0, 0).
        odd(N, P) :- N > 0, M is N - 1, odd(M, P), \\+one(N).
        odd(N, P) :- N > 0, M is N - 1, odd(M, Q), one(N), P is 1 - Q.""",
        "odd(5, P)",
        ("P",),
        {"odd(5)": numbers(0, 2, 1, 1)},
    ),
    Case(
        "count",
        """0.1::one(1). 0.2::one(2). 0.5::one(3). 0.5::one(4). 0.4::one(5).
        count(0, 0).
        count(N, K) :- N > 0, M is N - 1, count(M, K), \\+one(N).
        count(N, K) :- N > 0, M is N - 1, count(M, L), one(N), K is L + 1.""",
        "count(5, K)",
        ("K",),
        {"count(5)": numbers(0, 1000, 108, 327, 359, 171, 33, 2)},
    ),
    Case(
        "mixed_labels",
        """nn(net, [X], S, [circle, square])::shape(X, S).
        0.3::red(X); 0.7::blue(X) :- object(X).
        object(o1). object(o2).
        P::kept(X) :- trust(X, P).
        trust(o1, 0.5). trust(o2, 1/4).
        hit(X) :- kept(X), shape(X, circle), red(X).
        found(N) :- hit(o1), hit(o2), N is 2.
        found(1) :- hit(o1), \\+hit(o2).
        found(1) :- \\+hit(o1), hit(o2).
        found(0) :- \\+hit(o1), \\+hit(o2).""",
        "found(N)",
        ("N",),
        {"found": numbers(0, 3200, 2849, 342, 9)},
    ),
    Case(
        "how_many_goals",
        """0.1::one(1). 0.2::one(2). 0.5::one(3). 0.5::one(4). 0.4::one(5).
        count(K) :- findall(one(I), between(1, 5, I), Ones), exactly(K, Ones).""",
        "count(K)",
        ("K",),
        {"count": numbers(0, 1000, 108, 327, 359, 171, 33, 2)},
    ),
    Case(
        "what_terms_add_up_to",
        """nn(net, [X], D, 1..3)::die(X, D).
        total(S) :- sum_equals([die(a), 2 * die(b)], S).""",
        "total(S)",
        ("S",),
        {"total": numbers(3, 9, 1, 1, 2, 1, 2, 1, 1)},
    ),
    Case(
        "permutations_with_a_fixed_point",
        """nn(net, [I], D, 1..3)::cell(I, D) :- between(1, 3, I).
        :- \\+all_different([cell(1), cell(2), cell(3)]).
        :- at_most(0, [cell(1, 1), cell(2, 2), cell(3, 3)]).""",
        "cell(I, D)",
        ("D",),
        {f"cell({i})": numbers(1, 4, *(2 if i == d else 1 for d in (1, 2, 3))) for i in (1, 2, 3)},
    ),
)
