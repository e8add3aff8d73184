"""What a well-formed program must meet to have a meaning: one file per check, one table of them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import final

from nesy.errors import Diagnostic, Span
from nesy.language.checks.directives import unsupported_directives
from nesy.language.checks.disjunctions import malformed_disjunctions
from nesy.language.checks.duplicates import duplicate_clauses
from nesy.language.checks.networks import inconsistent_networks
from nesy.language.checks.neural import malformed_neural
from nesy.language.checks.probabilities import invalid_probabilities
from nesy.language.checks.queries import no_query
from nesy.language.checks.redefinitions import redefined_builtins
from nesy.language.checks.singletons import singleton_variables
from nesy.language.checks.survey import Survey
from nesy.language.checks.unknown import unknown_predicates
from nesy.language.checks.unreachable import unreachable_rules
from nesy.language.checks.unsafe import unsafe_variables
from nesy.language.checks.unused import unused_predicates
from nesy.language.syntax import Program

CheckFunction = Callable[[Survey], Iterable[Diagnostic]]
"""Finds one kind of mistake in a program."""


@final
@dataclass(frozen=True, slots=True)
class Check:
    """A check, and when it runs.

    whole: it needs every statement, and waits until all of them are readable.
    advises: it finds nothing but warnings, and is left out where only errors count.
    """

    find: CheckFunction
    whole: bool = False
    advises: bool = False


CHECKS: tuple[Check, ...] = (
    Check(unsupported_directives),
    Check(invalid_probabilities),
    Check(malformed_disjunctions),
    Check(malformed_neural),
    Check(inconsistent_networks),
    Check(redefined_builtins),
    Check(unsafe_variables),
    Check(unknown_predicates),
    Check(singleton_variables, advises=True),
    Check(duplicate_clauses, advises=True),
    Check(no_query, whole=True, advises=True),
    Check(unused_predicates, whole=True, advises=True),
    Check(unreachable_rules, whole=True, advises=True),
)
"""Every check, in the order in which they run."""


def run_checks(program: Program, *, malformed: bool = False, advice: bool = True) -> Iterator[Diagnostic]:
    """The findings of all checks.

    malformed: some statements of the text are missing from the program; what would be said of the whole
    is left out, and what they may define counts as known.
    advice: look for what deserves a warning, too. Where an error stands, no warning is given.
    """
    survey = Survey(program, malformed=malformed)
    wrong: set[Span | None] = set()
    for check in CHECKS:
        if (advice or not check.advises) and not (malformed and check.whole):
            for finding in check.find(survey):
                if finding.severity == "error":
                    wrong.add(finding.span)
                elif finding.span is not None and finding.span in wrong:
                    continue
                yield finding
