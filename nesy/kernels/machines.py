"""The work that a circuit is, laid out once."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np

from nesy.circuit.circuit import Circuit
from nesy.circuit.layers import lower
from nesy.kernels.ragged import Machine, Planner

# A plan is not stored with its circuit, which can be copied and pickled as it is.
_MACHINES: WeakKeyDictionary[Circuit, Machine] = WeakKeyDictionary()


def machine_of(circuit: Circuit) -> Machine:
    """Sums and products over a circuit's inputs and the constants zero and one. Cost: O(edges), once."""
    found = _MACHINES.get(circuit)
    if found is None:
        layers = lower(circuit)
        planner = Planner(layers.rows)
        for group in layers.groups:
            rows = np.arange(group.start, group.stop)
            planner.step(rows, group.factors, np.diff(group.factor_offsets), group.arities)
        found = _MACHINES.setdefault(circuit, planner.machine(layers.roots))
    return found
