"""The grounder: from a checked program and what is asked of it to a ground program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import final

from nesy.errors import Span
from nesy.grounding.budget import Budget
from nesy.grounding.control.asking import Asked, Asking
from nesy.grounding.control.subqueries import Evaluate, Evaluation
from nesy.grounding.lowering import Lowering
from nesy.grounding.meter import Meter
from nesy.grounding.negative_cycles import negative_cycle
from nesy.grounding.paths import Answered, Path, answered
from nesy.grounding.tables import Table
from nesy.grounding.template import Template, query_outputs, template_outputs
from nesy.grounding.terms import TermStore
from nesy.language.collector import collector_paused
from nesy.language.syntax import Program
from nesy.logic.graph import FALSE, Lit
from nesy.logic.ground_rules import GroundRules
from nesy.logic.program import GroundProgram, Output


def ground(
    program: Program,
    template: Template | None = None,
    *,
    given: Sequence[Template] = (),
    evaluate: Evaluate | None = None,
    budget: Budget | None = None,
) -> GroundProgram:
    """The part of a program's grounding that what is asked depends on.

    Without a template, the program's own queries are asked: one output over {false, true} for each
    answer, and one that is false for a ground query without an answer.
    given: beside a template, more of them, whose outputs come last: what may be observed of an example.
    evaluate: gives the probabilities of sub-goals, which `subquery/2,3` ask for.
    budget: what may be spent; without one there is no limit.
    Raises `GroundingError` (budget-exceeded; see each built-in and `Choices`),
    `SemanticsError` (negative-cycle) and `LanguageError` (unknown-predicate). Evidence that nothing can
    meet is a condition that is FALSE, for the engines to report.
    Cost: that of `ground_rules`, and of taking its cycles out.
    """
    meter = None if budget is None else Meter(budget)
    with collector_paused():
        rules = _Grounding(program, evaluate, meter).run(_templates(template, given), "auto")
    return rules.acyclic(None if meter is None else meter.unrolled)


def ground_rules(
    program: Program,
    template: Template | None = None,
    path: Path = "auto",
    *,
    given: Sequence[Template] = (),
    evaluate: Evaluate | None = None,
    budget: Budget | None = None,
) -> GroundRules:
    """As `ground`, with the cycles of the rules left in.

    path: "tabled" resolution takes every program; "relational" evaluation is much faster on large ones,
    and takes the relational fragment only. "auto" takes the one that will be faster. The result is the
    same but for the numbers of nodes. Raises `GroundingError` (outside-fragment) where "relational" is
    asked for and cannot be had.
    Cost: linear in the instances of rules that are relevant; nothing recurses.
    """
    with collector_paused():
        meter = None if budget is None else Meter(budget)
        return _Grounding(program, evaluate, meter).run(_templates(template, given), path)


def _templates(template: Template | None, given: Sequence[Template]) -> tuple[Template, ...] | None:
    return None if template is None else (template, *given)


@final
class _Grounding:
    def __init__(self, program: Program, evaluate: Evaluate | None, meter: Meter | None) -> None:
        self.store = TermStore()
        self.program = program
        self.lowering = Lowering(self.store, program, Evaluation(evaluate))
        self.meter = meter
        self.asking = Asking(self.lowering, meter)

    def run(self, templates: tuple[Template, ...] | None, path: Path) -> GroundRules:
        asked = self._asked(templates)
        evidence = self.asking.evidence(self.program.evidence)
        calls = [
            *asked,
            *(atom for atom, _ in evidence),
            *(Asked(p, (), None) for p in self.lowering.constraints),
        ]
        found = answered(self.lowering, calls, path, self.meter)
        observed = [found.tables[i] for i in range(len(asked), len(calls))]
        condition = self._condition([statement.holds for _, statement in evidence], observed)
        outputs, given = self._outputs(templates, len(asked), found)
        return GroundRules(
            found.symbols,
            found.graph(),
            outputs,
            condition,
            found.families,
            lambda nodes: negative_cycle(found.atoms(), nodes),
            self._observed(),
            given,
            lambda: {node: atom.text for node, atom in found.atoms().items()},
        )

    def _outputs(
        self, templates: tuple[Template, ...] | None, count: int, found: Answered
    ) -> tuple[Callable[[], tuple[Output, ...]], int]:
        """What gives the outputs, and how many of the last are those of further templates."""
        if templates is None:
            return lambda: query_outputs(self.store, (found.tables[i] for i in range(count))), 0
        # Made at once: they may add nodes to the graph.
        made = [
            template_outputs(self.store, template, found.tables[i], found.disjunction)
            for i, template in enumerate(templates)
        ]
        return lambda: tuple(chain.from_iterable(made)), sum(map(len, made[1:]))

    def _observed(self) -> tuple[Span, ...]:
        evidence = (e.span for e in self.program.evidence)
        constraints = (c.span for c in self.program.constraints)
        return tuple(span for span in (*evidence, *constraints) if span is not None)

    def _asked(self, templates: tuple[Template, ...] | None) -> list[Asked]:
        if templates is None:
            return [atom for query in self.program.queries for atom in self.asking.statement(query)]
        return [self.asking.atom(template.atom) for template in templates]

    def _condition(self, observed: Sequence[bool], tables: Sequence[Table]) -> tuple[Lit, ...]:
        """What every world must meet: evidence, and that no integrity constraint is broken."""
        literals = []
        for holds, table in zip(observed, tables[: len(observed)], strict=True):
            node = next(iter(table.answers.values()), FALSE)
            literals.append(node if holds else Lit(-node))
        literals += [Lit(-node) for table in tables[len(observed) :] for node in table.answers.values()]
        return tuple(literals)
