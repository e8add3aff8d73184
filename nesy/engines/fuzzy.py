"""Fuzzy logics on rules: which formula is evaluated, and where a program has none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from nesy.algebra import FuzzyLogic
from nesy.errors import EngineError
from nesy.kernels.formulas import FormulaEvaluator
from nesy.logic.components import components, on_cycle
from nesy.logic.flat import FlatGraph
from nesy.logic.graph import Graph
from nesy.logic.ground_rules import GroundRules
from nesy.logic.program import Output, Symbol


@final
@dataclass(frozen=True, eq=False)
class Formulas:
    """The formulas of a program's outputs, in a logic.

    outputs: as in the program. evaluator: gives the degree of each value of each output, in order.
    symbols: whose values' degrees the evaluator takes, side by side.
    """

    symbols: tuple[Symbol, ...]
    outputs: tuple[Output, ...]
    evaluator: FormulaEvaluator


def formulas(rules: GroundRules, logic: FuzzyLogic) -> Formulas:
    """The rules as they are: each atom the disjunction of its rules' bodies, each body a conjunction.

    Where rules are cyclic, an idempotent logic takes them without their cycles, which gives the least
    degrees that meet them. Raises `EngineError`: fuzzy-evidence; cyclic-formula in other logics; and
    `SemanticsError` (negative-cycle).
    Cost: O(nodes and edges); that of taking cycles out, where there are some.
    """
    _refuse_conditions(rules, logic)
    outputs = rules.outputs
    graph: Graph | FlatGraph = rules.graph
    symbols: Sequence[Symbol] = rules.symbols
    roots = [abs(x) for o in outputs for x in o.literals]
    if any(on_cycle(graph, c) for c in components(graph, roots)):
        program = rules.acyclic()
        if not logic.idempotent:
            raise EngineError(
                "cyclic-formula",
                f"the rules depend on themselves, and in {logic.name!r} each round would change the degrees",
                hint="use a logic in which x and x is x: godel or possibilistic",
            )
        graph, outputs, symbols = program.graph, program.outputs, program.symbols
    literals = [x for o in outputs for x in o.literals]
    sizes = [len(s.values) for s in symbols]
    return Formulas(tuple(symbols), outputs, FormulaEvaluator(graph, literals, sizes, logic))


def _refuse_conditions(rules: GroundRules, logic: FuzzyLogic) -> None:
    if rules.condition or rules.observed:
        raise EngineError(
            "fuzzy-evidence",
            f"{logic.name!r} gives degrees of formulas, which evidence and constraints cannot condition",
            span=rules.observed[0] if rules.observed else None,
            hint="ask for the conjunction with the evidence instead, or take the evidence out",
        )
