"""Rewritings of circuits that leave their values as they are, one pass a file.

A pass is a frozen value whose fields are its options. It says which properties it keeps and gives.
"""

from nesy.circuit.passes.flatten import Flatten
from nesy.circuit.passes.fold import Fold
from nesy.circuit.passes.pipeline import STANDARD, Pass, Property, run_passes
from nesy.circuit.passes.prune import Prune
from nesy.circuit.passes.share import Share
from nesy.circuit.passes.smooth import Smooth

__all__ = ["STANDARD", "Flatten", "Fold", "Pass", "Property", "Prune", "Share", "Smooth", "run_passes"]
