"""What is believed of each symbol where values are computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from nesy.errors import ModelError
from nesy.logic.program import Symbol

Beliefs = Mapping[str, Sequence[float]]
"""The probability of each value of a symbol, by the symbol's name."""

TOLERANCE = 1e-3
"""How far probabilities in single precision may be from summing to 1."""


def beliefs_of(symbols: Sequence[Symbol], given: Beliefs | None = None) -> NDArray[np.float64]:
    """(V,): the probability of each value of each symbol.

    given: in place of what the rules say, and for networks, which otherwise find all values as probable.
    Raises `ModelError`: unknown-symbol, not-a-distribution. Cost: linear in the values.
    """
    found = dict(given or {})
    _check_names(symbols, found)
    rows = [_row(symbol, found.get(symbol.name)) for symbol in symbols]
    return np.array([p for row in rows for p in row], dtype=np.float64)


def unknown_networks(symbols: Sequence[Symbol], given: Beliefs | None) -> bool:
    """Whether some network's values are taken to be as probable as one another."""
    return any(symbol.call is not None and symbol.name not in (given or {}) for symbol in symbols)


def _check_names(symbols: Sequence[Symbol], found: Beliefs) -> None:
    names = {symbol.name for symbol in symbols}
    for name in found:
        if name not in names:
            raise ModelError(
                "unknown-symbol",
                f"beliefs are given for {name}, and no symbol that the queries depend on has this name",
                hint=f"the symbols are {', '.join(sorted(names)[:8]) or 'none'}",
            )


def _row(symbol: Symbol, given: Sequence[float] | None) -> Sequence[float]:
    if given is None:
        size = len(symbol.values)
        return symbol.prior if symbol.prior is not None else [1 / size] * size
    row = [float(p) for p in given]
    fits = len(row) == len(symbol.values) and min(row) >= 0 and abs(sum(row) - 1) <= TOLERANCE
    if not fits:
        raise ModelError(
            "not-a-distribution",
            f"the beliefs of {symbol.name} are no distribution over its {len(symbol.values)} values",
            hint="give one probability for each value, in order; they sum to 1",
        )
    return row
