"""The clauses say what the graph says: checked against enumeration, model by model."""

from __future__ import annotations

from itertools import product

import pytest
from pysat.solvers import Solver

from nesy.logic.cnf import Encoding, encode
from nesy.logic.dimacs import to_dimacs
from nesy.logic.graph import Graph, Kind, Lit
from nesy.logic.program import GroundProgram, Symbol
from tests.unit.engines.problems import addition, holds, random_program


def every_world(program: GroundProgram) -> list[tuple[int, ...]]:
    return list(product(*(range(len(s.values)) for s in program.symbols)))


def pinned(encoding: Encoding, world: tuple[int, ...]) -> list[int]:
    return [literals[world[s]] for s, literals in encoding.values.items()]


def asked(program: GroundProgram) -> list[Lit]:
    return [*program.condition, *(lit for output in program.outputs for lit in output.literals)]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("both_ways", [False, True])
def test_an_asserted_literal_has_the_worlds_that_make_it_true(seed: int, both_ways: bool) -> None:
    program = random_program(seed)
    for lit in asked(program):
        encoding = encode(program, [lit], both_ways=both_ways)
        with Solver(name="g4", bootstrap_with=encoding.clauses) as solver:
            for world in every_world(program):
                assumptions = [*pinned(encoding, world), encoding.literal(lit)]
                assert solver.solve(assumptions=assumptions) == holds(program.graph, lit, world)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("both_ways", [False, True])
def test_propagation_from_all_values_finds_every_conflict(seed: int, both_ways: bool) -> None:
    program = random_program(seed)
    literals = asked(program)
    encoding = encode(program, literals, both_ways=both_ways)
    with Solver(name="g4", bootstrap_with=encoding.clauses) as solver:
        for world in every_world(program):
            for lit in literals:
                consistent, _ = solver.propagate(
                    assumptions=[*pinned(encoding, world), encoding.literal(lit)]
                )
                assert consistent == holds(program.graph, lit, world)


@pytest.mark.parametrize("seed", range(20))
def test_both_ways_leaves_one_model_per_world_and_it_tells_every_truth(seed: int) -> None:
    program = random_program(seed)
    literals = asked(program)
    encoding = encode(program, literals, both_ways=True)
    with Solver(name="g4", bootstrap_with=encoding.clauses) as solver:
        for world in every_world(program):
            assert solver.solve(assumptions=pinned(encoding, world))
            true = set(solver.get_model())
            for lit in literals:
                assert (encoding.literal(lit) in true) == holds(program.graph, lit, world)
        encoded = {s: len(program.symbols[s].values) for s in encoding.values}
        solver.solve()
        total = 1
        for size in encoded.values():
            total *= size
        assert sum(1 for _ in solver.enum_models()) == total


def test_the_default_asks_for_one_direction_only() -> None:
    program = addition()
    lit = program.outputs[0].literals[9]
    assert len(encode(program, [lit]).clauses) < len(encode(program, [lit], both_ways=True).clauses)


def test_only_symbols_in_the_cone_are_encoded() -> None:
    program = addition()
    assert set(encode(program, [program.graph.leaf(1, 3)]).values) == {1}
    assert encode(program, []).clauses == ()


def test_a_two_valued_symbol_is_one_variable() -> None:
    graph = Graph()
    program = GroundProgram((Symbol("coin", ("false", "true")),), graph)
    encoding = encode(program, [graph.leaf(0, 1)])
    assert encoding.variables == 1
    assert encoding.clauses == ()
    assert encoding.values[0] == (-1, 1)
    assert encoding.literal(Lit(-graph.leaf(0, 1))) == -1


@pytest.mark.parametrize("size", [1, 2, 3, 12, 13, 40])
def test_a_symbol_takes_exactly_one_value(size: int) -> None:
    graph = Graph()
    program = GroundProgram((Symbol("s", tuple(map(str, range(size)))),), graph)
    encoding = encode(program, [graph.leaf(0, 0)])
    taken = []
    with Solver(name="g4", bootstrap_with=encoding.clauses) as solver:
        solver.add_clause([1, -1])
        for model in solver.enum_models():
            true = set(model)
            taken.append([v for v, literal in enumerate(encoding.values[0]) if literal in true])
    assert sorted(taken) == [[v] for v in range(size)]
    assert len(encoding.clauses) <= max(80, 3 * size)


def test_constants_are_encoded() -> None:
    graph = Graph()
    program = GroundProgram((), graph)
    true = Lit(1)
    assert graph.kinds[true] is Kind.TRUE
    encoding = encode(program, [true])
    with Solver(name="g4", bootstrap_with=encoding.clauses) as solver:
        assert solver.solve(assumptions=[encoding.literal(true)])
        assert not solver.solve(assumptions=[encoding.literal(Lit(-true))])


def test_dimacs_text() -> None:
    graph = Graph()
    both = graph.conjunction([graph.leaf(0, 1), graph.leaf(1, 2)])
    program = GroundProgram((Symbol("coin", ("false", "true")), Symbol("'a\nb'", ("x", "y", "z"))), graph)
    assert to_dimacs(encode(program, [both]), program, [both]).splitlines() == [
        "c -1 = coin false",
        "c 1 = coin true",
        "c 2 = 'a b' x",
        "c 3 = 'a b' y",
        "c 4 = 'a b' z",
        "p cnf 5 7",
        "2 3 4 0",
        "-2 -3 0",
        "-2 -4 0",
        "-3 -4 0",
        "-5 1 0",
        "-5 4 0",
        "5 0",
    ]
