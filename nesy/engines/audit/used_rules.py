"""Which clauses take part in a proof of what is asked.

Every clause is given one more goal, an uncertain fact of its own. The facts that remain in the ground
program are those of clauses that some proof uses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from nesy.engines.audit.behaviour import substituted
from nesy.errors import Diagnostic, NesyError, Span
from nesy.grounding import Template, ground
from nesy.grounding.budget import Budget
from nesy.language.syntax import (
    Call,
    Clause,
    Compound,
    Conjunction,
    Head,
    Number,
    Probability,
    Program,
)
from nesy.logic.graph import FALSE, TRUE, Graph, Kind
from nesy.logic.program import GroundProgram

MARK = "$used"
"""The predicate of the added facts; no program can write its name."""
MOST = 20_000
"""Clauses that are looked at."""
SHOWN = 60
"""How many characters of a clause are shown."""
BUDGET = Budget(nodes=300_000)
"""What grounding with marks may spend where nothing is said: what was certain is not any more."""


def unused_rules(program: Program, template: Template, budget: Budget | None = None) -> list[Diagnostic]:
    """A warning (unused-rule) for each clause of the text that no ground proof of a template uses.

    Where it cannot be told, one warning says so (unchecked-rules): lists of uncertain things would be as
    many as the combinations of clauses. Cost: that of grounding, with a symbol more for each clause.
    """
    clauses = [at for at, s in enumerate(program.statements) if isinstance(s, Clause)]
    if len(clauses) > MOST:
        return [_unchecked(f"there are {len(clauses):,} clauses, more than {MOST:,}")]
    try:
        grounded = ground(marked(program, clauses), template, budget=budget or BUDGET)
    except NesyError as reason:
        return [_unchecked(reason.message)]
    used = set(_used(grounded))
    return [
        Diagnostic("unused-rule", f"no proof of what is asked uses {_shown(span)}", span, None, "warning")
        for number, at in enumerate(clauses)
        if number not in used and (span := program.statements[at].span) is not None
    ]


def marked(program: Program, clauses: Sequence[int]) -> Program:
    """The program in which each clause, by its place among the statements, needs a fact of its own."""
    statements = list(program.statements)
    half = Probability(Number(0.5))
    for number, at in enumerate(clauses):
        clause, fact = statements[at], Compound(MARK, (Number(number),))
        assert isinstance(clause, Clause)
        goals = (
            ()
            if clause.body is None
            else clause.body.goals
            if isinstance(clause.body, Conjunction)
            else (clause.body,)
        )
        body = (*goals, Call(fact))
        statements[at] = replace(clause, body=body[0] if len(body) == 1 else Conjunction(body))
        statements.append(Clause((Head(fact, half),)))
    return replace(program, statements=tuple(statements))


def _used(grounded: GroundProgram) -> Iterator[int]:
    """The numbers of the facts that some proof needs, also a proof of what is denied."""
    prefix = f"'{MARK}'("
    marks = {
        at: int(s.name.removeprefix(prefix)[:-1])
        for at, s in enumerate(grounded.symbols)
        if s.name.startswith(prefix)
    }
    source, graph = grounded.graph, Graph()
    roots = [*(x for o in grounded.outputs for x in o.literals), *grounded.condition]
    # The program as it is: a proof that it does not have is none because clauses are marked.
    image = substituted(source, roots, graph, lambda s, v: TRUE if s in marks else graph.leaf(s, v))
    stack, seen = [abs(x) for x in roots], set[int]()
    while stack:
        node = stack.pop()
        if node in seen or image[node] == FALSE:
            continue
        seen.add(node)
        stack.extend(map(abs, source.children(node)))
        if source.kinds[node] == Kind.LEAF and source.args[node][0] in marks:
            yield marks[source.args[node][0]]


def _shown(span: Span) -> str:
    text = " ".join(span.text.split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def _unchecked(reason: str) -> Diagnostic:
    return Diagnostic(
        "unchecked-rules", f"which rules are used could not be told: {reason}", severity="warning"
    )
