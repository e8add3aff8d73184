"""Counts as clauses: they say what the gates say, and what is asserted needs no variables."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest
from pysat.solvers import Solver

from nesy.grounding.cardinality.gates import Gates, Term
from nesy.logic.cnf import encode
from nesy.logic.cnf_counts import Bounds, EachBound, SharedBounds, say_count
from nesy.logic.cnf_sums import Group
from nesy.logic.cnf_writer import ClauseWriter
from nesy.logic.counts import Count
from nesy.logic.graph import FALSE, TRUE, Graph, Lit
from nesy.logic.program import GroundProgram, Symbol
from tests.unit.engines.problems import holds

World = tuple[int, ...]


def formulas(seed: int) -> tuple[GroundProgram, list[Lit]]:
    """Random formulas with counts inside of them, and some literals of theirs."""
    rng = Random(seed)
    graph = Graph()
    sizes = [rng.choice((2, 2, 3, 4)) for _ in range(rng.randint(2, 5))]
    symbols = tuple(Symbol(f"s{i}", tuple(map(str, range(n)))) for i, n in enumerate(sizes))
    gates = Gates(graph, symbols, "test", None)
    pool = [graph.leaf(s, v) for s, n in enumerate(sizes) for v in range(n)]
    for _ in range(rng.randint(2, 8)):
        literals = [Lit(x * rng.choice((1, 1, -1))) for x in rng.choices(pool, k=rng.randint(1, 6))]
        found = _formula(rng, graph, gates, literals)
        if abs(found) != TRUE:
            pool.append(Lit(abs(found)))
    asked = [Lit(x * rng.choice((1, 1, -1))) for x in rng.choices(pool[-6:], k=rng.randint(1, 3))]
    return GroundProgram(symbols, graph), asked


def _formula(rng: Random, graph: Graph, gates: Gates, literals: list[Lit]) -> Lit:
    kind = rng.randrange(5)
    if kind < 2:
        return graph.conjunction(literals) if kind else graph.disjunction(literals)
    weights = [rng.choice((1, 1, 2, 3, -1, -2)) if kind == 2 else 1 for _ in literals]
    low = rng.randint(-2, 4)
    bounds = [(low, low + rng.randint(0, 2)), (low, None), (None, low)][rng.randrange(3)]
    return gates.count([Term(w, x) for w, x in zip(weights, literals, strict=True)], *bounds)


@pytest.mark.parametrize("seed", range(60))
def test_formulas_with_counts_have_the_worlds_that_make_them_true(seed: int) -> None:
    program, asked = formulas(seed)
    rng = Random(seed)
    for asserted in ([], [x for x in asked if rng.random() < 0.5], asked):
        encoding = encode(program, asked, asserted=asserted)
        with Solver(name="g4", bootstrap_with=encoding.clauses) as solver:
            for world in product(*(range(len(s.values)) for s in program.symbols)):
                pins = [literals[world[s]] for s, literals in encoding.values.items()]
                allowed = all(holds(program.graph, x, world) for x in asserted)
                assert solver.solve(assumptions=pins) == allowed
                assert solver.propagate(assumptions=pins)[0] == allowed
                for literal in asked:
                    true = allowed and holds(program.graph, literal, world)
                    wish = [*pins, encoding.literal(literal)]
                    assert solver.solve(assumptions=wish) == true
                    assert solver.propagate(assumptions=wish)[0] == true


def test_the_formulas_hold_counts() -> None:
    assert sum(len(formulas(seed)[0].graph.counts) for seed in range(60)) > 60


def test_both_ways_the_symbols_determine_every_variable_with_counts_too() -> None:
    for seed in range(20):
        program, asked = formulas(seed)
        encoding = encode(program, asked, both_ways=True)
        with Solver(name="g4", bootstrap_with=encoding.clauses) as solver:
            for world in product(*(range(len(s.values)) for s in program.symbols)):
                pins = [literals[world[s]] for s, literals in encoding.values.items()]
                consistent, found = solver.propagate(assumptions=pins)
                assert consistent
                assert len({*found, *pins}) == encoding.variables
                for literal in asked:
                    assert (encoding.literal(literal) in {*found, *pins}) == holds(
                        program.graph, literal, world
                    )


SHAPES = [
    ([1] * 5, 2),
    ([1] * 14, 1),
    ([1] * 9, 4),
    ([3] * 7, 10),
    ([1, 2, 3, 4, 5], 7),
    ([5, 1, -3, 2, 2], 3),
    ([7, 7, 1], 6),
    ([2, 2], -1),
    ([], 0),
]


@pytest.mark.parametrize(("weights", "bound"), SHAPES)
@pytest.mark.parametrize("positive", [True, False])
@pytest.mark.parametrize("bounding", [EachBound, SharedBounds])
def test_a_bound_holds_where_its_condition_does(
    bounding: type[EachBound] | type[SharedBounds], weights: list[int], bound: int, positive: bool
) -> None:
    every = (Bounds(None, bound), Bounds(bound, None), Bounds(bound, bound + 1), Bounds(None, None))
    writer = ClauseWriter()
    literals = [writer.fresh() for _ in weights]
    groups = [[(w, x), (0, -x)] for w, x in zip(weights, literals, strict=True)]
    counted = bounding(writer, groups)
    conditions = [writer.fresh() for _ in every]
    for condition, bounds in zip(conditions, every, strict=True):
        say_count(writer, (-condition,), counted, bounds, positive=positive)
    with Solver(name="m22", bootstrap_with=writer.clauses) as solver:
        for world in _samples(len(weights)):
            total = sum(w for w, held in zip(weights, world, strict=True) if held)
            pins = [x if held else -x for x, held in zip(literals, world, strict=True)]
            assert solver.solve(assumptions=[*pins, *(-c for c in conditions)])
            for condition, (low, high) in zip(conditions, every, strict=True):
                within = (low is None or total >= low) and (high is None or total <= high)
                assert solver.propagate(assumptions=[*pins, condition])[0] == (within == positive)


def test_each_sum_that_there_can_be_shares_the_counting() -> None:
    """An output for each sum of three digits: every bound is one clause, and propagation is complete."""
    graph = Graph()
    symbols = [Symbol(name, tuple(map(str, range(10)))) for name in "abc"]
    terms = [Term(v, graph.leaf(s, v)) for s in range(3) for v in range(10)]
    sums = dict(Gates(graph, symbols, "test", None).every_sum(terms))
    assert sorted(sums) == list(range(28))
    encoding = encode(GroundProgram(tuple(symbols), graph), sums.values())
    assert len(encoding.clauses) < 1_000
    digits = [encoding.values[s] for s in range(3)]
    with Solver(name="m22", bootstrap_with=encoding.clauses) as solver:
        for a, b in product(range(10), range(10)):
            for total, node in sums.items():
                asked = [digits[0][a], digits[1][b], encoding.literal(node)]
                left = [v for v in range(10) if solver.propagate(assumptions=[*asked, digits[2][v]])[0]]
                assert left == [v for v in range(10) if a + b + v == total]


def _samples(size: int) -> list[World]:
    if size < 10:
        return list(product((0, 1), repeat=size))
    rng = Random(size)
    return [
        tuple(int(rng.random() < p) for _ in range(size)) for p in (0.05, 0.1, 0.2, 0.5) for _ in range(60)
    ]


def test_many_literals_take_a_network() -> None:
    """60 of 120: k (n - k) is beyond the sequential counter."""
    writer = ClauseWriter()
    literals = [writer.fresh() for _ in range(120)]
    EachBound(writer, [[(1, x), (0, -x)] for x in literals]).at_most((), 60)
    assert len(writer.clauses) < 8_000
    with Solver(name="m22", bootstrap_with=writer.clauses) as solver:
        for first in range(0, 60, 7):
            held = literals[first : first + 60]
            consistent, found = solver.propagate(assumptions=held)
            assert consistent
            assert {-x for x in literals if x not in held} <= set(found)
            assert not solver.propagate(assumptions=[*held, literals[first + 60]])[0]


def test_sums_over_values_of_symbols_propagate() -> None:
    """Each of three digits at most 9, and 25 in all: each is at least 7."""
    writer = ClauseWriter()
    digits = [writer.exactly_one(10) for _ in range(3)]
    groups: list[Group] = [list(enumerate(digit)) for digit in digits]
    say_count(writer, (), EachBound(writer, groups), Bounds(25, 25), positive=True)
    with Solver(name="m22", bootstrap_with=writer.clauses) as solver:
        for digit in digits:
            possible = [v for v, x in enumerate(digit) if solver.propagate(assumptions=[x])[0]]
            assert possible == [7, 8, 9]
        consistent, found = solver.propagate(assumptions=[digits[0][7], digits[1][9]])
        assert consistent
        assert digits[2][9] in found


def sudoku(size: int) -> tuple[GroundProgram, list[Lit]]:
    """All cells of a row, a column or a box are different; `size` is 4 or 9."""
    graph = Graph()
    box = {4: 2, 9: 3}[size]
    symbols = [Symbol(str(i), tuple(map(str, range(size)))) for i in range(size * size)]
    gates = Gates(graph, symbols, "test", None)
    lines = [[size * r + c for c in range(size)] for r in range(size)]
    columns = [list(cells) for cells in zip(*lines, strict=True)]
    boxes = [
        [size * (box * i + a) + box * j + b for a in range(box) for b in range(box)]
        for i in range(box)
        for j in range(box)
    ]
    groups = [
        graph.conjunction(gates.one([graph.leaf(s, v) for s in cells], surely=True) for v in range(size))
        for cells in (*lines, *columns, *boxes)
    ]
    return GroundProgram(tuple(symbols), graph), [graph.conjunction(groups)]


def test_sudoku_has_the_clauses_one_would_write() -> None:
    program, valid = sudoku(9)
    asserted = encode(program, [], asserted=valid)
    assert (asserted.variables, len(asserted.clauses)) == (729, 11_988)
    assert encode(program, valid).variables == 730
    small, rules = sudoku(4)
    with Solver(name="g4", bootstrap_with=encode(small, [], asserted=rules).clauses) as solver:
        assert sum(1 for _ in solver.enum_models()) == 288


def test_what_contradicts_itself_has_no_model() -> None:
    graph = Graph()
    program = GroundProgram((Symbol("a", ("0", "1", "2")),), graph)
    leaf = graph.leaf(0, 1)
    for asserted in ([leaf, Lit(-leaf)], [FALSE], [graph.leaf(0, 0), leaf]):
        with Solver(name="g4", bootstrap_with=encode(program, [leaf], asserted=asserted).clauses) as solver:
            assert not solver.solve()


def test_a_count_takes_constants_and_repetitions_into_its_bounds() -> None:
    count = Count.over([(2, 5), (1, TRUE), (3, FALSE), (1, 5), (1, -7), (1, 7), (-1, 7)], 2, 6)
    assert count == Count(((3, 5), (1, -7)), 1, 5)
    assert count.negated() is None
    assert Count(((1, 5),), None, 3).negated() == Count(((1, 5),), 4, None)
    assert Count(((1, 5),), 3, None).negated() == Count(((1, 5),), None, 2)
    assert count.mapped(lambda x: x if x == 5 else TRUE if x > 0 else FALSE) == Count(((3, 5),), 1, 5)


def test_counts_of_what_comes_later_are_left_alone() -> None:
    """A note about a node that stands below what it counts would be a definition in a circle."""
    graph = Graph()
    a, b = graph.leaf(0, 1), graph.leaf(1, 1)
    either = graph.disjunction([a, b])
    above = graph.conjunction([either, graph.leaf(2, 1)])
    graph.note(either, Count(((1, above),), 1, None))
    program = GroundProgram(tuple(Symbol(n, ("false", "true")) for n in "abc"), graph)
    encoding = encode(program, [either])
    assert set(encoding.values) == {0, 1}
