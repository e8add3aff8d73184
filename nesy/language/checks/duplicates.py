"""Warns of a clause that stands twice: a second probabilistic one is an event of its own."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from nesy.errors import Diagnostic
from nesy.language.checks.survey import Survey
from nesy.language.goals import goal_term
from nesy.language.syntax import Clause, Compound, Neural, Term, Variable
from nesy.language.terms import parts_of
from nesy.language.traversal import label_terms


def duplicate_clauses(survey: Survey) -> Iterator[Diagnostic]:
    """Warning `duplicate-clause`, at the second of two clauses that differ at most in names of variables."""
    first: dict[Hashable, Clause] = {}
    for clause in survey.program.clauses:
        earlier = first.setdefault(_shape(clause), clause)
        if earlier is not clause:
            yield _finding(clause, earlier)


def _finding(clause: Clause, earlier: Clause) -> Diagnostic:
    line = f" in line {earlier.span.line}" if earlier.span is not None else ""
    if clause.heads[0].label is None:
        hint = "it adds nothing: leave it out"
    elif isinstance(clause.heads[0].label, Neural):
        hint = "it is a second event, of the same network and input: leave it out"
    else:
        hint = "the two are independent, and either may hold; leave one out if they are the same event"
    return Diagnostic("duplicate-clause", f"this clause stands already{line}", clause.span, hint, "warning")


def _shape(clause: Clause) -> Hashable:
    """The clause as one flat value, with its variables numbered."""
    numbering: dict[str, int] = {}
    shape: list[Hashable] = []
    stack = list(reversed(list(_terms(clause))))
    while stack:
        term = stack.pop()
        parts = parts_of(term)
        if isinstance(term, Variable):
            shape.append(numbering.setdefault(term.name, len(numbering)))
        elif parts:
            shape.append((term.functor if isinstance(term, Compound) else None, len(parts)))
            stack.extend(reversed(parts))
        else:
            shape.append(term)
    kinds = tuple((type(h.label).__name__, h.negated, _network(clause)) for h in clause.heads)
    return kinds, tuple(shape)


def _terms(clause: Clause) -> Iterator[Term]:
    for head in clause.heads:
        yield from label_terms(head.label)
        yield head.atom
    if clause.body is not None:
        yield goal_term(clause.body)


def _network(clause: Clause) -> str | None:
    label = clause.heads[0].label
    return label.network if isinstance(label, Neural) else None
