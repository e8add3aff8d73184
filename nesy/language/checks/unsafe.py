"""Variables that nothing can ever bind where a value is needed.

A clause may hold unbound variables (`member(X, [X|_]).`), and a caller may bind those of a head. An
error is only what no call can mend: a variable of a probability, of a network's input or of
arithmetic that occurs nowhere else in its clause outside a negation.
"""

from __future__ import annotations

from collections.abc import Iterator

from nesy.errors import Diagnostic
from nesy.language.builtins import BOUND_ARGUMENTS
from nesy.language.syntax import (
    Callable,
    Clause,
    Compound,
    Constraint,
    Neural,
    Probability,
    Program,
    Term,
    Variable,
    indicator,
)
from nesy.language.traversal import calls, variables


def unsafe_variables(program: Program) -> Iterator[Diagnostic]:
    """Code `unsafe-variable`, at the first occurrence that needs a value."""
    for statement in program.statements:
        if isinstance(statement, (Clause, Constraint)):
            yield from _statement(statement)


def _statement(statement: Clause | Constraint) -> Iterator[Diagnostic]:
    needed = list(_needed(statement))
    if not needed:
        return
    bound = _binding(statement)
    reported: set[str] = set()
    for variable, role in needed:
        if variable.name in bound or variable.name in reported:
            continue
        reported.add(variable.name)
        name = "_" if variable.anonymous else variable.name
        yield Diagnostic(
            "unsafe-variable",
            f"nothing binds {name}, which {role} needs",
            variable.span,
            f"bind {name} in the body by a goal that is not negated, or in the head",
        )


def _needed(statement: Clause | Constraint) -> Iterator[tuple[Variable, str]]:
    """The variables whose values are needed, each with what needs it."""
    if isinstance(statement, Clause):
        for head in statement.heads:
            if isinstance(head.label, Probability):
                yield from ((v, "the probability") for v in variables(head.label.value))
            elif isinstance(head.label, Neural):
                yield from ((v, "the network's input") for v in variables(*head.label.inputs))
    for atom, _ in calls(statement.body):
        name = indicator(atom)[0]
        yield from ((v, f"`{name}`") for v in variables(*_read(atom)))


def _binding(statement: Clause | Constraint) -> set[str]:
    """The names of the variables that stand where a value can come from."""
    terms: list[Term] = []
    if isinstance(statement, Clause):
        terms.extend(h.atom for h in statement.heads)
    for atom, positive in calls(statement.body):
        if positive:
            read = BOUND_ARGUMENTS.get(indicator(atom), ())
            terms.extend(a for i, a in enumerate(_args(atom)) if i not in read)
    return {v.name for v in variables(*terms)}


def _read(atom: Callable) -> list[Term]:
    args = _args(atom)
    return [args[i] for i in BOUND_ARGUMENTS.get(indicator(atom), ())]


def _args(atom: Callable) -> tuple[Term, ...]:
    return atom.args if isinstance(atom, Compound) else ()
