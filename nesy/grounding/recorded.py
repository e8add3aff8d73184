"""Grounding that remembers how each atom was derived: by which rule, with which bindings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, final

from nesy.errors import Span
from nesy.grounding.budget import Budget
from nesy.grounding.choices import Choices
from nesy.grounding.control.asking import Asked, Asking
from nesy.grounding.control.subqueries import Evaluate, Evaluation
from nesy.grounding.engine import Resolution, Resolve
from nesy.grounding.families import candidate_families
from nesy.grounding.lowering import Lowering
from nesy.grounding.meter import Meter
from nesy.grounding.negative_cycles import named_atoms, negative_cycle
from nesy.grounding.plans import Bindings, Plan
from nesy.grounding.rules import Predicate, Rule
from nesy.grounding.tables import Frame, Table
from nesy.grounding.template import Template, query_outputs, template_outputs
from nesy.grounding.terms import Args, TermStore
from nesy.language.collector import collector_paused
from nesy.language.syntax import Program
from nesy.logic.graph import FALSE, Graph, Lit
from nesy.logic.ground_rules import GroundRules
from nesy.logic.under_way import stage


class Conclusion(NamedTuple):
    """A rule whose whole body has been met. literals: what its goals came to."""

    table: Table
    plan: Plan
    env: Bindings
    literals: list[Lit]


class Condition(NamedTuple):
    """What every world must meet: an atom that was observed, or a body that must not hold.

    literal: what has to hold. predicate, args: of the atom; of a constraint, the proposition that it holds.
    """

    literal: Lit
    predicate: Predicate
    args: Args
    holds: bool
    is_constraint: bool
    span: Span | None


@final
@dataclass(frozen=True)
class Recorded:
    """Ground rules and how they were derived. graph: that of the rules.

    asked: the table of each query, or the template's. tables: of all calls.
    conclusions: in the order in which they were drawn; facts are not among them.
    choices: give the literals of labels. conditions: in the order of the rules' own.
    """

    store: TermStore
    rules: GroundRules
    graph: Graph
    asked: tuple[Table, ...]
    tables: Mapping[tuple[Predicate, Args], Table]
    conclusions: Sequence[Conclusion]
    choices: Choices
    resolve: Resolve
    conditions: tuple[Condition, ...]


@final
class _Recorder:
    """Watches resolution, keeps what it concludes, and tells a meter."""

    def __init__(self, meter: Meter | None) -> None:
        self.conclusions: list[Conclusion] = []
        self._meter = meter

    def frame(self, frame: Frame) -> None:
        """A frame is about to run; at the end of its body it concludes."""
        if self._meter is not None:
            self._meter.frame(frame)
        if frame.position == frame.plan.length:
            self.conclusions.append(Conclusion(frame.table, frame.plan, frame.env, frame.gathered()))

    def solutions(self, frame: Frame, count: int) -> None:
        """A built-in gives many solutions."""
        if self._meter is not None:
            self._meter.solutions(frame, count)

    def facts(self, rule: Rule, count: int) -> None:
        """Many facts have answered a call."""
        if self._meter is not None:
            self._meter.facts(rule, count)


def ground_recorded(
    program: Program,
    template: Template | None = None,
    *,
    evaluate: Evaluate | None = None,
    budget: Budget | None = None,
) -> Recorded:
    """As `ground_rules` by resolution, with how each atom was derived.

    Raises `NesyError`: see `ground`. Cost: that of `ground_rules`, and a record for each instance of a rule.
    """
    meter = None if budget is None else Meter(budget)
    recorder = _Recorder(meter)
    with collector_paused():
        store = TermStore()
        lowering = Lowering(store, program, Evaluation(evaluate))
        asking = Asking(lowering, meter)
        asked = _asked(program, template, asking)
        observed = _observed(program, lowering, asking)
        resolve = lowering.metacalls.resolve
        resolution = Resolution(store, Graph(), resolve, lowering.evaluation.symbols, recorder)
        with stage("grounding", resolution.size):
            tables = [resolution.solve(*call) for call in asked]
            conditions = tuple(_condition(resolution, *o) for o in observed)
            resolution.finish()
        rules = _rules(store, resolution, template, tables, conditions)
    return Recorded(
        store,
        rules,
        resolution.graph,
        tuple(tables),
        resolution.tables,
        recorder.conclusions,
        resolution.choices,
        resolve,
        conditions,
    )


class _Observed(NamedTuple):
    asked: Asked
    holds: bool
    is_constraint: bool
    span: Span | None


def _asked(program: Program, template: Template | None, asking: Asking) -> list[Asked]:
    if template is not None:
        return [asking.atom(template.atom)]
    return [atom for query in program.queries for atom in asking.statement(query)]


def _observed(program: Program, lowering: Lowering, asking: Asking) -> list[_Observed]:
    evidence = asking.evidence(program.evidence)
    found = [_Observed(atom, statement.holds, False, statement.span) for atom, statement in evidence]
    spans = (constraint.span for constraint in program.constraints)
    constraints = zip(lowering.constraints, spans, strict=True)
    return [*found, *(_Observed(Asked(p, (), None), False, True, span) for p, span in constraints)]


def _condition(
    resolution: Resolution, asked: Asked, holds: bool, is_constraint: bool, span: Span | None
) -> Condition:
    table = resolution.solve(*asked)
    node = next(iter(table.answers.values()), FALSE)
    literal = node if holds else Lit(-node)
    return Condition(literal, asked.predicate, asked.args, holds, is_constraint, span)


def _rules(
    store: TermStore,
    resolution: Resolution,
    template: Template | None,
    tables: Sequence[Table],
    conditions: Sequence[Condition],
) -> GroundRules:
    graph, every = resolution.graph, resolution.tables.values()
    if template is None:
        outputs = query_outputs(store, tables)
    else:
        outputs = template_outputs(store, template, tables[0], graph.disjunction)

    return GroundRules(
        symbols=resolution.choices.symbols,
        graph=graph,
        asked=lambda: outputs,
        condition=tuple(c.literal for c in conditions),
        families=lambda: (*graph.families, *candidate_families(every)),
        refusal=lambda nodes: negative_cycle(named_atoms(store, every), nodes),
        observed=tuple(c.span for c in conditions if c.span is not None),
    )
