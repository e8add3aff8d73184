"""Particles, and how they get their symbols: blindly, or chosen so that what is then decided holds."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nesy.kernels.worlds.bits import NONE, ONE, ONES, flip_of, set_rows
from nesy.kernels.worlds.random import scatter, stratify
from nesy.kernels.worlds.tallies import fill_some, meet
from nesy.kernels.worlds.words import first_in
from nesy.logic.compiled import compiled

DEFENSIVE = 0.1
"""The share of a blind draw that goes to all possible values alike: so much effort insures the rest."""


UNREAD = -1
"""The value of a symbol in a particle in which it does not matter."""


class Particles(NamedTuple):
    """The particles of all filters, filter by filter, `own` in each.

    truth: (rows, words). worlds: (symbols of the event, particles). weights: of mean 1 in each filter. state:
    of the random numbers.
    """

    truth: NDArray[np.uint64]
    worlds: NDArray[np.int32]
    weights: NDArray[np.float64]
    own: int
    state: NDArray[np.uint64]


@compiled
def draw_all(layout, symbol, probabilities, particles, world):  # type: ignore[no-untyped-def]
    """Draw a symbol for all particles, into its row of worlds and the rows of its values.

    From a mixture of the beliefs and of all that is possible (Hesterberg 1995): where beliefs are sure of a
    value that the event rules out, others are tried too. Weights make up for it.
    """
    begin, size = layout.firsts[symbol], layout.firsts[symbol + 1] - layout.firsts[symbol]
    proposed, possible = np.zeros(size), 0
    for value in range(size):
        possible += probabilities[begin + value] > 0.0
    for value in range(size):
        belief = probabilities[begin + value]
        if belief > 0.0:
            proposed[value] = (1.0 - DEFENSIVE) * belief + DEFENSIVE / possible
    for base in range(0, len(world), particles.own):
        stratify(proposed, particles.state, world[base : base + particles.own])
    for at in range(len(world)):
        particles.weights[at] *= probabilities[begin + world[at]] / proposed[world[at]]
    show(begin, size, world, particles.truth)


@compiled
def show(begin, size, world, truth):  # type: ignore[no-untyped-def]
    """Set the rows of a symbol's values, from `2 + begin` on, to the values (particles,) it has."""
    set_rows(truth, 2 + begin, 2 + begin + size, NONE)
    for at in range(len(world)):
        truth[2 + begin + world[at], at >> 6] |= ONE << np.uint64(at & 63)


@compiled
def holds(codes, truth, bits):  # type: ignore[no-untyped-def]
    """The particles in which all codes hold, into bits (words,)."""
    for w in range(len(bits)):
        bits[w] = ONES
    for code in codes:
        meet(bits, truth[code >> 1], flip_of(code))


@compiled
def choose(layout, symbol, codes, after, probabilities, particles, world):  # type: ignore[no-untyped-def]
    """Draw a symbol from its beliefs given that the codes hold; weights gain the probability of that."""
    begin, size = layout.firsts[symbol], layout.firsts[symbol + 1] - layout.firsts[symbol]
    truth = particles.truth
    possible = np.zeros((size, truth.shape[1]), np.uint64)
    totals = np.zeros(len(world))
    set_rows(truth, 2 + begin, 2 + begin + size, NONE)
    for value in range(size):
        if probabilities[begin + value] > 0.0:
            set_rows(truth, 2 + begin + value, 2 + begin + value + 1, ONES)
            fill_some(layout, after, truth)
            holds(codes, truth, possible[value])
            set_rows(truth, 2 + begin + value, 2 + begin + value + 1, NONE)
            add(possible[value], probabilities[begin + value], totals)
    for at in range(len(world)):
        particles.weights[at] *= totals[at]
    for base in range(0, len(world), particles.own):
        scatter(particles.state, totals[base : base + particles.own])
    take(possible, probabilities[begin : begin + size], totals, world)
    show(begin, size, world, truth)
    fill_some(layout, after, truth)


@compiled
def add(bits, amount, totals):  # type: ignore[no-untyped-def]
    """Add an amount to the totals (particles,) of those that bits mark."""
    for w in range(len(bits)):
        word = bits[w]
        while word:
            totals[64 * w + first_in(word)] += amount
            word &= word - ONE


@compiled
def take(possible, probabilities, aims, world):  # type: ignore[no-untyped-def]
    """For each particle the value at which the running sum of its possible values passes its aim."""
    for at in range(len(world)):
        world[at] = 0
    for value in range(len(possible)):
        for w in range(possible.shape[1]):
            word = possible[value, w]
            while word:
                at = 64 * w + first_in(word)
                if aims[at] >= 0.0:
                    # Rounding may leave an aim beyond the sum: the last possible value is then taken.
                    world[at] = value
                    aims[at] -= probabilities[value]
                word &= word - ONE


@compiled
def keep(codes, particles):  # type: ignore[no-untyped-def]
    """Where nothing is left to draw, particles in which the codes do not hold die."""
    bits, weights = np.empty(particles.truth.shape[1], np.uint64), particles.weights
    holds(codes, particles.truth, bits)
    for at in range(len(weights)):
        weights[at] *= float((bits[at >> 6] >> np.uint64(at & 63)) & ONE)
