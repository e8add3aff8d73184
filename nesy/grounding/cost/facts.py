"""Statistics of a predicate's facts: how many, which values in each column, how often one value at most."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cached_property
from typing import final

import numpy as np

from nesy.grounding.cost.domain import Column, Domain
from nesy.grounding.fact_tables import FactRules
from nesy.grounding.rules import Predicate, Rule
from nesy.grounding.terms import Args, TermStore, variable
from nesy.language.facts import FactTable

MOST_LISTED = 20_000
"""Columns of tables with more different values are counted, not listed."""


def rules_of(store: TermStore, predicate: Predicate) -> list[Rule]:
    """A predicate's rules, those included that are made when they are called; rows of tables are not."""
    unbound = tuple(variable(i) for i in range(predicate.arity))
    sources = (s for s in predicate.sources if not isinstance(s, FactRules))
    made = (rule for source in sources for rule in source.matching(store, unbound))
    # A rule made out of another predicate's may still name that one.
    rules = (*predicate.rules, *made)
    return [r if r.predicate is predicate else replace(r, predicate=predicate) for r in rules]


def is_fact(rule: Rule) -> bool:
    """Whether a rule is a ground fact, certain or not."""
    return not rule.body and rule.variables == 0


@final
class Facts:
    """The ground facts of one predicate: written ones as tuples, tables as columns."""

    def __init__(self, store: TermStore, predicate: Predicate, rules: list[Rule]) -> None:
        self.rows: list[Args] = list(dict.fromkeys(r.head for r in rules if is_fact(r)))
        self.tables = [s.table for s in predicate.sources if isinstance(s, FactRules)]
        self.count = len(self.rows) + sum(map(len, self.tables))
        self._store = store
        self._predicate = predicate

    @cached_property
    def domains(self) -> tuple[Domain, ...]:
        """The values of each column."""
        found = []
        for position in range(self._predicate.arity):
            domain = Domain(frozenset(row[position] for row in self.rows))
            for table in self.tables:
                domain = domain.joined(self._values(table, position))
            found.append(domain)
        return tuple(found)

    def called(self, calls: list[Domain]) -> tuple[Domain, ...] | None:
        """The values of each column among the facts that calls with these arguments can meet; None if none.

        Cost: linear in the written facts; tables are taken column by column.
        """
        if self.tables or all(c.top for c in calls):
            met = tuple(d.met(c) for d, c in zip(self.domains, calls, strict=True))
            return None if not self.count or any(d.empty for d in met) else met
        rows = self.matching(calls)
        return tuple(Domain(frozenset(column)) for column in zip(*rows, strict=True)) if rows else None

    def matching(self, calls: list[Domain]) -> list[Args]:
        """The written facts that calls with these arguments can meet."""
        wanted = [(i, c.values) for i, c in enumerate(calls) if c.listed]
        return [row for row in self.rows if all(row[i] in values for i, values in wanted)]

    def expected(self, calls: list[Domain]) -> float:
        """How many facts such calls meet: exact for written ones, in proportion for tables."""
        met = float(len(self.matching(calls))) if self._predicate.arity else float(len(self.rows))
        share = 1.0
        for domain, call in zip(self.domains, calls, strict=True):
            share *= min(1.0, domain.met(call).count / max(1.0, domain.count))
        return met + share * sum(map(len, self.tables))

    def degree(self, bound: list[int]) -> float:
        """At most how many facts have the same values in some columns."""
        return min((self._most_often[i] for i in bound), default=float(self.count))

    @cached_property
    def _most_often(self) -> list[float]:
        """For each column, how often its most frequent value stands there, at most."""
        found = []
        for position in range(self._predicate.arity):
            written = Counter(row[position] for row in self.rows)
            most = max(written.values(), default=0)
            for table in self.tables:
                most += int(np.unique(table.columns[position], return_counts=True)[1].max(initial=0))
            found.append(float(most))
        return found

    def _values(self, table: FactTable, position: int) -> Domain:
        values, first = np.unique(table.columns[position], return_index=True)
        if len(values) > MOST_LISTED:
            return Domain(columns=frozenset({Column(table.name, position, len(values))}))
        constants = (table.constant(int(row), position) for row in first)
        return Domain(frozenset(self._store.constant(c) for c in constants))
