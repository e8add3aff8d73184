"""Worlds that were found need no sampling: their probability is known, only that of the rest is estimated.

The filters are two halves. The distinct worlds that one half ends in are a catalogue: each counts with its
own probability, once. Particles of the other half that end elsewhere say what is left out. Given the
catalogue, each filter that it serves is as unbiased as before; and exact once the catalogue is complete,
where few worlds give what was observed or beliefs are sure of most symbols.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nesy.kernels.worlds.particles import UNREAD
from nesy.kernels.worlds.random import mixed
from nesy.logic.compiled import compiled

_FREE = -1


class Catalogue(NamedTuple):
    """Distinct worlds of one half of the filters.

    names: (slots,) uint64, what tells worlds apart; particles: (slots,), one that ends there, or `_FREE`.
    values: (V,), the sum of the probabilities of those with each value, divided by e ** scale; total: (1,),
    of all.
    """

    names: NDArray[np.uint64]
    particles: NDArray[np.int64]
    values: NDArray[np.float64]
    total: NDArray[np.float64]
    scale: float


@compiled
def complete(layout, symbols, probabilities, particles, found):  # type: ignore[no-untyped-def]
    """Put the probability of worlds that the other half found in place of its estimate, filter by filter.

    found: a `Guided` whose values are filled in.
    Cost: O(symbols of the event) a particle.
    """
    filters, own = len(found.log_probability), particles.own
    names, logs = _named(layout, symbols, probabilities, particles)
    half, scale = filters // 2, found.log_probability.max()
    if scale == -np.inf:
        return
    for first, last, start, stop in ((0, half, half, filters), (half, filters, 0, half)):
        known = _catalogue(
            layout, symbols, probabilities, particles, (own * start, own * stop), names, logs, scale
        )
        for part in range(first, last):
            _correct(layout, symbols, probabilities, particles, part, names, known, found)


@compiled
def _named(layout, symbols, probabilities, particles):  # type: ignore[no-untyped-def]
    """What tells each particle's world apart, and the logarithm of the probability of what it has read."""
    names, logs = np.zeros(len(particles.weights), np.uint64), np.zeros(len(particles.weights))
    for at in range(len(symbols)):
        begin, world = layout.firsts[symbols[at]], particles.worlds[at]
        for k in range(len(world)):
            names[k] = mixed(names[k] + np.uint64(world[k] + 2))
            if world[k] != UNREAD:
                logs[k] += np.log(probabilities[begin + world[k]])
    return names, logs


@compiled
def _place(known, name):  # type: ignore[no-untyped-def]
    """The slot of a world, or the free one where it would go. Names are taken to differ where worlds do."""
    slot = np.int64(name & np.uint64(len(known.names) - 1))
    while known.particles[slot] != _FREE and known.names[slot] != name:
        slot = (slot + 1) & (len(known.names) - 1)
    return slot


@compiled
def _catalogue(layout, symbols, probabilities, particles, span, names, logs, scale):  # type: ignore[no-untyped-def]
    slots = 1
    while slots < 2 * (span[1] - span[0]):
        slots *= 2
    known = Catalogue(
        np.empty(slots, np.uint64), np.full(slots, _FREE), np.zeros(len(probabilities)), np.zeros(1), scale
    )
    for k in range(span[0], span[1]):
        if particles.weights[k] > 0.0:
            slot = _place(known, names[k])
            if known.particles[slot] == _FREE:
                known.names[slot], known.particles[slot] = names[k], k
                share = np.exp(logs[k] - scale)
                known.total[0] += share
                _tell(layout, symbols, probabilities, particles, k, share, known.values)
    return known


@compiled
def _tell(layout, symbols, probabilities, particles, k, share, values):  # type: ignore[no-untyped-def]
    """Add a share to the values of a particle's world; what is unread has all values, as believed."""
    for at in range(len(symbols)):
        begin, value = layout.firsts[symbols[at]], particles.worlds[at, k]
        if value != UNREAD:
            values[begin + value] += share
        else:
            for place in range(begin, layout.firsts[symbols[at] + 1]):
                values[place] += share * probabilities[place]


@compiled
def _correct(layout, symbols, probabilities, particles, part, names, known, found):  # type: ignore[no-untyped-def]
    """One filter's estimate: the catalogue, and what its particles that are not in it stand for."""
    own, values = particles.own, found.values[part]
    mass, total = np.exp(found.log_probability[part] - known.scale), known.total[0]
    for place in range(len(values)):
        values[place] = known.values[place]
    found.covered[part] = 1.0
    for k in range(own * part, own * (part + 1)):
        if particles.weights[k] > 0.0 and known.particles[_place(known, names[k])] == _FREE:
            found.covered[part] -= particles.weights[k] / own
            share = mass * particles.weights[k] / own
            total += share
            _tell(layout, symbols, probabilities, particles, k, share, values)
    for place in range(len(values)):
        values[place] = values[place] / total if total > 0.0 else 0.0
    found.log_probability[part] = known.scale + np.log(total) if total > 0.0 else -np.inf
