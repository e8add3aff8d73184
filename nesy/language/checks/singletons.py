"""Warns of a variable that occurs once in its statement: most are misspelled."""

from __future__ import annotations

from collections.abc import Iterator

from nesy.errors import Diagnostic
from nesy.language.checks.survey import Survey, asked
from nesy.language.syntax import Clause, Directive, Statement, Term, Variable
from nesy.language.traversal import body_of, calls, statement_terms, variables


def singleton_variables(survey: Survey) -> Iterator[Diagnostic]:
    """Warning `singleton-variable`, at the variable. A name that starts with `_` says it is meant."""
    for statement in survey.program.statements:
        once: dict[str, Variable | None] = {}
        for variable in variables(*_terms(statement)):
            once[variable.name] = None if variable.name in once else variable
        for name, single in once.items():
            if single is not None and not name.startswith("_"):
                yield Diagnostic(
                    "singleton-variable",
                    f"{name} occurs only once in this statement",
                    single.span,
                    f"write _ or _{name} if that is meant",
                    "warning",
                )


def _terms(statement: Statement) -> Iterator[Term]:
    """The terms to count in: nothing where a variable alone has a meaning, as in `query(p(X)).`"""
    if isinstance(statement, Directive):
        return
    if isinstance(statement, Clause):
        yield from statement_terms(statement)
    elif (body := body_of(statement)) is not None:
        yield from asked(statement)
        yield from (atom for atom, _ in calls(body))
