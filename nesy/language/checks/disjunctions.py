"""Annotated disjunctions: every alternative has a probability, and together they stay within 1."""

from __future__ import annotations

from collections.abc import Iterator

from nesy.errors import Diagnostic
from nesy.language.checks.survey import Survey
from nesy.language.constants import NotConstant, constant_value
from nesy.language.printer import term_text
from nesy.language.syntax import Clause, Neural, Probability

_TOLERANCE = 1e-9
"""What rounding may add: 0.1 ten times is a little more than 1."""


def malformed_disjunctions(survey: Survey) -> Iterator[Diagnostic]:
    """Codes `unlabelled-head`, `neural-in-disjunction` and `probabilities-above-one`."""
    for clause in survey.program.clauses:
        if len(clause.heads) > 1:
            yield from _labels(clause)
            yield from _sum(clause)


def _labels(clause: Clause) -> Iterator[Diagnostic]:
    for head in clause.heads:
        if head.label is None:
            yield Diagnostic(
                "unlabelled-head",
                f"the alternative {term_text(head.atom)} has no probability",
                head.span,
                "write p::a; q::b, or one clause for each head",
            )
        elif isinstance(head.label, Neural):
            yield Diagnostic(
                "neural-in-disjunction",
                "a neural label stands alone in its clause",
                head.label.span,
                "let the network choose among all alternatives: nn(net, [X], Y, [a, b])::p(X, Y)",
            )


def _sum(clause: Clause) -> Iterator[Diagnostic]:
    total = 0.0
    for head in clause.heads:
        if not isinstance(head.label, Probability):
            continue
        try:
            value = constant_value(head.label.value)
        except NotConstant:
            return
        # One that is out of bounds by itself is reported by itself.
        if value is not None and not 0 <= value <= 1:
            return
        total += value or 0.0
    if total > 1 + _TOLERANCE:
        yield Diagnostic(
            "probabilities-above-one",
            f"the probabilities of these alternatives sum to {total:g}, which is above 1",
            clause.heads[0].span,
            "independent events are separate statements: 0.7::a. 0.6::b.",
        )
