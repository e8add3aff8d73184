"""Reasoning without networks: what is possible, what follows, what is best, and why."""

from nesy.engines.reasoning.counting import Count, count
from nesy.engines.reasoning.explaining import Explanation, explain
from nesy.engines.reasoning.hashing import Hashing
from nesy.engines.reasoning.interpretation import Interpretation
from nesy.engines.reasoning.listing import models
from nesy.engines.reasoning.optimising import Optimum, optimize
from nesy.engines.reasoning.parts import Part, PartKind
from nesy.engines.reasoning.proving import Proof, prove
from nesy.engines.reasoning.repairing import Repair, repair
from nesy.engines.reasoning.satisfying import Satisfiability, entails, satisfiable

__all__ = [
    "Count",
    "Explanation",
    "Hashing",
    "Interpretation",
    "Optimum",
    "Part",
    "PartKind",
    "Proof",
    "Repair",
    "Satisfiability",
    "count",
    "entails",
    "explain",
    "models",
    "optimize",
    "prove",
    "repair",
    "satisfiable",
]
