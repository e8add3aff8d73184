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


class Event(NamedTuple):
    """An event of one example: the symbols it depends on, and what is believed of all values.

    firsts: where each symbol's values start. probabilities: (V,).
    """

    firsts: NDArray[np.int64]
    symbols: NDArray[np.int64]
    probabilities: NDArray[np.float64]


class Catalogue(NamedTuple):
    """Distinct worlds of one half of the filters.

    names, taken: (slots,) uint64 and bool, what tells worlds apart, each in the first free slot from its own.
    values: (V,), the sum of the probabilities of those with each value, divided by e ** scale. total: of all.
    """

    names: NDArray[np.uint64]
    taken: NDArray[np.bool_]
    values: NDArray[np.float64]
    total: float
    scale: float


@compiled
def complete(layout, symbols, probabilities, particles, found):  # type: ignore[no-untyped-def]
    """Put the probability of worlds that the other half found in place of its estimate, filter by filter.

    found: a `Guided` whose values are filled in.
    Cost: O(symbols of the event) a particle.
    """
    filters, own, scale = len(found.log_probability), particles.own, found.log_probability.max()
    if scale == -np.inf:
        return
    names, half, event = _named(particles), filters // 2, Event(layout.firsts, symbols, probabilities)
    for first, last, start, stop in ((0, half, half, filters), (half, filters, 0, half)):
        span = (own * start, own * stop)
        known = _catalogue(event, particles, span, names, scale)
        for part in range(first, last):
            _correct(event, particles, part, names, known, found)


@compiled
def _named(particles):  # type: ignore[no-untyped-def]
    """A word for each particle that tells its world apart: those of different worlds are taken to differ."""
    names = np.zeros(len(particles.weights), np.uint64)
    for at in range(len(particles.worlds)):
        world = particles.worlds[at]
        for k in range(len(world)):
            names[k] = mixed(names[k] + np.uint64(world[k] + 2))
    return names


@compiled
def _slot(names, taken, name):  # type: ignore[no-untyped-def]
    """The slot of a world, or the free one where it would go."""
    slot = np.int64(name & np.uint64(len(names) - 1))
    while taken[slot] and names[slot] != name:
        slot = (slot + 1) & (len(names) - 1)
    return slot


@compiled
def _catalogue(event, particles, span, names, scale):  # type: ignore[no-untyped-def]
    """The distinct worlds of the living particles of a span."""
    slots, total = 1, 0.0
    while slots < 2 * (span[1] - span[0]):
        slots *= 2
    held, taken = np.empty(slots, np.uint64), np.zeros(slots, np.bool_)
    logs, values = np.full(span[1] - span[0], -np.inf), np.zeros(len(event.probabilities))
    for k in range(span[0], span[1]):
        slot = _slot(held, taken, names[k])
        if particles.weights[k] > 0.0 and not taken[slot]:
            held[slot], taken[slot] = names[k], True
            logs[k - span[0]] = -scale
    beliefs = np.log(event.probabilities)
    for at in range(len(event.symbols)):
        begin, world = event.firsts[event.symbols[at]], particles.worlds[at]
        for k in range(len(logs)):
            if logs[k] > -np.inf and world[span[0] + k] != UNREAD:
                logs[k] += beliefs[begin + world[span[0] + k]]
    shares = np.exp(logs)
    for share in shares:
        total += share
    _tell(event, particles, span[0], shares, values)
    return Catalogue(held, taken, values, total, scale)


@compiled
def _tell(event, particles, first, shares, values):  # type: ignore[no-untyped-def]
    """Add shares of particles, from `first` on, to the values of their worlds.

    What is unread has all its values, as believed.
    """
    for at in range(len(event.symbols)):
        begin, world, unread = event.firsts[event.symbols[at]], particles.worlds[at], 0.0
        for k in range(len(shares)):
            if shares[k] > 0.0:
                if world[first + k] == UNREAD:
                    unread += shares[k]
                else:
                    values[begin + world[first + k]] += shares[k]
        if unread > 0.0:
            for place in range(begin, event.firsts[event.symbols[at] + 1]):
                values[place] += unread * event.probabilities[place]


@compiled
def _correct(event, particles, part, names, known, found):  # type: ignore[no-untyped-def]
    """One filter's estimate: the catalogue, and what its particles that are not in it stand for."""
    own, values = particles.own, found.values[part]
    mass, total = np.exp(found.log_probability[part] - known.scale), known.total
    shares, covered = np.zeros(own), 0.0
    for k in range(own):
        weight, name = particles.weights[own * part + k], names[own * part + k]
        if weight > 0.0:
            if known.taken[_slot(known.names, known.taken, name)]:
                covered += weight / own
            else:
                shares[k] = mass * weight / own
                total += shares[k]
    for place in range(len(values)):
        values[place] = known.values[place]
    _tell(event, particles, own * part, shares, values)
    for place in range(len(values)):
        values[place] = values[place] / total if total > 0.0 else 0.0
    found.covered[part] = covered
    found.log_probability[part] = known.scale + np.log(total) if total > 0.0 else -np.inf
