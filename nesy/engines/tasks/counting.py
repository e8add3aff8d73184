"""How many worlds there are, exactly."""

from __future__ import annotations

import numpy as np

from nesy.circuit.exact_values import exact_values
from nesy.engines.tasks.given import Given


def count_worlds(given: Given) -> int:
    """The number of possible worlds, of any size.

    Cost: O(edges) operations on integers as long as the count; smoothing the circuit, the first time.
    """
    given.single("counting")
    given.require_worlds()
    possible = (~np.isneginf(given.inputs[:, 0])).astype(np.int64).tolist()
    return exact_values(given.compiled.whole_worlds, possible)[0]
