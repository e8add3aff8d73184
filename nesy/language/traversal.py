"""Walks over terms and bodies: the variables of a term, the goals of a body. None of them recurses."""

from __future__ import annotations

from collections.abc import Iterator

from nesy.language.syntax import (
    Call,
    Callable,
    Clause,
    Compound,
    Constraint,
    Goal,
    ListTerm,
    Negation,
    Neural,
    Probability,
    Statement,
    Term,
    Variable,
)


def variables(*terms: Term) -> Iterator[Variable]:
    """Every occurrence of a variable in some terms, in order of the text."""
    stack: list[Term] = list(reversed(terms))
    while stack:
        term = stack.pop()
        if isinstance(term, Variable):
            yield term
        elif isinstance(term, Compound):
            stack.extend(reversed(term.args))
        elif isinstance(term, ListTerm):
            if term.tail is not None:
                stack.append(term.tail)
            stack.extend(reversed(term.items))


def calls(goal: Goal | None) -> Iterator[tuple[Callable, bool]]:
    """The atoms that a body calls, in order, each with whether it stands outside every negation."""
    stack: list[tuple[Goal, bool]] = [] if goal is None else [(goal, True)]
    while stack:
        current, positive = stack.pop()
        if isinstance(current, Call):
            yield current.atom, positive
        elif isinstance(current, Negation):
            stack.append((current.goal, False))
        else:
            stack.extend((part, positive) for part in reversed(current.goals))


def body_of(statement: Statement) -> Goal | None:
    """The body of a rule or constraint; None for everything else."""
    return statement.body if isinstance(statement, (Clause, Constraint)) else None


def label_terms(label: Probability | Neural | None) -> tuple[Term, ...]:
    """The terms of a head's label, in order of the text."""
    if isinstance(label, Probability):
        return (label.value,)
    if isinstance(label, Neural):
        output = () if label.output is None else (label.output,)
        return (*label.inputs, *output, *(label.domain or ()))
    return ()


def statement_terms(statement: Clause | Constraint) -> Iterator[Term]:
    """The terms of a clause or constraint, in order of the text: labels, heads, goals."""
    if isinstance(statement, Clause):
        for head in statement.heads:
            yield from label_terms(head.label)
            yield head.atom
    for atom, _ in calls(statement.body):
        yield atom
