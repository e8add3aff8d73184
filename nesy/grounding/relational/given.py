"""Facts as the machine takes them: rows of values, and for uncertain ones the rule behind each row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

import numpy as np
from numpy.typing import NDArray

from nesy.grounding.fact_tables import FactRules
from nesy.grounding.relational.fragment import OutsideFragmentError
from nesy.grounding.relational.layout import LARGEST
from nesy.grounding.relational.values import Values
from nesy.grounding.rules import Predicate, Rule
from nesy.grounding.terms import Args, TermStore
from nesy.language.facts import Column, FactTable
from nesy.language.terms import Atom

Ints = NDArray[np.int64]


def fact_rows(values: Values, rules: Sequence[Rule], tables: Sequence[FactTable], arity: int) -> Ints:
    """(n, max(arity, 1)) the values of ground facts: of rules first, then of tables, in order."""
    return np.concatenate(
        [tuple_rows(values, [r.head for r in rules], arity), *(_table_rows(values, t) for t in tables)]
    )


def tuple_rows(values: Values, tuples: Sequence[Args], arity: int) -> Ints:
    """(n, max(arity, 1)) the values of tuples of ground terms; a proposition's row is the one value 0."""
    if arity == 0:
        return np.zeros((len(tuples), 1), np.int64)
    return values.column_values(np.array(tuples, np.int64).reshape(len(tuples), arity))


def fact_tables(predicate: Predicate) -> list[FactRules]:
    """The tables of a predicate. Raises `OutsideFragmentError` for a source of another kind."""
    tables = [s for s in predicate.sources if isinstance(s, FactRules)]
    if len(tables) < len(predicate.sources):
        raise OutsideFragmentError("rules that are made when a call needs them")
    return tables


@final
class Sources:
    """The rule of each row of some facts."""

    def __init__(self, store: TermStore, rules: Sequence[Rule], tables: Sequence[FactRules]) -> None:
        self._store = store
        self._rules = rules
        self._tables = tables

    def rule(self, row: int) -> Rule | None:
        """The rule of a row; None where its probability is 0."""
        if row < len(self._rules):
            return self._rules[row]
        row -= len(self._rules)
        for table in self._tables:
            if row < len(table):
                return table.rule(self._store, row)
            row -= len(table)
        raise IndexError(row)


def _table_rows(values: Values, table: FactTable) -> Ints:
    return np.stack([_column(values, c) for c in table.columns], axis=1)


def _column(values: Values, column: Column) -> Ints:
    if column.dtype == np.int64:
        if len(column) and max(abs(int(column.min())), abs(int(column.max()))) >= LARGEST:
            raise OutsideFragmentError("integers too large")
        return column << 1
    if column.dtype == np.float64:
        return values.column_values(_interned(values, column))
    codes: dict[object, int] = {}
    places = np.fromiter((codes.setdefault(v, len(codes)) for v in column), np.int64, len(column))
    constants = [values.store.constant(Atom(v) if isinstance(v, str) else v) for v in codes]  # type: ignore[arg-type]
    return np.array([values.value(c) for c in constants], np.int64)[places]


def _interned(values: Values, column: Column) -> Ints:
    # By their bits: 0.0 and -0.0 are different terms.
    distinct, places = np.unique(column.view(np.int64), return_inverse=True)
    terms = [values.store.number(v) for v in distinct.view(np.float64).tolist()]
    return np.array(terms, np.int64)[places]
