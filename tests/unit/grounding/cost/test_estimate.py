"""Estimates against true counts, which are found here by plain enumeration."""

from __future__ import annotations

from itertools import product
from math import inf
from random import Random

import numpy as np
import pytest

import nesy
from nesy.grounding.cost import CostEstimate, estimate


def atoms(found: CostEstimate, name: str, arity: int) -> tuple[float, float]:
    (cost,) = (p for p in found.predicates if (p.name, p.arity) == (name, arity))
    return cost.atoms.about, cost.atoms.most


def instances(found: CostEstimate, line: int) -> tuple[float, float]:
    costs = [r.instances for r in found.rules if r.span is not None and r.span.line == line]
    return sum(c.about for c in costs), sum(c.most for c in costs)


def assert_close(found: tuple[float, float], truth: float, factor: float) -> None:
    """The estimate is within a factor of the truth, and the bound is one."""
    about, most = found
    assert truth / factor <= about <= truth * factor
    assert most >= truth


def random_graph(nodes: int, edges: int, seed: int) -> set[tuple[int, int]]:
    draw = Random(seed)
    return {(draw.randrange(nodes), draw.randrange(nodes)) for _ in range(edges)}


def closure(edges: set[tuple[int, int]]) -> set[tuple[int, int]]:
    reached = set(edges)
    while True:
        more = {(a, c) for a, b in reached for b2, c in edges if b == b2} - reached
        if not more:
            return reached
        reached |= more


@pytest.mark.parametrize(("nodes", "edges", "factor"), [(40, 80, 3.0), (40, 200, 1.2), (60, 60, 30.0)])
@pytest.mark.parametrize("seed", range(3))
def test_transitive_closure(nodes: int, edges: int, factor: float, seed: int) -> None:
    graph = random_graph(nodes, edges, seed)
    text = "path(X, Y) :- edge(X, Y).\npath(X, Y) :- path(X, Z), edge(Z, Y).\nquery(path(_, _)).\n"
    found = estimate(nesy.parse(text + "".join(f"0.5::edge({a}, {b}).\n" for a, b in sorted(graph))))
    paths = closure(graph)
    assert atoms(found, "edge", 2) == (len(graph), len(graph))
    assert_close(atoms(found, "path", 2), len(paths), factor)
    assert instances(found, 1) == (len(graph), len(graph))
    joined = sum(b == c for _, b in paths for c, _ in graph)
    assert_close(instances(found, 2), joined, factor)


def test_closure_from_one_node_counts_only_what_is_asked() -> None:
    chain = "".join(f"edge({i}, {i + 1}).\n" for i in range(100))
    rules = "path(X, Y) :- edge(X, Y).\npath(X, Y) :- edge(X, Z), path(Z, Y).\n"
    every = estimate(nesy.parse(rules + chain + "query(path(_, _))."))
    last = estimate(nesy.parse(rules + chain + "query(path(98, _))."))
    assert_close(atoms(every, "path", 2), 100 * 101 / 2, 4.0)
    assert_close(atoms(last, "path", 2), 3, 2.0)


def test_smokers_count_the_pairs_that_are_friends() -> None:
    friends = random_graph(50, 200, 1)
    text = """\
0.3::stress(X) :- person(X).
0.2::influences(X, Y) :- person(X), person(Y).
smokes(X) :- stress(X).
smokes(X) :- friend(X, Y), influences(Y, X), smokes(Y).
query(smokes(_)).
"""
    facts = [f"person({i}).\n" for i in range(50)] + [f"friend({a}, {b}).\n" for a, b in sorted(friends)]
    found = estimate(nesy.parse(text + "".join(facts)))
    assert_close(atoms(found, "smokes", 1), 50, 1.1)
    assert_close(atoms(found, "influences", 2), len(friends), 1.1)
    assert_close(instances(found, 4), len(friends), 1.1)


def test_only_the_pairs_that_are_called_are_counted() -> None:
    graph = random_graph(200, 200, 3)
    text = "w(X, Z) :- n(X), n(Z).\nnear(X, Z) :- f(X, Y), f(Y, Z).\np :- near(X, Z), w(X, Z).\nquery(p).\n"
    facts = [f"n({i}).\n" for i in range(200)] + [f"f({a}, {b}).\n" for a, b in sorted(graph)]
    found = estimate(nesy.parse(text + "".join(facts)))
    near = {(a, d) for a, b in graph for c, d in graph if b == c}
    assert_close(atoms(found, "w", 2), len(near), 2.0)
    assert_close(instances(found, 1), len(near), 2.0)


@pytest.mark.parametrize("steps", [10, 200])
def test_a_hidden_markov_model_is_counted_step_by_step(steps: int) -> None:
    text = f"""\
0.5::state(0, X) :- start(X).
0.7::state(T, Y) :- T > 0, P is T - 1, state(P, X), next(X, Y).
start(a).
next(a, b). next(b, a). next(a, a).
query(state({steps}, a)).
"""
    found = estimate(nesy.parse(text))
    truth, states = 0, {"a"}
    counted = 1
    for _ in range(steps):
        moves = [(x, y) for x, y in (("a", "b"), ("b", "a"), ("a", "a")) if x in states]
        truth += len(moves)
        states = {y for _, y in moves}
        counted += len(states)
    assert_close(atoms(found, "state", 2), counted, 2.0)
    assert_close(instances(found, 2), truth, 2.0)


