"""Which symbols literals depend on, for many groups of literals at once."""

from __future__ import annotations

from nesy.engines.sat.cones import symbols_below
from nesy.logic.graph import Graph, Lit
from nesy.logic.program import GroundProgram, Symbol
from tests.unit.engines.problems import carry_chain


def test_each_group_has_its_own_symbols() -> None:
    program = carry_chain(3)
    literals = [o.literals[0] for o in program.outputs]
    groups = [[literals[0]], [literals[1]], [literals[3]], [], [literals[0], -literals[1]], [Lit(1)]]
    found = [group.tolist() for group in symbols_below(program, groups)]
    assert found == [[0, 1], [0, 1, 2, 3], [0, 1, 2, 3, 4, 5], [], [0, 1, 2, 3], []]


def test_a_chain_of_a_hundred_thousand_and_many_groups() -> None:
    graph = Graph()
    chain = [graph.leaf(0, 1)]
    for i in range(1, 20_000):
        chain.append(graph.conjunction([chain[-1], graph.leaf(i, 1)]))
    program = GroundProgram(tuple(Symbol(f"x{i}", ("0", "1")) for i in range(20_000)), graph)
    groups = [[chain[i]] for i in range(0, 20_000, 200)]
    assert [len(group) for group in symbols_below(program, groups)] == list(range(1, 20_001, 200))
    assert symbols_below(program, []) == []
