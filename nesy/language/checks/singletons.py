"""Warns of a variable that occurs once in its statement: most are misspelled."""

from __future__ import annotations

from collections.abc import Iterator

from nesy.errors import Diagnostic
from nesy.language.syntax import Clause, Constraint, Program, Variable
from nesy.language.traversal import statement_terms, variables


def singleton_variables(program: Program) -> Iterator[Diagnostic]:
    """Warning `singleton-variable`, at the variable. A name that starts with `_` says it is meant."""
    for statement in program.statements:
        if not isinstance(statement, (Clause, Constraint)):
            continue
        once: dict[str, Variable | None] = {}
        for variable in variables(*statement_terms(statement)):
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
