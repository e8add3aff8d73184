"""Guided draws: worlds that make an event hold, drawn symbol by symbol, and what they say of its probability.

A particle filter over the stages of an event (sequential importance sampling with resampling; Doucet, de
Freitas and Gordon 2001). The last symbol of a stage is not drawn from its beliefs but from what they leave it
once the conjuncts that are then decided hold: all of its values are tried, by the bit. What that choice had
for probability goes into the particle's weight, so that the mean weight estimates the event's probability
without bias. Stages of several symbols are read (`reading`), and worlds that were found are counted as they
are (`catalogue`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nesy.kernels.worlds.bits import NONE, ONE, ONES, set_rows
from nesy.kernels.worlds.catalogue import complete
from nesy.kernels.worlds.particles import UNREAD, Particles, choose, draw_all, keep
from nesy.kernels.worlds.plan import TRUE_ROW
from nesy.kernels.worlds.random import stratify, uniform
from nesy.kernels.worlds.reading import is_read, rails_of, read
from nesy.kernels.worlds.stages import Stages
from nesy.kernels.worlds.tallies import fill_some
from nesy.logic.compiled import compiled


class Guided(NamedTuple):
    """What R independent filters found of one event. log_probability: (R,), -inf where every particle died.

    values: (R, V), the share of each value among particles, by weight; 0 where the event does not depend on
    the symbol. effective: (R,), the effective sample size of the particles' weights.
    covered: (R,), the share of particles, by weight, whose worlds the other half of the filters found too.
    worlds, weights: (symbols of the stages, particles) and (particles,), filter by filter: the particles
    themselves, with weights of mean 1 in each filter.
    """

    log_probability: NDArray[np.float64]
    values: NDArray[np.float64]
    effective: NDArray[np.float64]
    covered: NDArray[np.float64]
    worlds: NDArray[np.int32]
    weights: NDArray[np.float64]


@compiled
def guide(layout, stages, probabilities, seed, words, found):  # type: ignore[no-untyped-def]
    """Estimate one event of one example.

    layout: of a plan with a row for each value. probabilities: (V,). seed: (1,) uint64. words: of particles
    in each filter. found: a `Guided`, filled in.
    Cost: for each stage the rows it computes, those after its last symbol once for each of its values, on
    R * words words, or that of `read`; and O(symbols + crossing rows) a particle.
    """
    filters, own, last = len(found.log_probability), 64 * words, len(stages.known) - 2
    truth = np.empty((layout.gates + len(layout.starts) - 1, words * filters), np.uint64)
    set_rows(truth, TRUE_ROW, TRUE_ROW + 1, ONES)
    particles = Particles(truth, found.worlds, found.weights, own, seed.copy())
    rails = rails_of(stages, truth)
    for at in range(own * filters):
        found.weights[at] = 1.0
    for part in range(filters):
        found.log_probability[part] = 0.0
    for stage in range(last + 1):
        if is_read(stages, stage):
            read(layout, stages, stage, probabilities, particles, rails)
        else:
            _advance(layout, stages, stage, probabilities, particles)
        for part in range(filters):
            weights = particles.weights[part * own : (part + 1) * own]
            effective = _renormalise(weights, found.log_probability[part : part + 1])
            found.effective[part] = effective
            if stage < last and 0.0 < effective < 0.5 * own:
                _move(stages, stage, particles, part, _resample(weights, uniform(particles.state)))
    complete(layout, stages.symbols, probabilities, particles, found)


@compiled
def _advance(layout, stages, stage, probabilities, particles):  # type: ignore[no-untyped-def]
    """Draw the symbols of a stage, and weigh the particles by whether its codes can hold."""
    first, end = stages.drawn[stage], stages.drawn[stage + 1]
    for at in range(first, end - 1):
        draw_all(layout, stages.symbols[at], probabilities, particles, particles.worlds[at])
    before = stages.before[stages.before_starts[stage] : stages.before_starts[stage + 1]]
    after = stages.after[stages.after_starts[stage] : stages.after_starts[stage + 1]]
    codes = stages.codes[stages.known[stage] : stages.known[stage + 1]]
    fill_some(layout, before, particles.truth)
    if end > first:
        symbol, world = stages.symbols[end - 1], particles.worlds[end - 1]
        choose(layout, symbol, codes, after, probabilities, particles, world)
    else:
        keep(codes, particles)


@compiled
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


@compiled
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


@compiled
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


def room(stages: Stages, width: int, filters: int, words: int) -> Guided:
    """A `Guided` to be filled in."""
    particles = 64 * words * filters
    return Guided(
        np.empty(filters),
        np.zeros((filters, width)),
        np.empty(filters),
        np.zeros(filters),
        np.empty((len(stages.symbols), particles), np.int32),
        np.empty(particles),
    )


@compiled
def fill_rest(layout, probabilities, seed, own, worlds):  # type: ignore[no-untyped-def]
    """Draw what particles left unread from the beliefs, in worlds (n, particles).

    own: particles of a filter. Cost: O(n) a particle.
    """
    state, line = seed.copy(), np.empty(own, np.int32)
    for symbol in range(len(worlds)):
        first, last = layout.firsts[symbol], layout.firsts[symbol + 1]
        for base in range(0, worlds.shape[1], own):
            world = worlds[symbol, base : base + own]
            stratify(probabilities[first:last], state, line)
            for k in range(own):
                if world[k] == UNREAD:
                    world[k] = line[k]
