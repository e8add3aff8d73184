"""What the compiler makes, against enumeration of worlds, and larger against pysdd and d4.

The environment variable NESY_COMPILE_PROGRAMS says how many small programs are compiled; 2000 is a run of
minutes, the default one of seconds.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
import pytest

import nesy
from benchmarks.compile.programs import addition, grid, markov, sudoku
from nesy.circuit.circuit import Circuit
from nesy.compile.relations import compile_values
from nesy.errors import SemanticsError
from nesy.grounding import ground
from nesy.logic.cnf import encode
from nesy.logic.graph import Graph, Lit
from nesy.logic.ground_rules import GroundRules
from nesy.logic.program import GroundProgram, Output, Symbol
from tests.oracles.ground import Assignments
from tests.unit.circuit.arithmetic import root_values
from tests.unit.compile.programs import random_program
from tests.unit.compile.worlds import random_weights
from tests.unit.logic.graphs import cyclic_graph, least_model, worlds

PROGRAMS = int(os.environ.get("NESY_COMPILE_PROGRAMS", "150"))
LARGE = max(4, PROGRAMS // 100)
TOLERANCE = 1e-9
"""Sums of products in float64 err by far less than this."""


def symbols(weights: Sequence[Sequence[float]]) -> tuple[Symbol, ...]:
    return tuple(
        Symbol(f"x{i}", tuple(map(str, range(len(row)))), tuple(row)) for i, row in enumerate(weights)
    )


def random_clauses(rng: Random, variables: int, clauses: int) -> list[tuple[int, ...]]:
    drawn = (
        rng.sample(range(1, variables + 1), min(variables, rng.choice([1, 2, 3, 3, 3, 4])))
        for _ in range(clauses)
    )
    return [tuple(v * rng.choice([1, -1]) for v in sorted(clause)) for clause in drawn]


def weighted_clauses(rng: Random, variables: int, clauses: Sequence[Sequence[int]]) -> GroundProgram:
    graph = Graph()
    true = [graph.leaf(i, 1) for i in range(variables)]
    condition = tuple(
        graph.disjunction(true[abs(x) - 1] * (1 if x > 0 else -1) for x in clause) for clause in clauses
    )
    return GroundProgram(symbols(random_weights(rng, [2] * variables)), graph, (), condition)


def columns(program: GroundProgram) -> list[float]:
    return [p for s in program.symbols for p in s.prior or ()]


def expected(program: GroundProgram) -> list[float]:
    """The weight of each value of each output under the condition, then the condition's, by enumeration."""
    every = Assignments(program)
    with np.errstate(divide="ignore"):
        beliefs = np.log(np.array([columns(program)]))
    weights = every.weights(beliefs)[0] * every.accepted
    return [*(float(weights @ row) for truth in every.truths for row in truth), float(weights.sum())]


def assert_compiled(program: GroundProgram, answers: list[float]) -> None:
    assert root_values(compile_values(program), columns(program)) == pytest.approx(answers, abs=TOLERANCE)


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_random_weighted_clauses(seed: int) -> None:
    rng = Random(f"clauses {seed}")
    variables = rng.randint(1, 10)
    program = weighted_clauses(rng, variables, random_clauses(rng, variables, rng.randint(1, 2 * variables)))
    assert_compiled(program, expected(program))


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_random_ground_programs(seed: int) -> None:
    """Symbols of one to four values, negation, nesting, overlapping outputs, conditions."""
    rng = Random(f"program {seed}")
    drawn = random_program(rng, conditioned=bool(seed % 2))
    weights = random_weights(rng, [len(s.values) for s in drawn.symbols])
    program = GroundProgram(symbols(weights), drawn.graph, drawn.outputs, drawn.condition)
    assert_compiled(program, expected(program))


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_random_cyclic_programs(seed: int) -> None:
    """Least fixpoints, world by world, on the graph as it was before its cycles were taken out."""
    rng = Random(f"cyclic {seed}")
    sizes = tuple(rng.choice([2, 2, 3]) for _ in range(rng.randint(1, 4)))
    graph, declared = cyclic_graph(rng, sizes)
    weights = random_weights(rng, sizes)
    outputs = tuple(Output(f"y{i}", ("false", "true"), (Lit(-x), x)) for i, x in enumerate(declared))
    rules = GroundRules(symbols(weights), graph, lambda: outputs, (), tuple, unrefused)
    totals = [0.0] * (2 * len(declared))
    for world in worlds(sizes):
        weight = math.prod(row[value] for row, value in zip(weights, world, strict=True))
        truth = least_model(graph, world)
        for i, node in enumerate(declared):
            totals[2 * i + truth[node]] += weight
    assert_compiled(rules.acyclic(), [*totals, 1.0])


