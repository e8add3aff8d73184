"""Ground terms as the machine's values: an even number is an integer, an odd one any other term."""

from __future__ import annotations

from typing import final

import numpy as np
from numpy.typing import NDArray

from nesy.grounding.relational.layout import LARGEST, encoded
from nesy.grounding.terms import Args, TermId, TermStore


@final
class Values:
    """Between the term ids of a store and the machine's values, both ways."""

    def __init__(self, store: TermStore) -> None:
        self.store = store

    def value(self, term: TermId) -> int:
        """The value of a ground term."""
        number = self.store.number_value(term)
        if isinstance(number, int) and -LARGEST < number < LARGEST:
            return encoded(number)
        return (term << 1) | 1

    def column_values(self, terms: NDArray[np.int64]) -> NDArray[np.int64]:
        """The values of many ground terms, of any shape. Cost: O(n), and a look at each different term."""
        distinct, places = np.unique(terms, return_inverse=True)
        table = np.array([self.value(TermId(t)) for t in distinct.tolist()], dtype=np.int64)
        return table[places].reshape(terms.shape)

    def term(self, value: int) -> TermId:
        """The term of a value."""
        return TermId(value >> 1) if value & 1 else self.store.number(value >> 1)

    def tuples(self, rows: NDArray[np.int64]) -> list[Args]:
        """Rows of values as tuples of terms. Cost: O(n), and a look at each different value."""
        if rows.shape[1] == 0:
            return [()] * len(rows)
        distinct, places = np.unique(rows, return_inverse=True)
        table = np.array([self.term(v) for v in distinct.tolist()], np.int64)
        terms: list[list[TermId]] = table[places].reshape(rows.shape).tolist()  # type: ignore[assignment]
        return [tuple(row) for row in terms]
