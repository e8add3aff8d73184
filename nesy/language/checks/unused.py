"""Warns of predicates that nothing asked depends on."""

from __future__ import annotations

from collections.abc import Iterator

from nesy.errors import Diagnostic
from nesy.language.checks.queries import misspelled
from nesy.language.checks.survey import Survey
from nesy.language.syntax import Head, Indicator, indicator


def unused_predicates(survey: Survey) -> Iterator[Diagnostic]:
    """Warning `unused-predicate`, at the first clause of each.

    Of what only unused predicates use nothing is said. A program without queries may be asked anything.
    """
    if not survey.program.queries:
        return
    unused: dict[Indicator, Head] = {}
    others = survey.reached | misspelled(survey).keys()
    # Called with another number of arguments: that call is reported, and says enough.
    slips = {name for name, arity in survey.reached if (name, arity) not in survey.defined}
    for clause in survey.program.clauses:
        for head in clause.heads:
            if indicator(head.atom) not in others and indicator(head.atom)[0] not in slips:
                unused.setdefault(indicator(head.atom), head)
    for key in _outermost(survey, unused):
        name, arity = key
        pattern = f"{name}({','.join('_' * arity)})" if arity else name
        yield Diagnostic(
            "unused-predicate",
            f"nothing that is asked depends on {name}/{arity}",
            unused[key].atom.span,
            f"ask for it by query({pattern}), or leave it out",
            "warning",
        )


def _outermost(survey: Survey, unused: dict[Indicator, Head]) -> Iterator[Indicator]:
    """Predicates that lead to all unused ones, in order of the text."""
    callees = {key: survey.callees.get(key, set()) - {key} for key in unused}
    called = set().union(*callees.values()) if callees else set()
    tops = [key for key in unused if key not in called]
    covered = set(survey.reachable(tops))
    for key in unused:
        # What is left calls one another in a circle: one of each stands for all.
        if key not in covered:
            tops.append(key)
            covered |= survey.reachable([key])
    order = {key: i for i, key in enumerate(unused)}
    yield from sorted(tops, key=order.__getitem__)
