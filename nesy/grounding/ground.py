"""The grounder: from a checked program and what is asked of it to a ground program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from nesy.errors import GroundingError, Span
from nesy.grounding.lowering import Lowering
from nesy.grounding.paths import Call, Path, answered
from nesy.grounding.syntax_terms import intern
from nesy.grounding.tables import Table
from nesy.grounding.template import Template, query_outputs, template_outputs
from nesy.grounding.terms import Args, TermStore
from nesy.language.syntax import Atom, Callable, Program
from nesy.logic.graph import FALSE, Lit
from nesy.logic.ground_rules import GroundRules
from nesy.logic.program import GroundProgram


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


def ground_rules(program: Program, template: Template | None = None, path: Path = "auto") -> GroundRules:
    """As `ground`, with the cycles of the rules left in.

    path: "tabled" resolution takes every program; "relational" evaluation is much faster on large ones,
    and takes the relational fragment only. "auto" takes the one that will be faster. The result is the
    same but for the numbers of nodes. Raises `GroundingError` (outside-fragment) where "relational" is
    asked for and cannot be had.
    Cost: linear in the instances of rules that are relevant; nothing recurses.
    """
    return _Grounding(program).run(template, path)


@final
class _Grounding:
    def __init__(self, program: Program) -> None:
        self.store = TermStore()
        self.program = program
        self.lowering = Lowering(self.store, program)

    def run(self, template: Template | None, path: Path) -> GroundRules:
        asked = self._asked(template)
        evidence = [self._call(e.atom) for e in self.program.evidence]
        for (_, args, _), statement in zip(evidence, self.program.evidence, strict=True):
            self._require_ground(args, statement.span)
        constraints: list[Call] = [(p, (), None) for p in self.lowering.constraints]
        found = answered(self.store, [*asked, *evidence, *constraints], path)
        tables = found.tables[: len(asked)]
        condition = self._condition(found.tables[len(asked) :])
        if template is None:
            outputs = query_outputs(self.store, tables)
        else:
            outputs = template_outputs(self.store, template, tables[0], found.disjunction)
        return GroundRules(found.symbols, found.graph(), outputs, condition, found.families, found.names)

    def _asked(self, template: Template | None) -> list[Call]:
        if template is None:
            return [self._call(q.atom) for q in self.program.queries]
        return [self._call(template.atom)]

    def _call(self, atom: Callable) -> Call:
        numbering: dict[str, int] = {}
        args = () if isinstance(atom, Atom) else tuple(intern(self.store, a, numbering) for a in atom.args)
        return self.lowering.predicate(atom), args, atom.span

    def _condition(self, tables: Sequence[Table]) -> tuple[Lit, ...]:
        """What every world must meet: evidence, and that no integrity constraint is broken."""
        evidence = self.program.evidence
        literals = []
        for statement, table in zip(evidence, tables[: len(evidence)], strict=True):
            node = next(iter(table.answers.values()), FALSE)
            literals.append(node if statement.holds else Lit(-node))
        literals += [Lit(-node) for table in tables[len(evidence) :] for node in table.answers.values()]
        return tuple(literals)

    def _require_ground(self, args: Args, span: Span | None) -> None:
        if not all(self.store.is_ground(a) for a in args):
            raise GroundingError(
                "non-ground-evidence",
                "evidence must be a ground atom",
                span=span,
                hint="write one evidence statement for each instance that was observed",
            )
