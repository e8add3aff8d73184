"""A formula and its negation are both searched circuits, or one is the other's negation: they must agree."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from nesy.circuit.circuit import Circuit
from nesy.circuit.properties import is_decomposable, is_deterministic
from nesy.compile import compiler
from nesy.compile.relations import compile_values
from nesy.compile.task import Task
from nesy.kernels.reference import evaluate
from nesy.logic.graph import Graph
from nesy.logic.program import GroundProgram, Output, Symbol


def tangled(rng: Random) -> GroundProgram:
    """Clauses over values of six symbols of two to four values; the output is whether all hold."""
    sizes = [rng.choice([2, 2, 3, 4]) for _ in range(6)]
    graph = Graph()
    leaves = [[graph.leaf(s, v) for v in range(size)] for s, size in enumerate(sizes)]
    clauses = []
    for _ in range(9):
        chosen = rng.sample(range(6), 3)
        clauses.append(graph.disjunction([rng.choice([1, -1]) * rng.choice(leaves[s]) for s in chosen]))
    holds = graph.conjunction(clauses)
    symbols = tuple(Symbol(f"s{i}", tuple(map(str, range(size)))) for i, size in enumerate(sizes))
    output = Output("holds", (False, True), (-holds, holds))  # type: ignore[arg-type]
    return GroundProgram(symbols, graph, (output,))


def truth(program: GroundProgram, world: list[int]) -> bool:
    """Whether the output holds in a world, by the graph's own meaning."""
    graph = program.graph
    value = [False, True]
    for kind, args in list(zip(graph.kinds, graph.args, strict=True))[2:]:
        if kind.name == "LEAF":
            value.append(world[args[0]] == args[1])
        else:
            parts = [value[a] if a > 0 else not value[-a] for a in args]
            value.append(all(parts) if kind.name == "AND" else any(parts))
    literal = program.outputs[0].literals[1]
    return value[literal] if literal > 0 else not value[-literal]


def weights(program: GroundProgram, rng: Random) -> list[list[float]]:
    return [[rng.random() for _ in s.values] for s in program.symbols]


def enumerated(program: GroundProgram, weight: list[list[float]]) -> list[float]:
    totals = [0.0, 0.0]
    for world in np.ndindex(*(len(s.values) for s in program.symbols)):
        mass = float(np.prod([w[v] for w, v in zip(weight, world, strict=True)]))
        totals[truth(program, list(world))] += mass
    return totals


@pytest.mark.parametrize("limit", [1 << 60, -1], ids=["interpreted", "compiled"])
def test_a_formula_and_its_negation_agree_with_all_worlds(
    limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SMALL", "TINY", "PATIENCE"):
        monkeypatch.setattr(compiler, name, limit)
    searched, negated = [], []
    searches, negations = Task._searched, Task._negated

    def count_searches(task: Task, made: object, literal: int, **options: bool) -> object:
        searched.append(literal)
        return searches(task, made, literal, **options)  # type: ignore[arg-type]

    def count_negations(task: Task, made: object, literal: int) -> object:
        found = negations(task, made, literal)  # type: ignore[arg-type]
        negated.append(found[1] >= 0)
        return found

    monkeypatch.setattr(Task, "_searched", count_searches)
    monkeypatch.setattr(Task, "_negated", count_negations)
    for seed in range(12):
        program = tangled(Random(seed))
        circuit = compile_values(program)
        assert is_decomposable(circuit)
        assert is_deterministic(circuit)
        weight = weights(program, Random(seed))
        assert sums(circuit, weight) == pytest.approx(enumerated(program, weight), rel=1e-9)
    # All of the negations come without a search, or this tests nothing.
    assert sum(negated) >= 10
    assert len(searched) <= len(negated) - sum(negated)


def sums(circuit: Circuit, weight: list[list[float]]) -> np.ndarray:
    """The circuit's values where every symbol's weights are made to add up to one, and then put back."""
    totals = [sum(w) for w in weight]
    beliefs = np.log([x / t for w, t in zip(weight, totals, strict=True) for x in w])
    found: np.ndarray = np.exp(evaluate(circuit, beliefs[:, None])[:2, 0]) * np.prod(totals)
    return found
