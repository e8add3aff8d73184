"""What the values of symbols are in an algebra or a fuzzy logic: from the priors, or as the user says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nesy.algebra import Algebra, FuzzyLogic
from nesy.engines.unusable_beliefs import needs_networks
from nesy.errors import EngineError
from nesy.logic.program import Symbol

Labels = Callable[[str, str, float | None], Any]
"""From a symbol's name, one of its values, and the probability of that (None where a network gives it)."""


def labelled(symbols: Sequence[Symbol], algebra: Algebra | FuzzyLogic, labels: Labels | None) -> NDArray[Any]:
    """(V, 1, *element_shape): what each value of each symbol is, side by side, in the algebra's dtype.

    Raises `EngineError`: needs-networks; no-labels where the algebra takes none from probabilities;
    invalid-label where one is no value of the algebra, or no degree from 0 to 1.
    Cost: a call of `labels` for each value, or of `from_probability` for each symbol.
    """
    shape = algebra.element_shape if isinstance(algebra, Algebra) else ()
    dtype = algebra.dtype if isinstance(algebra, Algebra) else np.dtype(np.float64)
    width = sum(len(s.values) for s in symbols)
    found = np.empty((width, 1, *shape), dtype=dtype)
    start = 0
    for symbol in symbols:
        rows = found[start : start + len(symbol.values), 0]
        if labels is None:
            rows[...] = _from_prior(symbol, algebra)
        else:
            for row, value in enumerate(symbol.values):
                p = None if symbol.prior is None else symbol.prior[row]
                rows[row] = _element(symbol, value, labels(symbol.name, value, p), algebra)
        start += len(symbol.values)
    return found


def _from_prior(symbol: Symbol, algebra: Algebra | FuzzyLogic) -> NDArray[Any]:
    if symbol.prior is None:
        raise needs_networks(symbol, "give labels=, a function that says what each value is in the algebra")
    if algebra.from_probability is None:
        raise EngineError(
            "no-labels",
            f"the algebra {algebra.name!r} does not say what a probability is in it",
            hint="give labels=, a function of symbol, value and probability, or from_probability",
        )
    return algebra.from_probability(np.array(symbol.prior, dtype=np.float64))


def _element(symbol: Symbol, value: str, label: Any, algebra: Algebra | FuzzyLogic) -> Any:
    if isinstance(algebra, FuzzyLogic):
        expected = "a degree from 0 to 1"
        fits = np.ndim(label) == 0 and _is_degree(label)
    elif algebra.element_shape:
        expected = f"{algebra.element_shape[0]} numbers"
        fits = np.shape(label) == algebra.element_shape and not _has_nan(label)
    else:
        expected = "a value of the algebra"
        fits = algebra.dtype == object or (np.ndim(label) == 0 and not _has_nan(label))
    if not fits:
        raise EngineError(
            "invalid-label",
            f"{symbol.name} = {value} is labelled {label!r}, which is not {expected}",
            span=symbol.span,
            hint=f"let labels return {expected} in {algebra.name!r}",
        )
    return label


def _is_degree(label: Any) -> bool:
    return isinstance(label, (int, float, np.number, np.bool_)) and bool(0.0 <= float(label) <= 1.0)


def _has_nan(label: Any) -> bool:
    array = np.asarray(label)
    return array.dtype.kind not in "biuf" or bool(np.isnan(array).any())
