"""Sets of terms that a place in a rule may hold, as far as they are known."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import final

from nesy.grounding.terms import TermId


@final
@dataclass(frozen=True, slots=True)
class Column:
    """One argument of a table of facts that has too many values to list: they are only counted."""

    predicate: str
    position: int
    distinct: int


@final
@dataclass(frozen=True, slots=True)
class Domain:
    """The terms that a place may hold: some listed ones, those of some columns, or any term (`top`)."""

    values: frozenset[TermId] = frozenset()
    columns: frozenset[Column] = frozenset()
    top: bool = False

    @property
    def count(self) -> float:
        """At most how many terms there are."""
        return inf if self.top else len(self.values) + sum(c.distinct for c in self.columns)

    @property
    def listed(self) -> bool:
        """Whether all terms are known one by one."""
        return not self.top and not self.columns

    @property
    def empty(self) -> bool:
        """Whether nothing fits."""
        return not self.top and not self.columns and not self.values

    def joined(self, other: Domain) -> Domain:
        """The terms of either."""
        if self.top or other.top:
            return ANY
        if other.values <= self.values and other.columns <= self.columns:
            return self
        return Domain(self.values | other.values, self.columns | other.columns)

    def met(self, other: Domain) -> Domain:
        """A set that holds all terms of both: exact for listed ones, else the smaller of the two."""
        if self.listed and other.listed:
            return self if self.values <= other.values else Domain(self.values & other.values)
        if self.listed or other.top:
            return self
        return other if other.listed or self.top or other.count < self.count else self


ANY = Domain(top=True)
"""Every term."""
