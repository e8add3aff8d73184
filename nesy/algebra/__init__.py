"""Semirings as data, with the laws that hold in each. Free of torch."""

from nesy.algebra.algebra import Algebra, Laws
from nesy.algebra.builtin import BOOLEAN, BUILTIN, COUNTING, LOG, MAX_LOG, MAX_PRODUCT, REAL
from nesy.algebra.registry import AlgebraRegistry, algebras

__all__ = [
    "BOOLEAN",
    "BUILTIN",
    "COUNTING",
    "LOG",
    "MAX_LOG",
    "MAX_PRODUCT",
    "REAL",
    "Algebra",
    "AlgebraRegistry",
    "Laws",
    "algebras",
]
