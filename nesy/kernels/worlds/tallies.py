"""How often events happen in random worlds, and with which values of the symbols: what estimators count."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nesy.circuit.circuit import IntArray
from nesy.kernels.worlds.bits import NONE, ONES, TILE, conjunction, fill_gates, flip_of, set_rows
from nesy.kernels.worlds.plan import TRUE_ROW, Codes
from nesy.kernels.worlds.random import fill_random, tables_of
from nesy.kernels.worlds.words import ones_in
from nesy.logic.compiled import compiled


class Events(NamedTuple):
    """Conjunctions of literals, each about one example.

    Event e holds where all of `codes[starts[e]:starts[e + 1]]` do; those of example b are the events from
    `firsts[b]` to `firsts[b + 1]`. depends: (E, n) bool, which symbols an event depends on: with those it
    is counted.
    """

    codes: Codes
    starts: IntArray
    firsts: IntArray
    depends: NDArray[np.bool_]


class Draws(NamedTuple):
    """Worlds to be drawn for B examples.

    symbols: those that are drawn. probabilities: (B, V). seeds: (B,) uint64, one for the draws of each
    example.
    words: how many words of worlds there are to be in each block of each example.
    """

    symbols: IntArray
    probabilities: NDArray[np.float64]
    seeds: NDArray[np.uint64]
    words: int


class Tally(NamedTuple):
    """Counts of worlds, in blocks that were drawn independently.

    worlds: (B, R, V), those with each value. hits: (E, R), those in which an event holds.
    together: (E, R, V), those in which it holds and a symbol has a value, for symbols it depends on.
    """

    worlds: IntArray
    hits: IntArray
    together: IntArray


@compiled
def fill_event(events, event, truth, bits):  # type: ignore[no-untyped-def]
    """The worlds of a tile in which an event holds, into bits (words,)."""
    for w in range(len(bits)):
        bits[w] = ONES
    for at in range(events.starts[event], events.starts[event + 1]):
        meet(bits, truth[events.codes[at] >> 1], flip_of(events.codes[at]))


@compiled
def meet(bits, row, flip):  # type: ignore[no-untyped-def]
    """Keep those of some worlds in which a row, turned by `flip`, holds."""
    for w in range(len(bits)):
        bits[w] &= row[w] ^ flip


@compiled
def count_common(bits, row, found):  # type: ignore[no-untyped-def]
    """Add to found (R,) how many worlds two rows of a tile have in common, in each block of it."""
    part = len(bits) // len(found)
    for block in range(len(found)):
        count = 0
        for w in range(block * part, (block + 1) * part):
            count += ones_in(bits[w] & row[w])
        found[block] += count


@compiled
def count_values(layout, symbols, depends, truth, bits, found):  # type: ignore[no-untyped-def]
    """Add to found (R, V) the worlds among `bits` that have each value of those symbols that are marked."""
    for symbol in symbols:
        if depends[symbol]:
            for place in range(layout.firsts[symbol], layout.firsts[symbol + 1]):
                count_common(bits, truth[2 + place], found[:, place])


@compiled
def fill_some(layout, gates, truth):  # type: ignore[no-untyped-def]
    """Compute some gates, rows in ascending order, of a tile."""
    flat, words = truth.reshape(-1), truth.shape[1]
    for row in gates:
        gate = row - layout.gates
        conjunction(flat, words, row, layout.codes, layout.starts[gate], layout.starts[gate + 1])


@compiled
def tiles(layout, draws, blocks):  # type: ignore[no-untyped-def]
    """How many tiles there are, and room for one of them: all rows, and the worlds of an event.

    A tile has words of every block, block by block.
    """
    count = -(-draws.words * blocks // TILE)
    rows, words = layout.gates + len(layout.starts) - 1, draws.words // count * blocks
    return count, np.empty((rows, words), np.uint64), np.empty(words, np.uint64)


@compiled
def tally(layout, draws, events, span, found):  # type: ignore[no-untyped-def]
    """Count events in worlds drawn from the beliefs. layout: of a plan with a row for each value.

    span: the examples to do. found: a `Tally` of zeros.
    Cost: O((n + edges + events * values they depend on) / 64) words' operations a world, and n draws.
    """
    count, truth, bits = tiles(layout, draws, found.hits.shape[1])
    every_symbol = np.ones(len(layout.firsts), np.bool_)
    for example in range(span[0], span[1]):
        tables = tables_of(layout.firsts, draws.probabilities[example])
        state = draws.seeds[example : example + 1].copy()
        for _ in range(count):
            fill_random(layout.firsts, draws.symbols, tables, state, truth)
            fill_gates(layout, truth)
            count_values(layout, draws.symbols, every_symbol, truth, truth[TRUE_ROW], found.worlds[example])
            for event in range(events.firsts[example], events.firsts[example + 1]):
                fill_event(events, event, truth, bits)
                count_common(bits, bits, found.hits[event])
                depends = events.depends[event]
                count_values(layout, draws.symbols, depends, truth, bits, found.together[event])


@compiled
def tally_clamped(layout, draws, events, above, span, found):  # type: ignore[no-untyped-def]
    """The same, but `together` counts worlds in which an event would hold had a symbol been given a value.

    above: (rows, starts), the gates that depend on symbol s are `rows[starts[s]:starts[s + 1]]`.
    Cost: for each value of each symbol the gates above it and the events that depend on it, once more.
    """
    count, truth, bits = tiles(layout, draws, found.hits.shape[1])
    for example in range(span[0], span[1]):
        probabilities = draws.probabilities[example]
        tables, state = tables_of(layout.firsts, probabilities), draws.seeds[example : example + 1].copy()
        for _ in range(count):
            fill_random(layout.firsts, draws.symbols, tables, state, truth)
            fill_gates(layout, truth)
            for event in range(events.firsts[example], events.firsts[example + 1]):
                fill_event(events, event, truth, bits)
                count_common(bits, bits, found.hits[event])
            for symbol in draws.symbols:
                gates = above[0][above[1][symbol] : above[1][symbol + 1]]
                _clamp(layout, (symbol, gates), probabilities, events, example, (truth, bits), found.together)


@compiled
def _clamp(layout, clamped, probabilities, events, example, tile, found):  # type: ignore[no-untyped-def]
    """Count each event under each possible value of one symbol; the tile is then as it was.

    clamped: the symbol, and the gates above it. tile: its rows, and room for the worlds of an event.
    """
    symbol, gates = clamped
    truth, bits = tile
    first, last = 2 + layout.firsts[symbol], 2 + layout.firsts[symbol + 1]
    before = truth[first:last].copy()
    set_rows(truth, first, last, NONE)
    for row in range(first, last):
        if probabilities[row - 2] > 0.0:
            set_rows(truth, row, row + 1, ONES)
            fill_some(layout, gates, truth)
            for event in range(events.firsts[example], events.firsts[example + 1]):
                if events.depends[event, symbol]:
                    fill_event(events, event, truth, bits)
                    count_common(bits, bits, found[event, :, row - 2])
            set_rows(truth, row, row + 1, NONE)
    for row in range(first, last):
        for w in range(truth.shape[1]):
            truth[row, w] = before[row - first, w]
    fill_some(layout, gates, truth)


@compiled
def tally_values(layout, draws, codes, condition, span, found):  # type: ignore[no-untyped-def]
    """Count worlds in which codes hold, among those in which all codes of a condition do.

    found: (B, codes + 1) zeros; the last column counts the condition alone. All words are one block.
    Cost: O((edges + codes) / 64) words' operations a world, and a draw for each symbol.
    """
    count, truth, allowed = tiles(layout, draws, 1)
    for example in range(span[0], span[1]):
        tables = tables_of(layout.firsts, draws.probabilities[example])
        state = draws.seeds[example : example + 1].copy()
        for _ in range(count):
            fill_random(layout.firsts, draws.symbols, tables, state, truth)
            fill_gates(layout, truth)
            for w in range(len(allowed)):
                allowed[w] = ONES
            for code in condition:
                meet(allowed, truth[code >> 1], flip_of(code))
            count_common(allowed, allowed, found[example, len(codes) :])
            for k in range(len(codes)):
                flip, row, hits = flip_of(codes[k]), truth[codes[k] >> 1], 0
                for w in range(len(allowed)):
                    hits += ones_in(allowed[w] & (row[w] ^ flip))
                found[example, k] += hits
