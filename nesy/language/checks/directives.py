"""Directives: those that change nothing here are accepted, all others are refused."""

from __future__ import annotations

from collections.abc import Iterator

from nesy.errors import Diagnostic
from nesy.language.checks.survey import Survey
from nesy.language.syntax import Atom, Compound, Directive, indicator

_HARMLESS = frozenset({("op", 3), ("dynamic", 1), ("discontiguous", 1), ("table", 1)})
_LISTS = (Compound("library", (Atom("lists"),)),)
_HINTS = {
    "consult": "put all rules into one file",
    "include": "put all rules into one file",
    "use_module": "only use_module(library(lists)) is known, and its predicates need no import",
    "initialization": "leave it out; what is asked is written query(atom).",
}


def unsupported_directives(survey: Survey) -> Iterator[Diagnostic]:
    """Code `unsupported-directive`, at the directive."""
    for statement in survey.program.statements:
        if not isinstance(statement, Directive) or _accepted(statement):
            continue
        name, arity = indicator(statement.term)
        yield Diagnostic(
            "unsupported-directive",
            f"the directive {name}/{arity} is not supported",
            statement.term.span,
            _HINTS.get(name, "leave it out"),
        )


def _accepted(directive: Directive) -> bool:
    term = directive.term
    if indicator(term) in _HARMLESS:
        return True
    return isinstance(term, Compound) and term.functor == "use_module" and term.args[:1] == _LISTS
