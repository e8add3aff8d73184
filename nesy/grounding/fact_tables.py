"""Rules from tables of facts, made when a call needs them: an index finds the rows, each becomes a rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

import numpy as np
from numpy.typing import NDArray

from nesy.grounding.rules import Alternatives, PickAlternative, Predicate, Rule
from nesy.grounding.terms import Args, TermId, TermStore
from nesy.language.facts import Column, FactTable
from nesy.language.terms import Atom, Number, String

Rows = NDArray[np.int64]
"""Places of rows in a table, ascending."""


@final
class FactRules:
    """The facts of a table as rules of a predicate.

    first: the clause number of row 0. Every row has its own, so that its symbol is the same whichever
    call finds it; the numbers up to `first + len(table)` are the table's.
    """

    def __init__(self, predicate: Predicate, table: FactTable, first: int) -> None:
        self.table = table
        self._predicate = predicate
        self._first = first
        self._indexes: dict[int, _Index] = {}

    def __len__(self) -> int:
        return len(self.table)

    def matching(self, store: TermStore, args: Args) -> Iterator[Rule]:
        """The facts whose bound arguments equal those of a call, in order.

        Cost: O(log rows) for each bound argument, plus the rows that the most selective one leaves;
        and one sort for each argument position that is ever called bound.
        """
        for row in self._rows(store, args).tolist():
            rule = self.rule(store, row)
            if rule is not None:
                yield rule

    def _rows(self, store: TermStore, args: Args) -> Rows:
        found = [self._index(i).rows(_key(store, arg)) for i, arg in enumerate(args) if store.is_ground(arg)]
        if not found:
            return np.arange(len(self.table))
        found.sort(key=len)
        rows = found[0]
        for others in found[1:]:
            # Both are sorted; the shorter is looked up in the longer.
            places = np.searchsorted(others, rows)
            rows = rows[others[np.minimum(places, len(others) - 1)] == rows] if len(others) else others
        return rows

    def _index(self, position: int) -> _Index:
        index = self._indexes.get(position)
        if index is None:
            index = self._indexes[position] = _Index(self.table.columns[position])
        return index

    def rule(self, store: TermStore, row: int) -> Rule | None:
        """The rule of a row; None where its probability is 0."""
        table = self.table
        head = tuple(store.constant(table.constant(row, i)) for i in range(len(table.columns)))
        chance = 1.0 if table.probabilities is None else float(table.probabilities[row])
        if chance == 0.0:
            return None
        choice = None
        if chance != 1.0:
            alternatives = Alternatives(
                self._first + row, ((table.name, head),), (store.number(chance),), (None,)
            )
            choice = PickAlternative(alternatives, 0)
        return Rule(self._predicate, head, 0, (), choice, None)


@final
class _Index:
    """The rows of a column by value."""

    def __init__(self, column: Column) -> None:
        self._codes: dict[object, int] | None = None
        self._dtype = column.dtype
        keys = column
        if column.dtype == object:
            codes: dict[object, int] = {}
            keys = np.fromiter((codes.setdefault(v, len(codes)) for v in column), np.int64, len(column))
            self._codes = codes
        self._order = np.argsort(keys, kind="stable")
        self._sorted = keys[self._order]

    def rows(self, key: object) -> Rows:
        """The rows that hold a value: none where the value is of another type than the column."""
        if self._codes is not None:
            code = self._codes.get(key)
            return self._between(code)
        if isinstance(key, float) and self._dtype == np.float64:
            return self._between(key)
        fits = isinstance(key, int) and self._dtype == np.int64 and -(2**63) <= key < 2**63
        return self._between(key if isinstance(key, int) and fits else None)

    def _between(self, key: float | None) -> Rows:
        if key is None:
            return np.empty(0, np.int64)
        low = np.searchsorted(self._sorted, key, side="left")
        high = np.searchsorted(self._sorted, key, side="right")
        return self._order[low:high]


def _key(store: TermStore, term: TermId) -> object:
    """What a column holds for a ground term: a number, a `str` for an atom, a `String`; else None."""
    head = store.heads[term]
    if isinstance(head, Number):
        return head.value
    if isinstance(head, Atom):
        return head.name
    return head if isinstance(head, String) else None
