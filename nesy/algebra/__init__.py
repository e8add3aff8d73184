"""Semirings and fuzzy logics as data, with the laws that hold in each. Free of torch."""

from nesy.algebra.algebra import Algebra, Laws
from nesy.algebra.best import top_k
from nesy.algebra.builtin import (
    BOOLEAN,
    BUILTIN,
    COUNTING,
    LOG,
    MAX_LOG,
    MAX_MIN,
    MAX_PRODUCT,
    REAL,
    TROPICAL,
)
from nesy.algebra.fuzzy import (
    GODEL,
    LOGICS,
    LUKASIEWICZ,
    POSSIBILISTIC,
    PRODUCT,
    FuzzyLogic,
    residual_negation,
    standard_negation,
)
from nesy.algebra.pairs import DUAL, ENTROPY, EXPECTATION
from nesy.algebra.registry import AlgebraRegistry, algebras

__all__ = [
    "BOOLEAN",
    "BUILTIN",
    "COUNTING",
    "DUAL",
    "ENTROPY",
    "EXPECTATION",
    "GODEL",
    "LOG",
    "LOGICS",
    "LUKASIEWICZ",
    "MAX_LOG",
    "MAX_MIN",
    "MAX_PRODUCT",
    "POSSIBILISTIC",
    "PRODUCT",
    "REAL",
    "TROPICAL",
    "Algebra",
    "AlgebraRegistry",
    "FuzzyLogic",
    "Laws",
    "algebras",
    "residual_negation",
    "standard_negation",
    "top_k",
]