def test_joins_like_queens() -> None:
    text = (
        "".join(f"n({i}).\n" for i in range(6))
        + "query(q(_, _, _)).\n"
        + "ok(A, B, D) :- n(A), n(B), A =\\= B, abs(A - B) =\\= D.\n"
        + "q(A, B, C) :- ok(A, B, 1), ok(A, C, 2), ok(B, C, 1).\n"
    )
    found = estimate(nesy.parse(text))

    def ok(a: int, b: int, d: int) -> bool:
        return a != b and abs(a - b) != d

    boards = product(range(6), repeat=3)
    truth = sum(ok(a, b, 1) and ok(a, c, 2) and ok(b, c, 1) for a, b, c in boards)
    assert_close(instances(found, 9), truth, 1.5)
    pairs = sum(ok(a, b, d) for a in range(6) for b in range(6) for d in (1, 2))
    assert_close(instances(found, 8), pairs, 1.5)


def test_neural_addition() -> None:
    rules = "nn(net, [X], D, 0..9)::digit(X, D).\nadd(X, Y, Z) :- digit(X, A), digit(Y, B), Z is A + B.\n"
    found = estimate(nesy.parse(rules), "add(a, b, S)")
    assert atoms(found, "digit", 2) == (20, 20)
    assert instances(found, 2) == (100, 100)
    assert_close(atoms(found, "add", 3), 19, 1.1)


def test_lists_are_taken_apart() -> None:
    text = "len([], 0).\nlen([_|T], N) :- len(T, M), N is M + 1.\nquery(len([a, b, c, d], _)).\n"
    found = estimate(nesy.parse(text))
    assert_close(instances(found, 2), 4, 5.0)


def test_columns_from_outside() -> None:
    draw = np.random.default_rng(0)
    columns = (draw.integers(0, 50_000, 100_000), draw.integers(0, 10, 100_000))
    program = nesy.parse("p(Y) :- t(X, Y), X > 7.\nquery(p(_)).", facts=[nesy.FactTable("t", columns)])
    found = estimate(program)
    assert atoms(found, "t", 2) == (100_000, 100_000)
    about, most = instances(found, 1)
    assert 10_000 <= about <= 1_000_000
    assert most >= 99_900


def test_what_grows_has_no_bound() -> None:
    found = estimate(nesy.parse("p(a).\np(f(X)) :- p(X).\nquery(p(_))."))
    assert found.ground_rules.most == inf
    assert found.memory.most == inf


def test_nothing_is_run_that_does_anything(capsys: pytest.CaptureFixture[str]) -> None:
    calls = []

    @nesy.foreign("+int", "-int")
    def twice(n: int) -> int:
        calls.append(n)
        return 2 * n

    estimate(nesy.parse("p(Y) :- n(X), twice(X, Y).\nn(1).\nquery(p(_)).", foreign=[twice]))
    assert calls == []


def test_the_heaviest_rules_come_first() -> None:
    text = "a(X) :- n(X).\nb(X, Y) :- n(X), n(Y).\nquery(a(_)). query(b(_, _)).\n"
    found = estimate(nesy.parse(text + "".join(f"n({i}).\n" for i in range(9))))
    assert [r.span.line for r in found.rules if r.span is not None] == [2, 1]
    assert found.ground_rules.about == 90
    assert found.atoms.about == 9 + 9 + 81
    assert found.memory.about > 0


def test_a_program_without_queries_is_counted_whole() -> None:
    found = estimate(nesy.parse("n(1). n(2). a(X) :- n(X)."))
    assert atoms(found, "a", 1) == (2, 2)


def test_negated_goals_are_called_too() -> None:
    found = estimate(nesy.parse("n(1). n(2). 0.5::b(X) :- n(X). a(X) :- n(X), \\+ b(X). query(a(_))."))
    assert atoms(found, "b", 1) == (2, 2)


def test_what_is_collected_is_counted() -> None:
    found = estimate(nesy.parse("n(1). n(2). 0.5::b(X) :- n(X). a(L) :- findall(X, b(X), L). query(a(_))."))
    assert found.ground_rules.about >= 3


def test_bounds_hold_on_random_joins() -> None:
    """No estimate of a random two-goal join is above its bound, and no bound is below the truth."""
    for seed in range(20):
        draw = Random(seed)
        r = {(draw.randrange(8), draw.randrange(8)) for _ in range(draw.randrange(1, 30))}
        s = {(draw.randrange(8), draw.randrange(8)) for _ in range(draw.randrange(1, 30))}
        facts = "".join(f"r({a}, {b}).\n" for a, b in r) + "".join(f"s({a}, {b}).\n" for a, b in s)
        found = estimate(nesy.parse("j(X, Z) :- r(X, Y), s(Y, Z), X =\\= Z.\nquery(j(_, _)).\n" + facts))
        matches = [(a, d) for a, b in r for c, d in s if b == c and a != d]
        about, most = instances(found, 1)
        assert len(matches) <= most
        assert about <= most
        assert len(set(matches)) <= atoms(found, "j", 2)[1]


def test_goals_that_are_called_are_followed_where_they_can_be_listed() -> None:
    text = """0.5::a(1). 0.5::a(2). 0.3::b(1). 0.2::v(X, 1); 0.8::v(X, 2) :- between(1, 3, X).
    p :- exactly(2, [a(1), a(2), b(1), (a(1), \\+b(1))]).
    q :- all_different([v(1), v(3)]).
    s(V) :- member(X, [v(1), v(2)]), call(X, V).
    query(p). query(q). query(s(_))."""
    found = estimate(nesy.parse(text))
    assert atoms(found, "v", 2) == (6, 6)
    assert atoms(found, "a", 1) == (2, 2)
    assert_close(atoms(found, "s", 1), 2, 1.2)
    assert found.memory.most < inf
