"""About how many ground atoms and instances of rules there are.

The tuples of a predicate are taken to be spread evenly over the values of its columns, and goals to be
independent; the upper bounds limit what comes of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import expm1, inf
from typing import final

from nesy.grounding.cost.bounds import Bounds, counts, product, times
from nesy.grounding.cost.domain import ANY, Domain
from nesy.grounding.cost.facts import is_fact
from nesy.grounding.cost.flow import Flow
from nesy.grounding.cost.patterns import Env
from nesy.grounding.rules import BuiltinCall, Instruction, Predicate, Rule, UserCall
from nesy.grounding.terms import TermId

ROUNDS = 100
"""Rounds of the estimates of predicates that depend on themselves; they end when little changes."""
DEMANDS = 3
"""How often the estimates are repeated with better estimates of what is called at all."""
SETTLED = 1e-3
HUGE = 1e18


@final
@dataclass(frozen=True, slots=True)
class Amount:
    """A number that is not known yet: about how much it is, and how much at most; inf where unknown."""

    about: float
    most: float

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.about + other.about, self.most + other.most)


@final
class Counting:
    """The numbers of ground atoms of each predicate, and of instances of each rule, that a flow reaches."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._bounds = Bounds(flow)
        self.rules = [r for r in flow.envs if not is_fact(r)]
        self._by_head: dict[Predicate, list[Rule]] = {}
        for rule in self.rules:
            self._by_head.setdefault(rule.predicate, []).append(rule)
        self._given = {p: f.expected(flow.calls[p]) for p, f in flow.facts.items()}
        self._about = dict(self._given)
        self._called = dict.fromkeys(flow.calls, 1.0)
        self._settle()
        for _ in range(DEMANDS):
            self._called = {p: self._share_called(p) for p in flow.calls}
            self._settle()

    def atoms(self, predicate: Predicate) -> Amount:
        """The ground atoms of a predicate."""
        most = self._bounds.atoms(predicate)
        return _amount(self._about[predicate], most)

    def instances(self, rule: Rule) -> Amount:
        """The ground instances of a rule whose goals can all hold."""
        env = self._flow.envs[rule]
        return _amount(self._instances(rule, rule.body, env), self._bounds.instances(rule))

    def _settle(self) -> None:
        self._about = dict(self._given)
        for _ in range(ROUNDS):
            change = 0.0
            for predicate, rules in self._by_head.items():
                made = self._given[predicate] + sum(self._heads(rule) for rule in rules)
                found = min(self._bounds.atoms(predicate), made, HUGE)
                change = max(change, abs(found - self._about[predicate]) / max(1.0, found))
                self._about[predicate] = found
            if change < SETTLED:
                return
        for predicate, rules in self._by_head.items():
            # What still grows has no size that this could find.
            found = self._given[predicate] + sum(self._heads(rule) for rule in rules)
            if min(self._bounds.atoms(predicate), found) - self._about[predicate] > SETTLED * found:
                self._about[predicate] = HUGE

    def _heads(self, rule: Rule) -> float:
        """The different heads among a rule's instances."""
        env = self._flow.envs[rule]
        shown = set(self._flow.store.variables(rule.head))
        instances = self._instances(rule, rule.body, env)
        space = times(counts(env.get(v, ANY) for v in shown), self._called[rule.predicate])
        hidden = [v for v in env if v not in shown and not self._computed(rule, v, shown)]
        if not hidden or space == inf or not space:
            return min(space, instances)
        # So many draws from so many heads: some are drawn twice.
        return -space * expm1(-instances / space)

    def _computed(self, rule: Rule, variable: TermId, shown: set[TermId]) -> bool:
        """Whether a variable follows from others by arithmetic, so that it multiplies nothing."""
        for goal in rule.body:
            if isinstance(goal, BuiltinCall) and goal.key == ("is", 2):
                names = set(self._flow.store.variables(goal.args))
                if variable in names and names - {variable} <= shown:
                    return True
        return False

    def _share_called(self, predicate: Predicate) -> float:
        """Which part of the combinations of values in calls is called: arguments may go together.

        Where calls bind one argument only, its values are those of the calls.
        """
        bound = [d for d in self._flow.calls[predicate] if not d.top]
        space = counts(bound)
        if len(bound) < 2 or space == inf or not space:
            return 1.0
        total = 0.0
        for asked in self._flow.asked.get(predicate, ()):
            pairs = zip(asked, self._flow.calls[predicate], strict=True)
            total += counts(d for d, c in pairs if not c.top)
        for goal, (rule, env) in self._flow.sites.get(predicate, {}).items():
            position = next(i for i, g in enumerate(rule.body) if g is goal)
            total += self._instances(rule, rule.body[:position], env)
        return min(1.0, total / space, self._bounds.calls(predicate) / space)

    def _instances(self, rule: Rule, goals: Iterable[Instruction], env: Env) -> float:
        """All assignments of a rule's variables, times the share of them in which each goal holds."""
        widths = {v: self._width(rule, v, d) for v, d in env.items()}
        share = self._called[rule.predicate]
        for goal in goals:
            if isinstance(goal, UserCall) and goal.positive:
                share *= self._density(goal, widths)
            elif isinstance(goal, BuiltinCall) and goal in self._flow.solved:
                space = product(widths.get(v, 1.0) for v in self._flow.store.variables(goal.args))
                share *= min(1.0, self._flow.solved[goal].solutions / max(1.0, space))
        return min(HUGE, product(widths.values()) * share)

    def _density(self, goal: UserCall, widths: dict[TermId, float]) -> float:
        """The share of the combinations of a goal's values that its predicate holds for."""
        about = self._about[goal.predicate]
        space = 1.0
        for arg, domain in zip(goal.args, self._flow.answers.get(goal.predicate, []), strict=True):
            if arg < 0 or self._flow.store.is_ground(arg):
                space *= max(1.0, about if domain.count == inf else domain.count)
            else:
                space *= product(widths.get(v, 1.0) for v in self._flow.store.variables((arg,)))
        # Where only some combinations are called, nearly all of those called are counted.
        return min(1.0, about / max(1.0, space * self._called[goal.predicate]))

    def _width(self, rule: Rule, variable: TermId, domain: Domain) -> float:
        """How many values a variable has; where any term fits, as many as the tuples it comes from."""
        if domain.count != inf:
            return domain.count
        sources = [
            self._about[g.predicate]
            for g in rule.body
            if isinstance(g, UserCall) and g.positive and variable in self._flow.store.variables(g.args)
        ]
        return max(1.0, min(sources)) if sources else 1.0


def _amount(about: float, most: float) -> Amount:
    return Amount(min(inf if about >= HUGE else about, most), most)