def unrefused(nodes: Sequence[int]) -> SemanticsError:
    raise AssertionError(f"refused: {nodes}")


def counted(
    program: GroundProgram, literals: Sequence[Lit]
) -> tuple[int, list[tuple[int, ...]], dict[int, float]]:
    """Clauses whose weighted count is the weight of the worlds where the literals hold."""
    encoding = encode(program, literals, both_ways=True)
    weights = {sign * v: 1.0 for v in range(1, encoding.variables + 1) for sign in (1, -1)}
    for symbol, values in encoding.values.items():
        weights |= dict(zip(values, program.symbols[symbol].prior or (), strict=True))
    return encoding.variables, [*encoding.clauses, *((encoding.literal(x),) for x in literals)], weights


def count_d4(variables: int, clauses: list[tuple[int, ...]], weights: dict[int, float]) -> float:
    py_d4 = pytest.importorskip("py_d4", reason="d4Solver, of the extra peers, is not installed")
    solver = py_d4.Solver([list(c) for c in clauses], variables)
    solver.setWeights({literal: repr(w) for literal, w in weights.items()}, py_d4.WeightType.FLOAT)
    return float(solver.compile().count([]))


def count_pysdd(
    folder: Path, variables: int, clauses: list[tuple[int, ...]], weights: dict[int, float]
) -> float:
    sdd = pytest.importorskip("pysdd.sdd", reason="PySDD, of the extra peers, is not installed")
    path = folder / "clauses.cnf"
    lines = [f"p cnf {variables} {len(clauses)}", *(" ".join(map(str, (*c, 0))) for c in clauses)]
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    manager, node = sdd.SddManager.from_cnf_file(str(path).encode(), b"balanced")
    counter = node.wmc(log_mode=True)
    for literal, weight in weights.items():
        counter.set_literal_weight(manager.literal(literal), math.log(weight))
    return math.exp(counter.propagate())


@pytest.mark.parametrize("peer", ["d4", "pysdd"])
@pytest.mark.parametrize("seed", range(LARGE))
def test_larger_programs_agree_with_other_compilers(seed: int, peer: str, tmp_path: Path) -> None:
    rng = Random(f"larger {seed}")
    if seed % 2:
        program = weighted_clauses(rng, 30, random_clauses(rng, 30, 30))
    else:
        program = ground(nesy.parse(grid(3 + seed % 4 // 2)))
    conditions = [*program.condition, *(o.literals[1] for o in program.outputs)]
    clauses = counted(program, conditions)
    theirs = count_d4(*clauses) if peer == "d4" else count_pysdd(tmp_path, *clauses)
    ours = root_values(compile_values(program), columns(program))
    assert ours[-2 if program.outputs else -1] == pytest.approx(theirs, abs=TOLERANCE)


KEPT = {"is", "mod", "query", "evidence"}
SHUFFLED = {"addition": addition(5), "markov": markov(5), "grid": grid(4), "sudoku": sudoku()}


def disguised(rng: Random, text: str) -> str:
    """The clauses in another order; predicates, constants and variables under other names."""
    statements = [s for s in text.split(".\n") if s.strip()]
    rng.shuffle(statements)
    named: dict[str, str] = {}

    def rename(match: re.Match[str]) -> str:
        word = match.group()
        if word in KEPT or word == "_":
            return word
        letter = rng.choice("abcdefghijklmnopqrstuvwxyz")
        fresh = f"{letter}{len(named)}_"
        return named.setdefault(word, fresh.upper() if word[0].isupper() else fresh)

    return "".join(re.sub(r"[A-Za-z_]\w*", rename, s) + ".\n" for s in statements)


def size(circuit: Circuit) -> int:
    return circuit.size + circuit.edges


@pytest.mark.parametrize("name", SHUFFLED)
def test_names_and_clause_order_do_not_change_the_size(name: str) -> None:
    sizes = [size(compile_values(ground(nesy.parse(SHUFFLED[name]))))]
    for seed in range(4):
        text = disguised(Random(f"disguise {seed}"), SHUFFLED[name])
        sizes.append(size(compile_values(ground(nesy.parse(text)))))
    assert max(sizes) < 1.2 * min(sizes), sizes
