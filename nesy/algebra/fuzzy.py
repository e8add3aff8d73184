"""Fuzzy logics as data: truth by degrees, computed on formulas.

Their values depend on how a formula is written, so they are no semirings over worlds: see
`nesy.kernels.formulas`, which evaluates them on the rules as they stand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from nesy.algebra.algebra import FromProbability, Operation, Values

Negation = Callable[[Values], Values]
"""An operation on one degree, elementwise on arrays."""


@final
@dataclass(frozen=True, slots=True)
class FuzzyLogic:
    """A logic of degrees from 0 to 1, where 0 is false and 1 is true.

    conjunction: a t-norm: commutative, associative, growing in both, with 1 as its neutral element.
    disjunction: a t-conorm: the same, with 0 as its neutral element.
    negation: turns the order round, and 0 and 1 into each other. None where only choices are negated:
    negations are then moved to the leaves (the dual connective above), and "not this value" is the
    disjunction of the symbol's other values.
    idempotent: x and x is x, and so is x or x. Only such a logic gives cycles of rules a meaning here.
    from_probability: the degrees that stand for the probabilities of a symbol's values, (n,) to (n,).
    tensors: conjunction and disjunction on torch tensors, differentiable, for logics that are not built
    in. Negations are called on tensors as they are.
    """

    name: str
    conjunction: Operation
    disjunction: Operation
    negation: Negation | None
    idempotent: bool
    from_probability: FromProbability
    tensors: tuple[Operation, Operation] | None = None


def standard_negation(x: Values) -> Values:
    """1 - x: an involution. Also on tensors."""
    return 1.0 - x


def residual_negation(x: Values) -> Values:
    """1 where x is 0, else 0: what the implications of `godel` and `product` give. On numpy arrays.

    Cost: O(size of x).
    """
    return np.where(np.asarray(x) == 0.0, 1.0, 0.0)


def _itself(p: NDArray[np.float64]) -> NDArray[np.float64]:
    return p


def _possibility(p: NDArray[np.float64]) -> NDArray[np.float64]:
    return p / p.max(initial=0.0) if p.any() else p


def _either(a: Values, b: Values) -> Values:
    # Not a + b - a * b, which rounding takes above 1.
    return a + b * (1.0 - a)


def _both_at_least(a: Values, b: Values) -> Values:
    return np.maximum(a + b - 1.0, 0.0)


def _at_most_one(a: Values, b: Values) -> Values:
    return np.minimum(a + b, 1.0)


GODEL = FuzzyLogic("godel", np.minimum, np.maximum, standard_negation, True, _itself)
"""Minimum, maximum, 1 - x."""

PRODUCT = FuzzyLogic("product", np.multiply, _either, standard_negation, False, _itself)
"""Product, probabilistic sum a + b - ab, 1 - x."""

LUKASIEWICZ = FuzzyLogic("lukasiewicz", _both_at_least, _at_most_one, standard_negation, False, _itself)
"""max(0, a + b - 1), min(1, a + b), 1 - x."""

POSSIBILISTIC = FuzzyLogic("possibilistic", np.minimum, np.maximum, None, True, _possibility)
"""Possibility: minimum, maximum; the possibility of "not this value" is that of the best other one.

The most probable value of a symbol is wholly possible (1), others in proportion. Exact for disjunctions, and
for conjunctions that share no symbol; elsewhere an upper bound of what `max-min` finds over worlds.
"""

LOGICS: tuple[FuzzyLogic, ...] = (GODEL, PRODUCT, LUKASIEWICZ, POSSIBILISTIC)
