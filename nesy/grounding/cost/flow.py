"""Which values reach which place of the rules: calls flow down, answers flow up, to a fixpoint."""

from __future__ import annotations

from collections import deque
from functools import reduce
from typing import final

from nesy.errors import GroundingError, LanguageError
from nesy.grounding.cost.domain import ANY, Domain
from nesy.grounding.cost.facts import Facts, is_fact, rules_of
from nesy.grounding.cost.patterns import Env, narrow, possible
from nesy.grounding.cost.solving import Solved, Solver
from nesy.grounding.engine import Resolve
from nesy.grounding.rules import (
    AskNetwork,
    BuiltinCall,
    Collect,
    Instruction,
    MetaCall,
    Predicate,
    Rule,
    UserCall,
)
from nesy.grounding.terms import Args, TermStore

WORK = 200_000
"""Steps before what still grows is taken to be any term; a step is about ten microseconds."""
MOST_CALLS = 1_000
"""What a goal that is known only when it is reached can be is not followed where there is more of it."""
SET_STEPS = 0.01
"""What one value in a set costs each time its rule is visited, in steps."""


@final
class Flow:
    """The values in calls and answers of each predicate that some goals reach, and in each rule's variables.

    Every set holds all that grounding can meet. Sets that keep growing (terms that a rule builds on and
    on) end up as "any term".
    Cost: bounded by WORK, whatever the program.

    calls, answers: of each argument of a predicate; facts: of those predicates.
    envs: the variables of each rule that can apply; solved: the built-in goals whose solutions are listed.
    asked: the goals from outside; sites: the goals that call a predicate, each with its rule and what the
    variables are when it is called.
    """

    def __init__(self, store: TermStore, resolve: Resolve | None = None) -> None:
        """resolve: says which predicate a goal calls that is known only when it is reached."""
        self.store = store
        self._resolve = resolve
        self.calls: dict[Predicate, list[Domain]] = {}
        self.answers: dict[Predicate, list[Domain]] = {}
        self.facts: dict[Predicate, Facts] = {}
        self.envs: dict[Rule, Env] = {}
        self.solved: dict[BuiltinCall, Solved] = {}
        self.asked: dict[Predicate, list[list[Domain]]] = {}
        self.sites: dict[Predicate, dict[UserCall | Collect | MetaCall, tuple[Rule, Env]]] = {}
        self._rules: dict[Predicate, list[Rule]] = {}
        self._solver = Solver(store)
        self._callers: dict[Predicate, dict[Rule, None]] = {}
        self._waiting: deque[Rule] = deque()
        self._queued: set[Rule] = set()
        self._left: float = WORK

    def ask(self, predicate: Predicate, args: Args) -> None:
        """Add a goal that is asked from outside."""
        domains = [possible(self.store, arg, {}) for arg in args]
        self.asked.setdefault(predicate, []).append(domains)
        self._call(predicate, domains)

    def run(self) -> None:
        """Follow all calls and answers until nothing new comes."""
        while self._waiting:
            rule = self._waiting.popleft()
            self._queued.discard(rule)
            self._visit(rule)

    def _visit(self, rule: Rule) -> None:
        env: Env = {}
        # What a call leaves unbound stays so: goals of the body may bind it.
        bound = [(a, d) for a, d in zip(rule.head, self.calls[rule.predicate], strict=True) if not d.top]
        if not self._meet(tuple(a for a, _ in bound), [d for _, d in bound], env):
            return
        if not all(self._step(rule, goal, env) for goal in rule.body):
            return
        if isinstance(rule.choice, AskNetwork):
            self._network(rule.choice, env)
        self.envs[rule] = env
        self._left -= 5 + SET_STEPS * (1 + len(rule.body)) * sum(len(d.values) for d in env.values())
        self._answer(rule.predicate, self._possible(rule.head, env))

    def _step(self, rule: Rule, goal: Instruction, env: Env) -> bool:
        """Follow one goal; False where it has no solution yet."""
        if isinstance(goal, (UserCall, Collect)):
            self.sites.setdefault(goal.predicate, {})[goal] = (rule, dict(env))
            self._callers.setdefault(goal.predicate, {})[rule] = None
            self._call(goal.predicate, self._possible(goal.args, env))
        if isinstance(goal, Collect):
            for name in self.store.variables((goal.result,)):
                env.setdefault(name, ANY)
            return True
        if isinstance(goal, MetaCall):
            return self._called_goal(rule, goal, env)
        if isinstance(goal, UserCall):
            if not goal.positive:
                return True
            answers = self.answers.get(goal.predicate)
            return answers is not None and self._meet(goal.args, answers, env)
        if goal.positive:
            found = self._solver.solve(goal, env) if self._left > 0 else None
            if found is not None:
                self._left -= found.new
                self.solved[goal] = found
                env.update(found.domains)
                return found.solutions > 0
            self.solved.pop(goal, None)
        for name in self.store.variables(goal.args):
            env.setdefault(name, ANY)
        return True

    def _called_goal(self, rule: Rule, goal: MetaCall, env: Env) -> bool:
        """Follow a goal that is known when it is reached, to all that it can be, where that is listed."""
        names = list(self.store.variables(goal.args))
        calls = self._possible_calls(goal, env)
        if calls is None:
            for name in names:
                env.setdefault(name, ANY)
            return True
        found: list[Env] = []
        for call in calls:
            met = dict(env)
            if isinstance(call, BuiltinCall):
                solved = self._solver.solve(call, env)
                met.update({} if solved is None else solved.domains)
                found.append(met)
                continue
            self.sites.setdefault(call.predicate, {})[goal] = (rule, dict(env))
            self._callers.setdefault(call.predicate, {})[rule] = None
            self._call(call.predicate, self._possible(call.args, env))
            answers = self.answers.get(call.predicate)
            if answers is not None and self._meet(call.args, answers, met):
                found.append(met)
        if not goal.positive:
            return True
        for name in names if found else ():
            env[name] = reduce(Domain.joined, (met.get(name, env.get(name, ANY)) for met in found))
        return bool(found)

    def _possible_calls(self, goal: MetaCall, env: Env) -> list[UserCall | BuiltinCall] | None:
        """The calls that a goal can be; None where they are not listed."""
        closures = possible(self.store, goal.args[0], env)
        if self._resolve is None or goal.carry is not None or not closures.listed or self._left <= 0:
            return None
        if len(closures.values) > MOST_CALLS:
            return None
        try:
            return [self._resolve(goal, (closure, *goal.args[1:])) for closure in sorted(closures.values)]
        except (GroundingError, LanguageError):
            # A mistake, which is reported where the program is run.
            return None

    def _possible(self, args: Args, env: Env) -> list[Domain]:
        """What some arguments may be."""
        found = [possible(self.store, arg, env) for arg in args]
        self._left -= sum(len(d.values) for a, d in zip(args, found, strict=True) if a >= 0)
        return found

    def _meet(self, args: Args, domains: list[Domain], env: Env) -> bool:
        """Restrict the variables of some arguments to what lets each be in its domain."""
        for arg, domain in zip(args, domains, strict=True):
            if arg >= 0 and not self.store.is_ground(arg):
                self._left -= len(domain.values)
            if not narrow(self.store, arg, domain, env):
                return False
        return True

    def _network(self, ask: AskNetwork, env: Env) -> None:
        if ask.output is not None:
            domain = ANY if ask.domain is None else Domain(frozenset(ask.domain))
            narrow(self.store, ask.output, domain, env)

    def _call(self, predicate: Predicate, domains: list[Domain]) -> None:
        known = self.calls.get(predicate)
        grown = domains if known is None else self._grown(known, domains)
        if known is not None and grown == known:
            return
        self.calls[predicate] = grown
        facts = self.facts.get(predicate)
        if facts is None:
            self._rules[predicate] = rules_of(self.store, predicate)
            facts = self.facts[predicate] = Facts(self.store, predicate, self._rules[predicate])
        self._left -= 0.1 * len(facts.rows)
        met = facts.called(grown) if self._left > 0 else (facts.domains if facts.count else None)
        if met is not None:
            self._answer(predicate, list(met))
        for rule in self._rules[predicate]:
            if not is_fact(rule):
                self._enqueue(rule)

    def _answer(self, predicate: Predicate, domains: list[Domain]) -> None:
        known = self.answers.get(predicate)
        grown = domains if known is None else self._grown(known, domains)
        if known is None or grown != known:
            self.answers[predicate] = grown
            for rule in self._callers.get(predicate, ()):
                self._enqueue(rule)

    def _grown(self, known: list[Domain], domains: list[Domain]) -> list[Domain]:
        joined = [one.joined(other) for one, other in zip(known, domains, strict=True)]
        if self._left > 0:
            return joined
        return [one if one == new else ANY for one, new in zip(known, joined, strict=True)]

    def _enqueue(self, rule: Rule) -> None:
        if rule not in self._queued:
            self._queued.add(rule)
            self._waiting.append(rule)
