"""The score function summed over many events of the same worlds: counts for each, one gradient for all."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nesy.circuit.circuit import IntArray
from nesy.kernels.worlds.bits import NONE, ONE, WORD, fill_gates
from nesy.kernels.worlds.random import fill_random, tables_of
from nesy.kernels.worlds.tallies import count_common, fill_event, tiles
from nesy.kernels.worlds.words import first_in
from nesy.logic.compiled import compiled


class Weighted(NamedTuple):
    """Conjunctions of literals, each about one example, whose logarithms are added up.

    codes, starts, firsts: as in `Events`. factors: (E,), of each event's logarithm in the sum.
    groups: (E,), events of a group depend on the same symbols. depends: (G, n) bool, those of each group.
    """

    codes: NDArray[np.int32]
    starts: IntArray
    firsts: IntArray
    factors: NDArray[np.float64]
    groups: IntArray
    depends: NDArray[np.bool_]


class Scores(NamedTuple):
    """What worlds drawn in R independent blocks say.

    hits: (E, R), worlds in which an event holds. sums: (B, V), the estimated gradient of the sum, from all
    worlds. parts: (B, R, V), the same from the worlds of each block alone.
    """

    hits: IntArray
    sums: NDArray[np.float64]
    parts: NDArray[np.float64]


@compiled
def score(layout, draws, events, span, found):  # type: ignore[no-untyped-def]
    """Estimate gradients from worlds drawn from the beliefs. layout: of a plan with a row for each value.

    The worlds are those that `tally` draws from the same seeds. found: `Scores` of zeros.
    Cost: O(edges / 64) words' operations a world, and n draws, and O(events + groups * n) additions a world,
    where `tally` counts each event with each value.
    """
    blocks = found.hits.shape[1]
    count, truth, bits = tiles(layout, draws, blocks)
    words, first_leaf = len(bits), 2
    leaves = np.empty((count, layout.firsts[-1], words), np.uint64)
    for example in range(span[0], span[1]):
        begin, end = events.firsts[example], events.firsts[example + 1]
        held = np.empty((count, end - begin, words), np.uint64)
        tables = tables_of(layout.firsts, draws.probabilities[example])
        state = draws.seeds[example : example + 1].copy()
        for tile in range(count):
            fill_random(layout.firsts, draws.symbols, tables, state, truth)
            fill_gates(layout, truth)
            for event in range(begin, end):
                fill_event(events, event, truth, held[tile, event - begin])
                count_common(held[tile, event - begin], held[tile, event - begin], found.hits[event])
            for symbol in draws.symbols:
                for place in range(layout.firsts[symbol], layout.firsts[symbol + 1]):
                    for w in range(words):
                        leaves[tile, place, w] = truth[first_leaf + place, w]
        _add_groups(layout, draws, events, (begin, end), (held, leaves), example, found)


@compiled
def _add_groups(layout, draws, events, span, kept, example, found):  # type: ignore[no-untyped-def]
    """Add up, for each group of an example's events, what its worlds weigh to the values they have."""
    begin, end = span
    held, leaves = kept
    weights = np.empty((2, held.shape[0] * held.shape[2] * WORD))
    shifts = np.empty((2, found.hits.shape[1]))
    done = np.zeros(end - begin, np.bool_)
    for at in range(begin, end):
        if done[at - begin]:
            continue
        group = events.groups[at]
        weights[:], shifts[:] = 0.0, 0.0
        for event in range(at, end):
            if events.groups[event] == group:
                done[event - begin] = True
                _add_weights(
                    held[:, event - begin], events.factors[event], found.hits[event], weights, shifts
                )
        _shift(shifts, held.shape[2] // shifts.shape[1] * WORD, weights)
        for symbol in draws.symbols:
            if events.depends[group, symbol]:
                for place in range(layout.firsts[symbol], layout.firsts[symbol + 1]):
                    _add_up(leaves[:, place], weights, found.sums[example], found.parts[example], place)


@compiled
def _add_weights(held, factor, hits, weights, shifts):  # type: ignore[no-untyped-def]
    """Add an event to what worlds weigh: row 0 among all of them, row 1 among those of the same block.

    Of S worlds, of which h are in the event, each weighs S / (S - 1) (1[event] / h - 1 / S), or 0 if h is 0.
    The second part is the same for all worlds of a block, and goes into shifts (2, R).
    """
    blocks, words, worlds = len(hits), held.shape[1], weights.shape[1]
    part, total, own_worlds = words // blocks, hits.sum(), worlds // blocks
    if total == 0:
        return
    each = factor * worlds / (worlds - 1) / total
    own_each = np.zeros(blocks)
    for block in range(blocks):
        shifts[0, block] += factor / (worlds - 1)
        if hits[block] > 0:
            own_each[block] = factor * own_worlds / (own_worlds - 1) / hits[block]
            shifts[1, block] += factor / (own_worlds - 1)
    for tile in range(held.shape[0]):
        for w in range(words):
            bits, first, own = held[tile, w], (tile * words + w) * WORD, own_each[w // part]
            while bits != NONE:
                k = first + first_in(bits)
                weights[0, k] += each
                weights[1, k] += own
                bits &= bits - ONE


@compiled
def _shift(shifts, length, weights):  # type: ignore[no-untyped-def]
    """Take from weights what worlds of a block have in common; in a tile, blocks have a length each."""
    for k in range(weights.shape[1]):
        block = k // length % shifts.shape[1]
        weights[0, k] -= shifts[0, block]
        weights[1, k] -= shifts[1, block]


@compiled
def _add_up(row, weights, sums, parts, place):  # type: ignore[no-untyped-def]
    """Add the weights of those worlds that have a value: to its sum, and to its sums within blocks."""
    words = row.shape[1]
    part = words // len(parts)
    for tile in range(row.shape[0]):
        for w in range(words):
            bits, first, among_all, among_own = row[tile, w], (tile * words + w) * WORD, 0.0, 0.0
            while bits != NONE:
                k = first + first_in(bits)
                among_all += weights[0, k]
                among_own += weights[1, k]
                bits &= bits - ONE
            sums[place] += among_all
            parts[w // part, place] += among_own
