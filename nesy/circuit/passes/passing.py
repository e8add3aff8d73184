"""What every pass is: a circuit in, a circuit of the same values out, and which properties survive."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar, Protocol

from nesy.circuit.circuit import Circuit


class Property(Enum):
    """What a circuit may be; see `nesy.circuit.properties`."""

    DECOMPOSABLE = "decomposable"
    DETERMINISTIC = "deterministic"
    SMOOTH = "smooth"


class Pass(Protocol):
    """A rewriting. keeps: properties it leaves to a circuit that has them. gives: those it makes."""

    keeps: ClassVar[frozenset[Property]]
    gives: ClassVar[frozenset[Property]]

    def run(self, circuit: Circuit) -> Circuit:
        """The rewritten circuit: as many roots, of the same values, over the same variables."""


EVERY = frozenset(Property)
"""All properties."""

NONE: frozenset[Property] = frozenset()
"""No property."""

EXACT = frozenset({Property.DECOMPOSABLE, Property.DETERMINISTIC})
"""What probabilities need."""
