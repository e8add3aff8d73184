"""What every world of a program must meet, as clauses; and a world read from a model of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import final

from nesy.engines.reasoning.interpretation import Interpretation
from nesy.engines.solve import TRUE_VALUE, probabilities
from nesy.engines.tasks.names import Names
from nesy.grounding import ground
from nesy.grounding.budget import Budget
from nesy.language.syntax import Program
from nesy.logic.cnf import Clause, Encoding, encode
from nesy.logic.graph import Lit
from nesy.logic.program import GroundProgram

SOLVER = "g4"
"""Glucose 4: incremental, and it writes proofs."""

Clauses = list[list[int]]
"""As python-sat takes them."""


def grounded(program: Program, budget: Budget | None) -> GroundProgram:
    """The ground program of what a program asks. Raises what `nesy.grounding.ground` does."""
    return ground(program, evaluate=probabilities, budget=budget)


@final
@dataclass(frozen=True)
class Worlds:
    """The possible worlds of a ground program, as the models of clauses.

    clauses: evidence, constraints and what is impossible by itself (values of probability 0).
    symbols: of each symbol, the literals of its values; exactly one of them holds.
    asked: of each output, an atom over false and true, the literal that it holds.
    """

    program: GroundProgram
    clauses: Clauses = field(repr=False)
    variables: int
    symbols: tuple[Clause, ...] = field(repr=False)
    asked: tuple[int, ...] = field(repr=False)

    @cached_property
    def names(self) -> Mapping[str, tuple[str, ...]]:
        """The symbols' names, numbered where they are equal, and their values."""
        return Names(self.program).symbols

    def interpretation(self, model: Sequence[int]) -> Interpretation:
        """The world that a model stands for: `model[v - 1]` is v or -v. Cost: O(symbols and atoms)."""
        choices = {
            name: next(v for v, x in zip(values, literals, strict=True) if model[abs(x) - 1] == x)
            for (name, values), literals in zip(self.names.items(), self.symbols, strict=True)
        }
        truths = {
            output.name: model[abs(x) - 1] == x
            for output, x in zip(self.program.outputs, self.asked, strict=True)
        }
        return Interpretation(truths, choices)


def worlds_of(program: GroundProgram) -> Worlds:
    """Clauses in which the truth of every output can be read. Cost: see `encode`."""
    graph = program.graph
    # Every symbol has literals, those that simplification has made irrelevant too.
    leaves = [graph.leaf(number, 0) for number in range(len(program.symbols))]
    asked = [output.literals[TRUE_VALUE] for output in program.outputs]
    encoding = encode(program, [*leaves, *asked], asserted=program.condition, both_ways=True)
    clauses = hard_clauses(program, encoding)
    if encoding.variables:
        # Says nothing, but that there are so many variables: solvers give no value to those they never met.
        clauses.append([encoding.variables, -encoding.variables])
    symbols = tuple(encoding.values[number] for number in range(len(program.symbols)))
    return Worlds(program, clauses, encoding.variables, symbols, tuple(map(encoding.literal, asked)))


def hard_clauses(program: GroundProgram, encoding: Encoding) -> Clauses:
    """An encoding's clauses, with values of probability 0 ruled out."""
    clauses = [*map(list, encoding.clauses)]
    for number, literals in encoding.values.items():
        prior = program.symbols[number].prior or ()
        clauses.extend([-literals[value]] for value, p in enumerate(prior) if p == 0.0)
    return clauses


def impossible_values(program: GroundProgram) -> list[Lit]:
    """Literals that rule out the values of probability 0, as nodes of the graph."""
    return [
        Lit(-program.graph.leaf(number, value))
        for number, symbol in enumerate(program.symbols)
        for value, p in enumerate(symbol.prior or ())
        if p == 0.0
    ]
