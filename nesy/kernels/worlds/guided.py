"""Guided draws: worlds that make an event hold, drawn symbol by symbol, and what they say of its probability.

A particle filter over the stages of an event (sequential importance sampling with resampling; Doucet, de
Freitas and Gordon 2001). The last symbol of a stage is not drawn from its beliefs but from what they leave it
once the conjuncts that are then decided hold: all of its values are tried, by the bit. What that choice had
for probability goes into the particle's weight, so that the mean weight estimates the event's probability
without bias.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from nesy.kernels.worlds.bits import NONE, ONE, ONES, flip_of, set_rows
from nesy.kernels.worlds.plan import TRUE_ROW
from nesy.kernels.worlds.random import scatter, stratify, uniform
from nesy.kernels.worlds.stages import Stages
from nesy.kernels.worlds.tallies import fill_some, meet
from nesy.kernels.worlds.words import first_in

DEFENSIVE = 0.1
"""The share of a blind draw that goes to all possible values alike: so much effort insures the rest."""


class Guided(NamedTuple):
    """What R independent filters found of one event. log_probability: (R,), -inf where every particle died.

    values: (R, V), the share of each value among particles, by weight; 0 where the event does not depend on
    the symbol. effective: (R,), the effective sample size of the particles' weights.
    worlds, weights: (symbols of the stages, particles) and (particles,), filter by filter: the particles
    themselves, with weights of mean 1 in each filter.
    """

    log_probability: NDArray[np.float64]
    values: NDArray[np.float64]
    effective: NDArray[np.float64]
    worlds: NDArray[np.int32]
    weights: NDArray[np.float64]


class _Particles(NamedTuple):
    """The particles of all filters, filter by filter, `own` in each.

    truth: (rows, words). worlds: (symbols of the event, particles). weights: of mean 1 in each filter. state:
    of the random numbers.
    """

    truth: NDArray[np.uint64]
    worlds: NDArray[np.int32]
    weights: NDArray[np.float64]
    own: int
    state: NDArray[np.uint64]


@njit(cache=True, nogil=True)
def guide(layout, stages, probabilities, seed, words, found):  # type: ignore[no-untyped-def]
    """Estimate one event of one example.

    layout: of a plan with a row for each value. probabilities: (V,). seed: (1,) uint64. words: of particles
    in each filter. found: a `Guided`, filled in.
    Cost: for each stage the rows it computes, those after its last symbol once for each of its values, on
    R * words words; and O(symbols + crossing rows) a particle.
    """
    filters, own, last = len(found.log_probability), 64 * words, len(stages.known) - 2
    truth = np.empty((layout.gates + len(layout.starts) - 1, words * filters), np.uint64)
    set_rows(truth, TRUE_ROW, TRUE_ROW + 1, ONES)
    particles = _Particles(truth, found.worlds, found.weights, own, seed.copy())
    for at in range(own * filters):
        found.weights[at] = 1.0
    for part in range(filters):
        found.log_probability[part] = 0.0
    for stage in range(last + 1):
        _advance(layout, stages, stage, probabilities, particles)
        for part in range(filters):
            weights = particles.weights[part * own : (part + 1) * own]
            effective = _renormalise(weights, found.log_probability[part : part + 1])
            found.effective[part] = effective
            if stage < last and 0.0 < effective < 0.5 * own:
                _move(stages, stage, particles, part, _resample(weights, uniform(particles.state)))
    for part in range(filters):
        _count(layout.firsts, stages.symbols, particles, part, found.values[part])


@njit(cache=True, nogil=True)
def _advance(layout, stages, stage, probabilities, particles):  # type: ignore[no-untyped-def]
    """Draw the symbols of a stage, and weigh the particles by whether its codes can hold."""
    first, end = stages.drawn[stage], stages.drawn[stage + 1]
    for at in range(first, end - 1):
        _draw_all(layout, stages.symbols[at], probabilities, particles, particles.worlds[at])
    before = stages.before[stages.before_starts[stage] : stages.before_starts[stage + 1]]
    after = stages.after[stages.after_starts[stage] : stages.after_starts[stage + 1]]
    codes = stages.codes[stages.known[stage] : stages.known[stage + 1]]
    fill_some(layout, before, particles.truth)
    if end > first:
        symbol, world = stages.symbols[end - 1], particles.worlds[end - 1]
        _choose(layout, symbol, codes, after, probabilities, particles, world)
    else:
        _keep(codes, particles)


@njit(cache=True, nogil=True)
def _draw_all(layout, symbol, probabilities, particles, world):  # type: ignore[no-untyped-def]
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
    _show(begin, size, world, particles.truth)


@njit(cache=True, nogil=True)
def _show(begin, size, world, truth):  # type: ignore[no-untyped-def]
    set_rows(truth, 2 + begin, 2 + begin + size, NONE)
    for at in range(len(world)):
        truth[2 + begin + world[at], at >> 6] |= ONE << np.uint64(at & 63)


@njit(cache=True, nogil=True)
def _holds(codes, truth, bits):  # type: ignore[no-untyped-def]
    for w in range(len(bits)):
        bits[w] = ONES
    for code in codes:
        meet(bits, truth[code >> 1], flip_of(code))


@njit(cache=True, nogil=True)
def _choose(layout, symbol, codes, after, probabilities, particles, world):  # type: ignore[no-untyped-def]
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
            _holds(codes, truth, possible[value])
            set_rows(truth, 2 + begin + value, 2 + begin + value + 1, NONE)
            _add(possible[value], probabilities[begin + value], totals)
    for at in range(len(world)):
        particles.weights[at] *= totals[at]
    for base in range(0, len(world), particles.own):
        scatter(particles.state, totals[base : base + particles.own])
    _take(possible, probabilities[begin : begin + size], totals, world)
    _show(begin, size, world, truth)
    fill_some(layout, after, truth)


@njit(cache=True, nogil=True)
def _add(bits, amount, totals):  # type: ignore[no-untyped-def]
    for w in range(len(bits)):
        word = bits[w]
        while word:
            totals[64 * w + first_in(word)] += amount
            word &= word - ONE


@njit(cache=True, nogil=True)
def _take(possible, probabilities, aims, world):  # type: ignore[no-untyped-def]
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


@njit(cache=True, nogil=True)
def _keep(codes, particles):  # type: ignore[no-untyped-def]
    """Where nothing is left to draw, particles in which the codes do not hold die."""
    bits, weights = np.empty(particles.truth.shape[1], np.uint64), particles.weights
    _holds(codes, particles.truth, bits)
    for at in range(len(weights)):
        weights[at] *= float((bits[at >> 6] >> np.uint64(at & 63)) & ONE)


@njit(cache=True, nogil=True)
def _renormalise(weights, log_probability):  # type: ignore[no-untyped-def]
    """Give a filter's weights the mean 1, and add the logarithm of what it was; the effective sample size."""
    total, squares = 0.0, 0.0
    for weight in weights:
        total += weight
        squares += weight * weight
    if total == 0.0:
        log_probability[0] = -np.inf
        return 0.0
    log_probability[0] += np.log(total / len(weights))
    for at in range(len(weights)):
        weights[at] *= len(weights) / total
    return total * total / squares


