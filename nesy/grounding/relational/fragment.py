"""What can be evaluated bottom-up, and why the rest cannot.

The relational fragment: arguments are variables or ground terms, arithmetic is on integers, negated
goals are bound and stratified, and every answer is ground. Calls are made in the order of the text, as
tabled resolution makes them, so what ends there ends here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import final

import networkx as nx

from nesy.grounding.rules import AskNetwork, BuiltinCall, Predicate, Rule, UserCall

INVENTING = frozenset({("is", 2), ("between", 3)})
"""Built-ins that give values that no fact holds, so that recursion through them ends by a test alone."""


class OutsideFragmentError(Exception):
    """A program that only tabled resolution can ground; the text says why. Never shown as an error."""


def has_facts_only(predicate: Predicate, ground: list[bool]) -> bool:
    """Whether a predicate has nothing but ground facts."""
    return all(is_fact(rule, ground) for rule in predicate.rules)


def is_fact(rule: Rule, ground: list[bool]) -> bool:
    """Whether a rule is a ground fact, certain or with a probability of its own."""
    return (
        not rule.body
        and not isinstance(rule.choice, AskNetwork)
        and not rule.variables
        and all(a >= 0 and ground[a] for a in rule.head)
    )


@final
class CallGraph:
    """Which predicates call which, of all that some predicates reach.

    Negated facts are known when they are met; what matters here is the negation of rules.
    """

    def __init__(self, roots: Iterable[Predicate], ground: list[bool]) -> None:
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
                        if not goal.positive and not has_facts_only(goal.predicate, ground):
                            self._negative.add((predicate, goal.predicate))
                        if goal.predicate not in seen:
                            seen.add(goal.predicate)
                            stack.append(goal.predicate)
        self._uncertain = self._find_uncertain()

    def check(self) -> None:
        """Raises `OutsideFragmentError` where negation and recursion meet in ways that need tables."""
        if any(p.sources for p in self._graph):
            raise OutsideFragmentError("facts given as columns")
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
            if any(r.choice is not None for r in p.rules) or any(a is p for a, _ in self._negative)
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
