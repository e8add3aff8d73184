"""What a plan has so far: facts, answers to call patterns, labels, network outputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from nesy.grounding.relational.draft import Draft, Relation
from nesy.grounding.relational.fragment import CallGraph, has_facts_only, is_fact
from nesy.grounding.relational.plan import Answers, Facts, Labels, Provenance
from nesy.grounding.relational.values import Values
from nesy.grounding.rules import PickAlternative, Predicate, Rule
from nesy.grounding.terms import Args, TermStore

Bound = tuple[bool, ...]


@final
class Catalogue:
    """Every relation of a plan, by what it is for. `open_calls` are the predicates to evaluate whole.

    facts: every table of given tuples, each once. pending: the call patterns yet to be planned.
    """

    def __init__(self, store: TermStore, graph: CallGraph, open_calls: frozenset[Predicate]) -> None:
        self.store = store
        self.values = Values(store)
        self.draft = Draft()
        self.provenance = Provenance()
        self.open_calls = set(open_calls)
        self._graph = graph
        self.facts: list[Facts] = []
        self._facts: dict[Predicate, Facts | None] = {}
        self._sure: dict[Predicate, Facts | None] = {}
        self._labels: dict[int, Labels] = {}
        self._domains: dict[Args, Facts] = {}
        self._answers: dict[tuple[Predicate, Bound], Answers] = {}
        self.pending: list[Answers] = []

    @property
    def all_labels(self) -> Sequence[Labels]:
        """The labels of every rule planned, each once."""
        return tuple(self._labels.values())

    @property
    def answers(self) -> Sequence[Answers]:
        """Every call pattern planned."""
        return tuple(self._answers.values())

    def is_facts(self, predicate: Predicate) -> bool:
        """Whether a predicate has nothing but ground facts."""
        return has_facts_only(predicate, self.store.ground)

    def facts_of(self, predicate: Predicate) -> Facts | None:
        """The ground facts of a predicate, if it has any."""
        if predicate not in self._facts:
            rules = [r for r in predicate.rules if is_fact(r, self.store.ground)]
            self._facts[predicate] = self._read_facts(predicate, rules) if rules else None
        return self._facts[predicate]

    def _read_facts(self, predicate: Predicate, rules: list[Rule]) -> Facts:
        uncertain = any(r.choice is not None for r in rules)
        return self._given(predicate.arity, [r.head for r in rules], rules if uncertain else [])

    def sure_facts_of(self, predicate: Predicate) -> Facts | None:
        """Where some facts of a predicate are certain and others not: those that are certain."""
        if predicate not in self._sure:
            facts = self.facts_of(predicate)
            rules = [] if facts is None else facts.sources
            sure = [r.head for r in rules if r.choice is None]
            self._sure[predicate] = self._given(predicate.arity, sure, []) if sure else None
        return self._sure[predicate]

    def domain(self, values: Args) -> Facts:
        """The values of a network's output, as a table of one column."""
        if values not in self._domains:
            self._domains[values] = self._given(1, [(v,) for v in values], [])
        return self._domains[values]

    def labels(self, rule: Rule) -> Labels | None:
        """Where the instances of a rule's label are counted."""
        if rule.choice is None:
            return None
        choice = rule.choice
        number = choice.alternatives.number if isinstance(choice, PickAlternative) else choice.number
        if number not in self._labels:
            width = max(rule.variables, 1)
            self._labels[number] = Labels(self.draft.relation(width, width))
        if rule not in self._labels[number].rules:
            self._labels[number].rules.append(rule)
        return self._labels[number]

    def _given(self, arity: int, tuples: list[Args], sources: list[Rule]) -> Facts:
        facts = Facts(self._table(arity), tuples, sources)
        self.provenance.sources[facts.relation] = facts
        self.facts.append(facts)
        return facts

    def reading(self, predicate: Predicate, bound: Bound) -> Answers:
        """The answers to a call pattern, planned now or later."""
        if not any(bound):
            # A call that binds nothing asks for all there is: narrower calls can read the same rows.
            self.open_calls.add(predicate)
        if predicate in self.open_calls:
            bound = (False,) * len(bound)
        key = (predicate, bound)
        if key not in self._answers:
            relation = self._table(predicate.arity)
            demanded = max(sum(bound), 1)
            answers = Answers(
                predicate,
                bound,
                relation,
                self.draft.relation(demanded, demanded),
                self._graph.certain(predicate),
            )
            self._answers[key] = answers
            self.provenance.sources[relation] = answers
            self.pending.append(answers)
        return self._answers[key]

    def _table(self, arity: int) -> Relation:
        width = max(arity, 1)
        return self.draft.relation(width, width)
