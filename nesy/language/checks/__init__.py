"""What a well-formed program must meet to have a meaning: one file per check, one table of them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import final

from nesy.errors import Diagnostic
from nesy.language.checks.directives import unsupported_directives
from nesy.language.checks.disjunctions import malformed_disjunctions
from nesy.language.checks.networks import inconsistent_networks
from nesy.language.checks.neural import malformed_neural
from nesy.language.checks.probabilities import invalid_probabilities
from nesy.language.checks.queries import no_query
from nesy.language.checks.redefinitions import redefined_builtins
from nesy.language.checks.singletons import singleton_variables
from nesy.language.checks.unknown import unknown_predicates
from nesy.language.checks.unsafe import unsafe_variables
from nesy.language.syntax import Program

CheckFunction = Callable[[Program], Iterable[Diagnostic]]
"""Finds one kind of mistake in a program."""


@final
@dataclass(frozen=True, slots=True)
class Check:
    """A check, and whether it needs every statement: such a check waits until all of them are readable."""

    find: CheckFunction
    whole: bool = False


CHECKS: tuple[Check, ...] = (
    Check(unsupported_directives),
    Check(invalid_probabilities),
    Check(malformed_disjunctions),
    Check(malformed_neural),
    Check(inconsistent_networks),
    Check(redefined_builtins),
    Check(unsafe_variables),
    Check(unknown_predicates, whole=True),
    Check(singleton_variables),
    Check(no_query, whole=True),
)
"""Every check, in the order in which they run."""


def run_checks(program: Program, *, whole: bool = True) -> Iterator[Diagnostic]:
    """The findings of all checks. `whole`: no statement of the text is missing from the program."""
    for check in CHECKS:
        if whole or not check.whole:
            yield from check.find(program)
