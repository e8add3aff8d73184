"""A small module, evaluated in every world of its inputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from nesy.engines.surrogate.local import IntArray, Local


@final
@dataclass(frozen=True, eq=False)
class Table:
    """values: (outcomes, dimensions), the joint values that occur. outcome: (worlds,) that of each world."""

    values: IntArray
    outcome: IntArray

    @property
    def worlds(self) -> int:
        """How many worlds there are."""
        return len(self.outcome)

    @property
    def has(self) -> NDArray[np.bool_]:
        """(worlds, outcomes): whether the world has the outcome."""
        found: NDArray[np.bool_] = self.outcome[:, None] == np.arange(len(self.values))
        return found


def tabulated(local: Local) -> Table:
    """Every world of a module evaluated. Cost: O(edges * worlds)."""
    values, outcome = np.unique(local.outcomes(local.all_worlds()), axis=0, return_inverse=True)
    return Table(values, outcome.reshape(-1))