@njit(cache=True, nogil=True)
def _resample(weights, offset):  # type: ignore[no-untyped-def]
    """Systematic resampling: the ancestors of all, each as often as its weight says, to within one.

    weights: of mean 1; they become 1.
    """
    ancestors, reached, at = np.empty(len(weights), np.int64), weights[0], 0
    for k in range(len(weights)):
        while reached <= k + offset and at + 1 < len(weights):
            at += 1
            reached += weights[at]
        ancestors[k] = at
    # Rounding may end on a particle that is dead: the last living one stands in for it.
    for k in range(len(weights)):
        while weights[ancestors[k]] == 0.0:
            ancestors[k] -= 1
    for k in range(len(weights)):
        weights[k] = 1.0
    return ancestors


@njit(cache=True, nogil=True)
def _move(stages, stage, particles, part, ancestors):  # type: ignore[no-untyped-def]
    """Put every particle of a filter where its ancestor's worlds and rows are."""
    own, words = particles.own, particles.own // 64
    line, moved = np.empty(own, np.int32), np.empty(words, np.uint64)
    for at in range(stages.drawn[stage + 1]):
        world = particles.worlds[at, own * part : own * (part + 1)]
        for k in range(own):
            line[k] = world[k]
        for k in range(own):
            world[k] = line[ancestors[k]]
    for at in range(len(stages.crossing)):
        if stages.crossing[at, 1] <= stage < stages.crossing[at, 2]:
            row = particles.truth[stages.crossing[at, 0], words * part : words * (part + 1)]
            for w in range(words):
                moved[w] = NONE
            for k in range(own):
                bit = (row[ancestors[k] >> 6] >> np.uint64(ancestors[k] & 63)) & ONE
                moved[k >> 6] |= bit << np.uint64(k & 63)
            for w in range(words):
                row[w] = moved[w]


@njit(cache=True, nogil=True)
def _count(firsts, symbols, particles, part, found):  # type: ignore[no-untyped-def]
    """The share of each value among the particles of a filter, by weight."""
    for place in range(len(found)):
        found[place] = 0.0
    own = particles.own
    for at in range(len(symbols)):
        begin = firsts[symbols[at]]
        for k in range(own * part, own * (part + 1)):
            found[begin + particles.worlds[at, k]] += particles.weights[k] / own


def room(stages: Stages, width: int, filters: int, words: int) -> Guided:
    """A `Guided` to be filled in."""
    particles = 64 * words * filters
    return Guided(
        np.empty(filters),
        np.empty((filters, width)),
        np.empty(filters),
        np.empty((len(stages.symbols), particles), np.int32),
        np.empty(particles),
    )


@njit(cache=True, nogil=True)
def fill_rest(layout, drawn, probabilities, seed, own, worlds):  # type: ignore[no-untyped-def]
    """Draw the symbols that no stage draws, from the beliefs alone: the other rows of worlds, (n, particles).

    drawn: (n,) bool. own: particles of a filter.
    """
    state = seed.copy()
    for symbol in range(len(drawn)):
        if not drawn[symbol]:
            first, last = layout.firsts[symbol], layout.firsts[symbol + 1]
            for base in range(0, worlds.shape[1], own):
                stratify(probabilities[first:last], state, worlds[symbol, base : base + own])
