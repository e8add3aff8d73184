"""Walks over terms and bodies: the variables of a term, the goals of a body. None of them recurses."""

from __future__ import annotations

from collections.abc import Iterator

from nesy.language.syntax import (
    Call,
    Callable,
    Clause,
    Compound,
    Conditional,
    Constraint,
    Directive,
    Goal,
    Label,
    Learnable,
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
            stack.extend((part, positive) for part in reversed(parts(current)))


def parts(goal: Goal) -> tuple[Goal, ...]:
    """The goals that a goal is made of, in order of the text; none for a call."""
    if isinstance(goal, Call):
        return ()
    if isinstance(goal, Negation):
        return (goal.goal,)
    if isinstance(goal, Conditional):
        otherwise = () if goal.otherwise is None else (goal.otherwise,)
        return (goal.condition, goal.then, *otherwise)
    return goal.goals


def body_of(statement: Statement) -> Goal | None:
    """The body of a statement; None where it has none."""
    return None if isinstance(statement, Directive) else statement.body


def label_terms(label: Label | None) -> tuple[Term, ...]:
    """The terms of a head's label, in order of the text."""
    if isinstance(label, Probability):
        return (label.value,)
    if isinstance(label, Learnable):
        return () if label.initial is None else (label.initial,)
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
