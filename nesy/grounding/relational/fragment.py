"""What can be evaluated bottom-up, and why the rest cannot.

The relational fragment: arguments are variables or ground terms, arithmetic is on integers, negated
goals are bound and stratified, and every answer is ground. Calls are made in the order of the text, as
tabled resolution makes them, so what ends there ends here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import final

import networkx as nx

from nesy.grounding.fact_tables import FactRules
from nesy.grounding.rules import AskNetwork, BuiltinCall, Predicate, Rule, UserCall

INVENTING = frozenset({("is", 2), ("between", 3)})
"""Built-ins that give values that no fact holds, so that recursion through them ends by a test alone."""


class OutsideFragmentError(Exception):
    """A program that only tabled resolution can ground; the text says why. Never shown as an error."""


def has_facts_only(predicate: Predicate) -> bool:
    """Whether a predicate has nothing but ground facts."""
    return all(map(is_fact, predicate.rules))


def is_fact(rule: Rule) -> bool:
    """Whether a rule is a ground fact, certain or with a probability of its own."""
    return not (rule.body or rule.variables or isinstance(rule.choice, AskNetwork))


@final
class CallGraph:
    """Which predicates call which, of all that some predicates reach.

    Negated facts are known when they are met; what matters here is the negation of rules.
    """

    def __init__(self, roots: Iterable[Predicate]) -> None:
        self._graph: nx.DiGraph[Predicate] = nx.DiGraph()
        self._negative: set[tuple[Predicate, Predicate]] = set()
        stack = list(roots)
        self._graph.add_nodes_from(stack)
        seen = set(stack)
        while stack:
            predicate = stack.pop()
            for rule in predicate.rules:
                for goal in rule.body:
                    if isinstance(goal, UserCall):
                        self._graph.add_edge(predicate, goal.predicate)
                        if not goal.positive and not has_facts_only(goal.predicate):
                            self._negative.add((predicate, goal.predicate))
                        if goal.predicate not in seen:
                            seen.add(goal.predicate)
                            stack.append(goal.predicate)
        self._uncertain = self._find_uncertain()

    def check(self) -> None:
        """Raises `OutsideFragmentError` where negation and recursion meet in ways that need tables."""
        for component in nx.strongly_connected_components(self._graph):
            inside = set(component)
            if any(a in inside and b in inside for a, b in self._negative):
                raise OutsideFragmentError("recursion through negation")
            recursive = len(inside) > 1 or any(self._graph.has_edge(p, p) for p in inside)
            if recursive and _invents(inside) and any(a in inside for a, _ in self._negative):
                raise OutsideFragmentError("a negated goal may be what ends a recursion")

    def certain(self, predicate: Predicate) -> bool:
        """Whether every answer of a predicate holds in every world."""
        return predicate not in self._uncertain

    def _find_uncertain(self) -> set[Predicate]:
        sources = {
            p
            for p in self._graph
            if not all(isinstance(s, FactRules) and s.table.probabilities is None for s in p.sources)
            or any(r.choice is not None for r in p.rules)
            or any(a is p for a, _ in self._negative)
        }
        callers = self._graph.reverse(copy=False)
        return sources.union(*(nx.descendants(callers, s) for s in sources))


def _invents(predicates: set[Predicate]) -> bool:
    return any(
        isinstance(goal, BuiltinCall) and goal.key in INVENTING
        for predicate in predicates
        for rule in predicate.rules
        for goal in rule.body
    )
