"""Pictures of tiles: a texture for each kind of terrain, in colours that tell little."""

from __future__ import annotations

import numpy as np

from benchmarks.path_planning.terrain import FloatArray, IntArray

PIXELS = 8
"""Along each side of a tile."""

COLOURS = np.array(
    [[0.58, 0.52, 0.46], [0.42, 0.56, 0.36], [0.60, 0.56, 0.40], [0.38, 0.50, 0.34], [0.44, 0.50, 0.46]]
)
"""The mean colour of each kind: red, green, blue."""

TINT, LIGHT, NOISE = 0.06, 0.12, 0.05
"""Deviations of a tile's colour, of its brightness, and of its pixels."""


def draw_tiles(kinds: IntArray, rng: np.random.Generator) -> FloatArray:
    """Pictures (..., 3, PIXELS, PIXELS) of tiles (...), each drawn anew; values from 0 to 1, mostly.

    Colour and brightness vary from tile to tile more than from kind to kind: what tells kinds apart is what
    is drawn, a bar, blades, dots, a crown or waves, wherever on the tile it is.
    """
    flat = kinds.reshape(-1)
    texture = np.empty((len(flat), PIXELS, PIXELS))
    for kind, draw in enumerate((_bars, _blades, _dots, _crowns, _waves)):
        chosen = np.flatnonzero(flat == kind)
        texture[chosen] = draw(len(chosen), rng)
    colour = COLOURS[flat] + TINT * rng.normal(size=(len(flat), 3)) + LIGHT * rng.normal(size=(len(flat), 1))
    strength = rng.uniform(0.14, 0.26, size=(len(flat), 1, 1))
    pictures = colour[:, :, None, None] + (strength * texture)[:, None]
    pictures += NOISE * rng.normal(size=pictures.shape)
    return pictures.reshape(*kinds.shape, 3, PIXELS, PIXELS)


_ROW, _COLUMN = np.mgrid[:PIXELS, :PIXELS].astype(np.float64)


def _turned(count: int, rng: np.random.Generator, low: float, high: float) -> FloatArray:
    """How far each pixel lies along a direction between two angles, from a random origin."""
    angle = rng.uniform(low, high, size=(count, 1, 1))
    origin = rng.uniform(0, PIXELS, size=(count, 1, 1))
    along: FloatArray = np.cos(angle) * _ROW + np.sin(angle) * _COLUMN - origin
    return along


def _bars(count: int, rng: np.random.Generator) -> FloatArray:
    """A road: a light bar through the tile, in any direction."""
    angle = rng.uniform(0, np.pi, size=(count, 1, 1))
    middle = (PIXELS - 1) / 2 + rng.uniform(-1, 1, size=(2, count, 1, 1))
    across = np.cos(angle) * (_ROW - middle[0]) + np.sin(angle) * (_COLUMN - middle[1])
    return np.where(np.abs(across) < 1.3, 1.0, -0.4)


def _blades(count: int, rng: np.random.Generator) -> FloatArray:
    """Grass: fine upright stripes."""
    found: FloatArray = np.sin(
        _turned(count, rng, 0.45 * np.pi, 0.55 * np.pi) * rng.uniform(2.2, 2.8, (count, 1, 1))
    )
    return found


def _dots(count: int, rng: np.random.Generator) -> FloatArray:
    """Sand: single pixels, light and dark."""
    return rng.choice([-1.0, 0.0, 0.0, 1.0], size=(count, PIXELS, PIXELS))


def _crowns(count: int, rng: np.random.Generator) -> FloatArray:
    """Forest: the dark disc of a crown."""
    middle = rng.uniform(2.0, PIXELS - 3.0, size=(2, count, 1, 1))
    away = np.hypot(_ROW - middle[0], _COLUMN - middle[1])
    return np.where(away < rng.uniform(2.0, 3.0, size=(count, 1, 1)), -1.0, 0.5)


def _waves(count: int, rng: np.random.Generator) -> FloatArray:
    """A swamp: broad waves, level or nearly so."""
    found: FloatArray = np.sin(
        _turned(count, rng, -0.1 * np.pi, 0.1 * np.pi) * rng.uniform(1.0, 1.4, (count, 1, 1))
    )
    return found
