"""Maps of terrain: which kind lies where, and what entering it costs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

KINDS = ("road", "grass", "sand", "forest", "swamp")
"""In the order of the rules' domain."""

COSTS = np.array([1, 2, 3, 5, 8])
"""Of entering a tile of each kind; the rules say the same."""

ROUGHNESS = 0.6
"""How much of a map is chance, tile by tile, beside what stretches over neighbours."""

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


def random_terrain(count: int, size: int, rng: np.random.Generator) -> IntArray:
    """(count, size, size) kinds: patches of all kinds, some tiles wide, with ragged edges.

    Of each kind there is a random field, smoothed; a tile is of the kind whose field is highest there.
    """
    fields = _smoothed(rng.normal(size=(count, len(KINDS), size + 4, size + 4)))
    fields = fields / fields.std() + ROUGHNESS * rng.normal(size=fields.shape)
    kinds: IntArray = fields.argmax(axis=1).astype(np.int64)
    return kinds


def _smoothed(fields: FloatArray) -> FloatArray:
    """Means over 3 by 3 tiles, of means over 3 by 3: two tiles less on each side."""
    for _ in range(2):
        size = fields.shape[-1] - 2
        windows = [fields[..., r : r + size, c : c + size] for r in range(3) for c in range(3)]
        fields = sum(windows[1:], windows[0]) / len(windows)
    return fields
