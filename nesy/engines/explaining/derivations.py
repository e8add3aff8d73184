"""How atoms were derived: the instances of rules behind each, and what their goals are about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Union, final

from nesy.errors import Span
from nesy.grounding.environments import answered
from nesy.grounding.plans import Bindings, Plan
from nesy.grounding.recorded import Recorded
from nesy.grounding.rules import BuiltinCall, Collect, MetaCall, Predicate, Rule, UserCall
from nesy.grounding.terms import Args, TermId
from nesy.grounding.unification import canonical, instantiate
from nesy.logic.graph import TRUE, Lit

Atom = tuple[Predicate, Args]


@final
@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """A rule with its variables bound.

    literals: what has to hold for it, `label`, that of its probability or network, among them.
    number: when it was concluded; facts come first.
    """

    rule: Rule
    plan: Plan | None
    head: Args
    env: Bindings
    literals: tuple[Lit, ...]
    label: Lit
    number: int


@final
@dataclass(frozen=True, slots=True, eq=False)
class Called:
    """A goal that rules define, or its negation. atoms: what it can have meant, where anything gives it."""

    predicate: Predicate
    args: Args
    positive: bool
    atoms: tuple[Atom, ...]


@final
@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """A goal that a built-in solves, which holds in every world."""

    name: str
    args: Args
    positive: bool


@final
@dataclass(frozen=True, slots=True, eq=False)
class Collected:
    """A goal about all solutions of another. atoms: those solutions; result: what they come to."""

    span: Span | None
    result: TermId
    atoms: tuple[Atom, ...]


Goal = Union[Called, Solved, Collected]


@final
class Derivations:
    """All that was derived. Cost to make: O(instances of rules)."""

    def __init__(self, recorded: Recorded) -> None:
        self.recorded = recorded
        self.store = recorded.store
        self.instances: dict[Atom, list[Instance]] = {}
        self.nodes: dict[Atom, list[Lit]] = {}
        self._of_predicate: dict[Predicate, list[Atom]] = {}
        self._open: set[Predicate] = set()
        for (predicate, _), table in recorded.tables.items():
            for args, node in table.answers.items():
                self._add_atom((predicate, args), node)
        concluded: set[Rule] = set()
        for number, conclusion in enumerate(recorded.conclusions, 1):
            concluded.add(conclusion.plan.rule)
            for instance in self._concluded(number):
                atom = conclusion.table.predicate, instance.head
                self.instances.setdefault(atom, []).append(instance)
        self._add_facts(concluded)

    def goals(self, instance: Instance) -> list[Goal]:
        """What the body of an instance asks, goal by goal."""
        if instance.plan is None:
            return []
        return list(self.body(instance.plan, instance.env))

    def body(self, plan: Plan, env: Bindings) -> Iterator[Goal]:
        """The goals of a rule, its variables bound."""
        for step in plan.steps:
            yield self._goal(step.instruction, step.build(env), env)

    def _add_atom(self, atom: Atom, node: Lit) -> None:
        if atom not in self.nodes:
            self._of_predicate.setdefault(atom[0], []).append(atom)
            if not all(self.store.is_ground(a) for a in atom[1]):
                self._open.add(atom[0])
        self.nodes.setdefault(atom, []).append(node)

    def _concluded(self, number: int) -> Iterator[Instance]:
        conclusion = self.recorded.conclusions[number - 1]
        plan = conclusion.plan
        for env, label in self.recorded.choices.apply(plan.rule, tuple(conclusion.env[: plan.variables])):
            if label is not None:
                bound = [*env, *plan.ground_terms]
                head = canonical(self.store, plan.build_head(bound))
                literals = tuple(x for x in (label, *conclusion.literals) if x != TRUE)
                yield Instance(plan.rule, plan, head, bound, literals, label, number)

    def _add_facts(self, concluded: set[Rule]) -> None:
        """Those by which tables were answered without any frame."""
        seen: set[tuple[Atom, Lit, Span | None]] = set()
        for (predicate, args), table in self.recorded.tables.items():
            for rule in predicate.candidates(self.store, args):
                if rule.body or rule.variables or rule in concluded or rule.head not in table.answers:
                    continue
                for _, label in self.recorded.choices.apply(rule, ()):
                    key = ((predicate, rule.head), label or TRUE, rule.span)
                    if label is None or key in seen:
                        continue
                    seen.add(key)
                    literals = () if label == TRUE else (label,)
                    found = Instance(rule, None, rule.head, [], literals, label, 0)
                    self.instances.setdefault(key[0], []).append(found)

    def _goal(self, instruction: object, args: Args, env: Bindings) -> Goal:
        if isinstance(instruction, MetaCall):
            instruction = self.recorded.resolve(instruction, args)
            args = instruction.args
        if isinstance(instruction, BuiltinCall):
            return Solved(instruction.key[0], args, instruction.positive)
        if isinstance(instruction, Collect):
            (result,) = instantiate(self.store, (instruction.result,), tuple(env))
            return Collected(instruction.span, result, self._solutions(instruction.predicate, args))
        assert isinstance(instruction, UserCall)
        called = instruction.predicate
        atoms = self.found(called, args) if instruction.positive else self._solutions(called, args)
        return Called(called, args, instruction.positive, atoms)

    def found(self, predicate: Predicate, args: Args) -> tuple[Atom, ...]:
        """The atoms that are what a goal says, or an instance of it, or that it is an instance of."""
        atom = predicate, args
        if atom in self.nodes:
            return (atom,)
        if all(self.store.is_ground(a) for a in args) and predicate not in self._open:
            return ()
        return tuple(self._unifying(predicate, args))

    def _solutions(self, predicate: Predicate, args: Args) -> tuple[Atom, ...]:
        """All answers to a call."""
        table = self.recorded.tables.get((predicate, canonical(self.store, args)))
        if table is not None:
            return tuple((predicate, answer) for answer in table.answers)
        return self.found(predicate, args)

    def _unifying(self, predicate: Predicate, args: Args) -> Iterator[Atom]:
        for atom in self._of_predicate.get(predicate, ()):
            if answered(self.store, [], args, atom[1]) is not None:
                yield atom
