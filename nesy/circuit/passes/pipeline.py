"""Passes one after the other, with the properties verified on the way where that is asked for."""

from __future__ import annotations

from collections.abc import Iterable

from nesy.circuit.circuit import Circuit
from nesy.circuit.passes.flatten import Flatten
from nesy.circuit.passes.fold import Fold
from nesy.circuit.passes.passing import Pass, Property
from nesy.circuit.passes.share import Share
from nesy.circuit.properties import verify

__all__ = ["STANDARD", "Pass", "Property", "run_passes"]

STANDARD: tuple[Pass, ...] = (Fold(), Share(), Flatten(), Share())
"""What makes any circuit smaller and none larger."""


def run_passes(circuit: Circuit, passes: Iterable[Pass], *, verified: Iterable[Property] = ()) -> Circuit:
    """The circuit after all passes.

    verified: properties the circuit has. If any, they are checked before the first pass, and after each pass
    those it keeps and gives, and decomposability with them; raises `BrokenCircuitError` where one is lost.
    For tests: determinism is proved, which may take long and may fail on circuits that have it.
    Cost: that of the passes; each is about linear.
    """
    known = frozenset(verified)
    _verify(circuit, known)
    for step in passes:
        circuit = step.run(circuit)
        if known:
            known = (known & step.keeps) | step.gives
        _verify(circuit, known)
    return circuit


def _verify(circuit: Circuit, properties: frozenset[Property]) -> None:
    if properties:
        verify(
            circuit,
            deterministic=Property.DETERMINISTIC in properties,
            smooth=Property.SMOOTH in properties,
        )
