"""Random numbers and random values for compiled code, from a seed: the same everywhere and on any thread."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nesy.kernels.worlds.bits import NONE, ONE, set_rows
from nesy.logic.compiled import compiled

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_PER_UNIT = 1.0 / (1 << 53)


class Tables(NamedTuple):
    """The distributions of all symbols, to draw from in constant time (Walker's alias method).

    A place is chosen among a symbol's evenly; it is kept with probability `kept`, else it is `other`.
    """

    kept: NDArray[np.float64]
    other: NDArray[np.int64]


@compiled
def uniform(state):  # type: ignore[no-untyped-def]
    """A number in [0, 1), and one step of the state, (1,) uint64 (SplitMix64; Steele, Lea and Flood 2014)."""
    state[0] += _STEP
    return float(mixed(state[0]) >> np.uint64(11)) * _PER_UNIT


@compiled
def mixed(z):  # type: ignore[no-untyped-def]
    """A word whose every bit depends on every bit of the word given, one to one."""
    z = (z ^ (z >> np.uint64(30))) * _FIRST
    z = (z ^ (z >> np.uint64(27))) * _SECOND
    return z ^ (z >> np.uint64(31))


@compiled
def tables_of(firsts, probabilities):  # type: ignore[no-untyped-def]
    """The tables of normalised probabilities (V,); a value of probability 0 is never drawn.

    Cost: O(V).
    """
    kept, other = np.ones(len(probabilities)), np.zeros(len(probabilities), np.int64)
    waiting = np.empty(len(probabilities) + 1, np.int64)
    for symbol in range(len(firsts) - 1):
        begin, size = firsts[symbol], firsts[symbol + 1] - firsts[symbol]
        best, total = best_and_total(probabilities, begin, size)
        low, high = 0, size
        for value in range(size):
            kept[begin + value] = probabilities[begin + value] / total * size
            other[begin + value] = best
            if kept[begin + value] < 1.0:
                waiting[low] = value
                low += 1
            else:
                high -= 1
                waiting[high] = value
        while low > 0 and high < size:
            low -= 1
            small, large = waiting[low], waiting[high]
            other[begin + small] = large
            kept[begin + large] -= 1.0 - kept[begin + small]
            if kept[begin + large] < 1.0:
                high += 1
                waiting[low] = large
                low += 1
        # What rounding leaves over is nearly 1; only what is impossible must stay so.
        for at in range(low):
            kept[begin + waiting[at]] = 1.0 if probabilities[begin + waiting[at]] > 0.0 else 0.0
    return Tables(kept, other)


@compiled
def best_and_total(probabilities, begin, size):  # type: ignore[no-untyped-def]
    """The most probable value of a symbol, the first of equals, and the sum of all."""
    best, total = 0, 0.0
    for value in range(size):
        total += probabilities[begin + value]
        if probabilities[begin + value] > probabilities[begin + best]:
            best = value
    return best, total


@compiled
def draw(tables, begin, size, state):  # type: ignore[no-untyped-def]
    """A value of the symbol whose places are `begin` to `begin + size`."""
    at = uniform(state) * size
    value = int(at)
    return value if at - value < tables.kept[begin + value] else tables.other[begin + value]


@compiled
def fill_random(firsts, symbols, tables, state, truth):  # type: ignore[no-untyped-def]
    """Draw symbols in all worlds of a tile: the rows of their values, `2 + place`, one of which holds.

    Cost: O(symbols) a world.
    """
    for symbol in symbols:
        begin, size = firsts[symbol], firsts[symbol + 1] - firsts[symbol]
        set_rows(truth, 2 + begin, 2 + begin + size, NONE)
        for word in range(truth.shape[1]):
            for bit in range(64):
                value = draw(tables, begin, size, state)
                truth[2 + begin + value, word] |= ONE << np.uint64(bit)


@compiled
def stratify(probabilities, state, values):  # type: ignore[no-untyped-def]
    """Draw values, each from the probabilities (D,), together as often as these say, to within one.

    Systematic, in random order. A value of probability 0 is never drawn. Cost: O(D + values).
    """
    offset, reached, value = uniform(state), probabilities[0], 0
    best, total = best_and_total(probabilities, 0, len(probabilities))
    for k in range(len(values)):
        while reached <= (k + offset) / len(values) * total and value + 1 < len(probabilities):
            value += 1
            reached += probabilities[value]
        # Rounding may lead beyond the last value that is possible.
        values[k] = value if probabilities[value] > 0.0 else best
    for k in range(len(values) - 1, 0, -1):
        other = int(uniform(state) * (k + 1))
        values[k], values[other] = values[other], values[k]


@compiled
def scatter(state, limits):  # type: ignore[no-untyped-def]
    """Replace each limit by a random number from 0 up to it; their shares of it are evenly spread.

    Cost: O(limits).
    """
    places = np.empty(len(limits), np.int64)
    for k in range(len(limits)):
        places[k] = k
    for k in range(len(limits) - 1, -1, -1):
        other = int(uniform(state) * (k + 1))
        limits[k] *= (places[other] + uniform(state)) / len(limits)
        places[other] = places[k]
