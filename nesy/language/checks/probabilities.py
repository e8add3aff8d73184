"""Probabilities that are written out must be numbers between 0 and 1."""

from __future__ import annotations

from collections.abc import Iterator

from nesy.errors import Diagnostic
from nesy.language.checks.survey import Survey
from nesy.language.constants import NotConstant, constant_value
from nesy.language.printer import term_text
from nesy.language.syntax import Learnable, Number, Probability, Term
from nesy.language.traversal import label_terms


def invalid_probabilities(survey: Survey) -> Iterator[Diagnostic]:
    """Code `invalid-probability`, at the label."""
    for clause in survey.program.clauses:
        for head in clause.heads:
            if isinstance(head.label, (Probability, Learnable)):
                for term in label_terms(head.label):
                    yield from _check(term)


def _check(label: Term) -> Iterator[Diagnostic]:
    try:
        value = constant_value(label)
    except NotConstant as reason:
        yield Diagnostic(
            "invalid-probability",
            f"{term_text(label)} is not a probability: {reason}",
            label.span,
            "a probability is a number from 0 to 1, or an expression of variables that the body binds",
        )
        return
    if value is not None and not 0 <= value <= 1:
        percentage = isinstance(label, Number) and 2 <= value <= 100
        hint = (
            f"did you mean {term_text(label)}/100?" if percentage else "a probability is a number from 0 to 1"
        )
        yield Diagnostic(
            "invalid-probability", f"{term_text(label)} is not between 0 and 1", label.span, hint
        )
