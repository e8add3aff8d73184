"""The same questions put to the engine's search and to RC2; costs must agree before anything is timed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import final

import numpy as np
from pysat.examples.rc2 import RC2, RC2Stratified
from pysat.formula import WCNF

import nesy
from benchmarks.maxsat.data import Floats
from nesy.engines.sat.costs import Costs, costs_of
from nesy.engines.sat.encoded import ABSENT, Encoded, encoded
from nesy.engines.sat.search import Question, Search
from nesy.grounding import Template, ground
from nesy.logic.program import GroundProgram

RULES = Path(__file__).with_name("rules.nesy")
SCALE = 1000.0
PEERS: Mapping[str, type[RC2]] = {"rc2": RC2, "rc2_stratified": RC2Stratified}


@cache
def program() -> GroundProgram:
    """The rules, grounded for all cells."""
    return ground(nesy.load(RULES), Template.parse("solved(R, C, D)", "D"))


@final
@dataclass(frozen=True, slots=True)
class Solver:
    """What answers questions: the cost of the best world of one row."""

    name: str
    cost: Callable[[Costs, int], int]


def solvers(peers: bool) -> list[Solver]:
    """The engine's search, loaded once, and RC2, loaded for each question as it is made for."""
    clauses = encoded(program())
    found = [Solver("nesy", _search(clauses))]
    if peers:
        found += [Solver(name, _rc2(kind, clauses)) for name, kind in PEERS.items()]
    return found


def timed(solver: Solver, costs: Costs) -> tuple[list[int], list[float]]:
    """For each row the cost of its best world, and the milliseconds of processor time it took."""
    answers, times = [], []
    for row in range(len(costs)):
        start = time.process_time()
        answers.append(solver.cost(costs, row))
        times.append(1000 * (time.process_time() - start))
    return answers, times


def costs_for(beliefs: list[Floats]) -> Costs:
    """What boards' cells cost. beliefs: (81, 9) for each board, row by row."""
    places = [tuple(map(int, symbol.call.inputs[0].index)) for symbol in program().symbols if symbol.call]
    order = [9 * row + column for row, column in places]
    rows = np.stack([board[order].reshape(-1) for board in beliefs])
    return costs_of(rows, program().offsets, SCALE)


def _search(clauses: Encoded) -> Callable[[Costs, int], int]:
    search = Search(clauses)
    relevant = np.arange(len(clauses.offsets) - 1)

    def cost(costs: Costs, row: int) -> int:
        found = search.answer(costs, row, Question((), relevant))
        return int(costs.excess[row, clauses.offsets[:-1] + found.worlds[0]].sum())

    return cost


def _rc2(kind: type[RC2], clauses: Encoded) -> Callable[[Costs, int], int]:
    hard = clauses.clauses()
    values = clauses.values.tolist()

    def cost(costs: Costs, row: int) -> int:
        formula = WCNF()
        formula.hard, formula.nv = list(hard), clauses.variables
        for literal, excess in zip(values, costs.excess[row].tolist(), strict=True):
            if excess > 0 and literal != ABSENT:
                formula.soft.append([-literal])
                formula.wght.append(excess)
        formula.topw = sum(formula.wght) + 1
        with kind(formula, solver="g4") as maxsat:
            maxsat.compute()
            return int(maxsat.cost)

    return cost
