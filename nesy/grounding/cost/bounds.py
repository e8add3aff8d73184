"""How many ground atoms and instances of rules there are at most, from the values that places may hold."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf
from typing import final

from nesy.grounding.cost.domain import ANY, Domain
from nesy.grounding.cost.facts import is_fact
from nesy.grounding.cost.flow import Flow
from nesy.grounding.cost.patterns import Env
from nesy.grounding.rules import Collect, Instruction, MetaCall, Predicate, Rule, UserCall
from nesy.grounding.terms import TermId

ROUNDS = 4


@final
class Bounds:
    """Upper bounds, each a fixpoint from above: every round only lowers them, and they stay true."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._rules: dict[Predicate, list[Rule]] = {}
        for rule in flow.envs:
            if not is_fact(rule):
                self._rules.setdefault(rule.predicate, []).append(rule)
        self._calls = {p: product(d.count for d in ds if not d.top) for p, ds in flow.calls.items()}
        self._atoms = {p: self._space(p) for p in flow.calls}
        for _ in range(ROUNDS):
            self._lower()

    def atoms(self, predicate: Predicate) -> float:
        """The ground atoms of a predicate."""
        return self._atoms[predicate]

    def calls(self, predicate: Predicate) -> float:
        """The different values of the arguments that every call of a predicate binds."""
        return self._calls[predicate]

    def instances(self, rule: Rule) -> float:
        """The instances of a rule."""
        return self._rows(rule, rule.body, self._flow.envs[rule])

    def _space(self, predicate: Predicate) -> float:
        answers = self._flow.answers.get(predicate)
        return 0.0 if answers is None else product(d.count for d in answers)

    def _lower(self) -> None:
        for predicate, most in self._atoms.items():
            facts = float(self._flow.facts[predicate].count)
            made = facts + sum(self.instances(r) for r in self._rules.get(predicate, ()))
            self._atoms[predicate] = min(most, made)
        for predicate, most in self._calls.items():
            self._calls[predicate] = min(most, self._callers(predicate))

    def _callers(self, predicate: Predicate) -> float:
        """The calls that the places which call a predicate make, all together."""
        domains = self._flow.calls[predicate]
        total = 0.0
        for asked in self._flow.asked.get(predicate, ()):
            total += product(d.count for d, c in zip(asked, domains, strict=True) if not c.top)
        for goal, (rule, env) in self._flow.sites.get(predicate, {}).items():
            position = next(i for i, g in enumerate(rule.body) if g is goal)
            total += self._rows(rule, rule.body[:position], env)
        return total

    def _rows(self, rule: Rule, goals: Iterable[Instruction], env: Env) -> float:
        """The assignments of a rule's variables with which some of its goals hold one after the other."""
        calls = self._flow.calls[rule.predicate]
        seen = self._variables(a for a, d in zip(rule.head, calls, strict=True) if not d.top)
        rows = min(self._counts(seen, env), self._calls[rule.predicate])
        for goal in goals:
            binding = (goal.result,) if isinstance(goal, Collect) else goal.args
            names = self._variables(binding) - seen
            if not names or not (isinstance(goal, Collect) or goal.positive):
                continue
            rows = times(rows, min(self._counts(names, env), self._branching(goal, seen)))
            seen |= names
        rest = self._counts(env.keys() - seen, env)
        return min(times(rows, rest), product(d.count for d in env.values()))

    def _branching(self, goal: Instruction, seen: set[TermId]) -> float:
        """The solutions of a goal for one value of each variable that is bound before."""
        if isinstance(goal, UserCall):
            return self._matches(goal, seen)
        if isinstance(goal, (Collect, MetaCall)):
            return inf
        if goal.key == ("is", 2):
            return 1.0
        solved = self._flow.solved.get(goal)
        return inf if solved is None or not seen.issuperset(solved.inputs) else float(solved.most)

    def _matches(self, goal: UserCall, seen: set[TermId]) -> float:
        if goal.predicate in self._rules:
            return self._atoms[goal.predicate]
        bound = [i for i, a in enumerate(goal.args) if self._variables((a,)) <= seen]
        return self._flow.facts[goal.predicate].degree(bound)

    def _variables(self, terms: Iterable[TermId]) -> set[TermId]:
        return set(self._flow.store.variables(terms))

    def _counts(self, names: Iterable[TermId], env: Env) -> float:
        return product(env.get(n, ANY).count for n in names)


def product(factors: Iterable[float]) -> float:
    """A product in which nothing times without bound is nothing."""
    result = 1.0
    for factor in factors:
        result = times(result, factor)
    return result


def times(one: float, other: float) -> float:
    """`one * other`, where 0 times infinity is 0."""
    return 0.0 if not one or not other else one * other


def counts(domains: Iterable[Domain]) -> float:
    """How many tuples there are of the values of some domains."""
    return product(d.count for d in domains)
