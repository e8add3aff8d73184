"""The grounder: from a checked program and what is asked of it to a ground program."""

from __future__ import annotations

from nesy.errors import GroundingError, Span
from nesy.grounding.engine import Resolution
from nesy.grounding.families import candidate_families
from nesy.grounding.lowering import Lowering
from nesy.grounding.syntax_terms import atom_text, intern
from nesy.grounding.tables import Table
from nesy.grounding.template import Template, boolean_output, ordered_answers, template_outputs
from nesy.grounding.terms import Args, TermStore
from nesy.language.syntax import Atom, Callable, Program
from nesy.logic.graph import FALSE, TRUE, Graph, Lit
from nesy.logic.ground_rules import GroundRules
from nesy.logic.program import GroundProgram, Output


def ground(program: Program, template: Template | None = None) -> GroundProgram:
    """The part of a program's grounding that what is asked depends on.

    Without a template, the program's own queries are asked: one output over {false, true} for each
    answer, and one that is false for a ground query without an answer.
    Raises `GroundingError` (see each built-in and `Choices`), `SemanticsError` (negative-cycle)
    and `LanguageError` (unknown-predicate). Evidence that nothing can meet is a condition that is
    FALSE, for the engines to report.
    Cost: that of `ground_rules`, and of taking its cycles out.
    """
    return ground_rules(program, template).acyclic()


def ground_rules(program: Program, template: Template | None = None) -> GroundRules:
    """As `ground`, with the cycles of the rules left in.

    Cost: linear in the instances of rules that are relevant; nothing recurses.
    """
    return _Grounding(program).run(template)


class _Grounding:
    def __init__(self, program: Program) -> None:
        self.store = TermStore()
        self.graph = Graph()
        self.program = program
        self.lowering = Lowering(self.store, program)
        self.resolution = Resolution(self.store, self.graph)

    def run(self, template: Template | None) -> GroundRules:
        if template is None:
            tables = [self._solve(q.atom) for q in self.program.queries]
        else:
            tables = [self._solve(template.atom)]
        condition = [*self._evidence(), *self._constraints()]
        self.resolution.finish()
        if template is None:
            outputs = self._query_outputs(tables)
        else:
            outputs = template_outputs(self.store, self.graph, template, tables[0])
        return GroundRules(
            symbols=self.resolution.choices.symbols,
            graph=self.graph,
            outputs=lambda: outputs,
            condition=tuple(condition),
            families=lambda: candidate_families(self.resolution.tables.values()),
            names=self._names,
        )

    def _solve(self, atom: Callable) -> Table:
        numbering: dict[str, int] = {}
        args = () if isinstance(atom, Atom) else tuple(intern(self.store, a, numbering) for a in atom.args)
        return self.resolution.solve(self.lowering.predicate(atom), args, atom.span)

    def _query_outputs(self, tables: list[Table]) -> tuple[Output, ...]:
        outputs: dict[str, Output] = {}
        for table in tables:
            answers = ordered_answers(self.store, table)
            for answer in answers:
                name = atom_text(self.store, table.predicate.name, answer)
                outputs[name] = boolean_output(name, table.answers[answer])
            if not answers and all(self.store.is_ground(a) for a in table.args):
                name = atom_text(self.store, table.predicate.name, table.args)
                outputs[name] = boolean_output(name, FALSE)
        return tuple(outputs.values())

    def _evidence(self) -> list[Lit]:
        literals = []
        for evidence in self.program.evidence:
            table = self._solve(evidence.atom)
            self._require_ground(table.args, evidence.span)
            node = next(iter(table.answers.values()), FALSE)
            literals.append(node if evidence.holds else Lit(-node))
        return literals

    def _require_ground(self, args: Args, span: Span | None) -> None:
        if not all(self.store.is_ground(a) for a in args):
            raise GroundingError(
                "non-ground-evidence",
                "evidence must be a ground atom",
                span=span,
                hint="write one evidence statement for each instance that was observed",
            )

    def _constraints(self) -> list[Lit]:
        return [
            Lit(-node)
            for predicate in self.lowering.constraints
            for node in self.resolution.solve(predicate, ()).answers.values()
        ]

    def _names(self) -> dict[int, str]:
        return {
            node: atom_text(self.store, table.predicate.name, answer)
            for table in self.resolution.tables.values()
            if not table.predicate.internal
            for answer, node in table.answers.items()
            if node != TRUE
        }
