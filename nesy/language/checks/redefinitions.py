"""Built-in predicates keep their meaning; the list predicates of the library may be redefined."""

from __future__ import annotations

from collections.abc import Iterator

from nesy.errors import Diagnostic
from nesy.language.builtins import BUILTINS
from nesy.language.checks.survey import Survey
from nesy.language.syntax import indicator


def redefined_builtins(survey: Survey) -> Iterator[Diagnostic]:
    """Code `redefined-builtin`, at the head."""
    for clause in survey.program.clauses:
        for head in clause.heads:
            name, arity = indicator(head.atom)
            if (name, arity) in BUILTINS:
                yield Diagnostic(
                    "redefined-builtin",
                    f"{name}/{arity} is built in and cannot be redefined",
                    head.atom.span,
                    f"choose another name; built in is `{BUILTINS[name, arity]}`",
                )
