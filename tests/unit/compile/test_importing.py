from __future__ import annotations

from random import Random

import pytest

from nesy.compile.importing import decision_order, imported
from nesy.logic.graph import Graph
from nesy.logic.program import GroundProgram, Symbol
from tests.unit.compile.programs import random_program
from tests.unit.compile.worlds import models, worlds


@pytest.mark.parametrize("seed", range(60))
def test_formulas_mean_what_the_program_means(seed: int) -> None:
    program = random_program(Random(seed), conditioned=True)
    roots = [*(x for o in program.outputs for x in o.literals), *program.condition]
    work = imported(program, roots)
    sizes = [len(s.values) for s in program.symbols]
    order = sorted(range(len(sizes)), key=lambda s: work.rank[s])
    assert work.formulas.domains == [sizes[s] for s in order]
    assert [work.columns[work.rank[s]] for s in range(len(sizes))] == list(program.offsets[:-1])
    every = worlds(sizes)
    permuted = [tuple(world[s] for s in order) for world in every]
    for root in roots:
        assert models(work.formulas.graph, work.literal(root), permuted) == models(program.graph, root, every)


def test_outputs_are_decided_last() -> None:
    program = random_program(Random(1), conditioned=False)
    roots = [x for o in program.outputs for x in o.literals]
    work = imported(program, roots, extra=[5, 7])
    count = len(program.symbols)
    assert work.rank[count:] == (count, count + 1)
    assert work.formulas.domains[-2:] == [5, 7]
    assert work.columns[-2:] == (program.width, program.width + 5)


def test_what_stands_highest_is_decided_first() -> None:
    graph = Graph()
    low = graph.conjunction([graph.leaf(0, 0), graph.leaf(1, 0)])
    middle = graph.disjunction([low, graph.leaf(2, 0)])
    top = graph.conjunction([middle, graph.leaf(3, 0)])
    program = GroundProgram(tuple(Symbol(f"s{i}", ("0", "1", "2")) for i in range(4)), graph)
    assert decision_order(program, [top]) == [3, 2, 0, 1]
