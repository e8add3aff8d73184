"""From rules to relations and operators, predicate by predicate and call pattern by call pattern."""

from __future__ import annotations

from collections.abc import Sequence

from nesy.grounding.relational.catalogue import Catalogue
from nesy.grounding.relational.fragment import CallGraph, is_fact
from nesy.grounding.relational.plan import Answers
from nesy.grounding.relational.rule_planner import RulePlanner
from nesy.grounding.rules import Predicate
from nesy.grounding.terms import Args, TermStore


def planned(
    store: TermStore, graph: CallGraph, calls: Sequence[tuple[Predicate, Args]]
) -> tuple[Catalogue, list[Answers]]:
    """A plan for some calls, whose ground arguments are bound, and the answers to each of them.

    Raises `OutsideFragmentError`.
    Cost: O(size of the rules), times the number of call patterns of a predicate. Where a predicate
    turns out to be called with nothing bound, planning starts again with that known.
    """
    graph.check()
    open_calls: frozenset[Predicate] = frozenset()
    while True:
        catalogue = Catalogue(store, graph, open_calls)
        answers = [
            catalogue.reading(predicate, tuple(store.is_ground(a) for a in args)) for predicate, args in calls
        ]
        while catalogue.pending:
            _plan(catalogue, catalogue.pending.pop())
        if open_calls == catalogue.open_calls:
            return catalogue, answers
        open_calls = frozenset(catalogue.open_calls)


def _plan(catalogue: Catalogue, answers: Answers) -> None:
    """Plan every rule of a call pattern."""
    facts = catalogue.facts_of(answers.predicate)
    if facts is not None:
        RulePlanner(catalogue, answers).copy_facts(facts)
    for rule in answers.predicate.rules:
        if not is_fact(rule):
            RulePlanner(catalogue, answers).plan(rule)
