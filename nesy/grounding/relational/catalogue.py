"""What a plan has so far: facts, answers to call patterns, labels, network outputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from nesy.grounding.fact_tables import FactRules
from nesy.grounding.relational.draft import Draft, Relation
from nesy.grounding.relational.fragment import CallGraph, has_facts_only, is_fact
from nesy.grounding.relational.given import Ints, Sources, fact_rows, fact_tables, tuple_rows
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
        return has_facts_only(predicate)

    def facts_of(self, predicate: Predicate) -> Facts | None:
        """The ground facts of a predicate, if it has any."""
        if predicate not in self._facts:
            rules = [r for r in predicate.rules if is_fact(r)]
            tables = fact_tables(predicate)
            self._facts[predicate] = self._read_facts(predicate, rules, tables) if rules or tables else None
        return self._facts[predicate]

    def _read_facts(self, predicate: Predicate, rules: list[Rule], tables: list[FactRules]) -> Facts:
        uncertain = any(r.choice is not None for r in rules) or any(_uncertain(t) for t in tables)
        sources = Sources(self.store, rules, tables) if uncertain else None
        columns = [t.table for t in tables]
        return self._given(predicate.arity, fact_rows(self.values, rules, columns, predicate.arity), sources)

    def sure_facts_of(self, predicate: Predicate) -> Facts | None:
        """Where some facts of a predicate are certain and others not: those that are certain."""
        if predicate not in self._sure:
            facts = self.facts_of(predicate)
            rules = [r for r in predicate.rules if is_fact(r) and r.choice is None]
            tables = [t.table for t in fact_tables(predicate) if not _uncertain(t)]
            mixed = facts is not None and not facts.certain and (rules or tables)
            self._sure[predicate] = (
                self._given(predicate.arity, fact_rows(self.values, rules, tables, predicate.arity), None)
                if mixed
                else None
            )
        return self._sure[predicate]

    def domain(self, values: Args) -> Facts:
        """The values of a network's output, as a table of one column."""
        if values not in self._domains:
            self._domains[values] = self._given(1, tuple_rows(self.values, [(v,) for v in values], 1), None)
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

    def _given(self, arity: int, rows: Ints, sources: Sources | None) -> Facts:
        facts = Facts(self._table(arity), rows, sources)
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


def _uncertain(table: FactRules) -> bool:
    return table.table.probabilities is not None
