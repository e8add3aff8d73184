"""The programs that are evaluated, and worlds and beliefs for them, from a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

import nesy
from benchmarks.compile.programs import addition as known_sum
from benchmarks.compile.programs import grid, markov, random_cnf, sudoku
from benchmarks.mnist_addition.experiment import RULES
from nesy.grounding import Template, ground
from nesy.logic.graph import Kind, Lit
from nesy.logic.program import GroundProgram, Output


def addition(digits: int) -> GroundProgram:
    """The sum of two numbers of so many digits, digit by digit: the rules of `mnist_addition`."""
    return ground(nesy.load(RULES), Template.parse(f"sum({digits}, I, S)", "S"))


def clauses(variables: int, count: int) -> GroundProgram:
    """Random clauses of three literals as a condition; what is asked is the first variable."""
    program = random_cnf(variables, count, 0).program()
    true = program.graph.leaf(0, 1)
    return replace(program, outputs=(Output("first", ("false", "true"), (Lit(-true), true)),))


PROGRAMS: Mapping[str, Callable[[], GroundProgram]] = {
    "addition_1": lambda: addition(1),
    "addition_4": lambda: addition(4),
    "addition_15": lambda: addition(15),
    "sudoku_4x4": lambda: ground(nesy.parse(sudoku(2))),
    "sudoku_9x9": lambda: ground(nesy.parse(sudoku(3))),
    "markov_10": lambda: ground(nesy.parse(markov(10))),
    "markov_50": lambda: ground(nesy.parse(markov(50))),
    "known_sum_4": lambda: ground(nesy.parse(known_sum(4))),
    "grid_4": lambda: ground(nesy.parse(grid(4))),
    "clauses_20_60": lambda: clauses(20, 60),
    "clauses_40_40": lambda: clauses(40, 40),
}
"""By name; markov programs are hidden Markov models whose observations are a condition."""


def rules_of(program: GroundProgram) -> int:
    """How many ground rules are evaluated in a world: the conjunctions below outputs and condition."""
    literals = [x for output in program.outputs for x in output.literals]
    nodes = program.graph.reachable([*literals, *program.condition])
    return sum(program.graph.kinds[node] == Kind.AND for node in nodes)


def random_worlds(program: GroundProgram, count: int, seed: int) -> NDArray[np.int64]:
    """(count, n): every value of a symbol equally often."""
    rng = np.random.default_rng(seed)
    columns = [rng.integers(len(symbol.values), size=count) for symbol in program.symbols]
    return np.stack(columns, axis=1).astype(np.int64)


def random_beliefs(program: GroundProgram, batch: int, seed: int) -> NDArray[np.float64]:
    """(batch, V) scores, not normalised: standard normal numbers."""
    return np.random.default_rng(seed).normal(size=(batch, program.width))


def plainly(program: GroundProgram, worlds: NDArray[np.int64]) -> NDArray[np.int64]:
    """(S, m): what anyone would write in numpy: a vector of truth for each node, one node after the other."""
    graph, truth = program.graph, {}
    literals = [x for output in program.outputs for x in output.literals]
    for node in graph.reachable(literals):
        if graph.kinds[node] == Kind.LEAF:
            symbol, value = graph.args[node]
            truth[node] = worlds[:, symbol] == value
            continue
        all_of = graph.kinds[node] != Kind.OR
        found = np.full(len(worlds), all_of)
        for child in graph.children(node):
            part = truth[abs(child)] if child > 0 else ~truth[abs(child)]
            found = found & part if all_of else found | part
        truth[node] = found
    columns = []
    for output in program.outputs:
        column = np.full(len(worlds), -1)
        for value in range(len(output.literals) - 1, -1, -1):
            literal = output.literals[value]
            column[truth[abs(literal)] ^ (literal < 0)] = value
        columns.append(column)
    return np.stack(columns, axis=1)
