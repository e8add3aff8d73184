"""Worlds by the bit: sixty-four in a word, a tile of words at a time through all gates. Compiled by numba.

A tile's rows stay in the cache, so each code of a gate costs a few vector instructions for a thousand worlds.
"""

from __future__ import annotations

import numpy as np

from nesy.kernels.worlds.plan import TRUE_ROW
from nesy.kernels.worlds.words import every, first_in, met, put
from nesy.logic.compiled import compiled, inlined

WORD = 64
"""Worlds in a word."""

TILE = 32
"""Words of a tile, at most: 2,048 worlds, so that rows by the thousand fit into a core's own cache."""

ONES = np.uint64(0xFFFFFFFFFFFFFFFF)
NONE, ONE = np.uint64(0), np.uint64(1)

SIXTEEN, FOUR = (0,) * 16, (0,) * 4
"""As many lanes as they are long."""


@inlined
def flip_of(code):  # type: ignore[no-untyped-def]
    """The word that turns a row into what a code means of it: all ones for a negation."""
    return np.uint64(0) - np.uint64(code & 1)


@compiled
def set_rows(truth, first, last, word):  # type: ignore[no-untyped-def]
    """Put the same word into all places of some rows. A loop, like all here: slices take long to compile."""
    for row in range(first, last):
        for w in range(truth.shape[1]):
            truth[row, w] = word


@compiled
def conjunction(truth, words, row, codes, first, last):  # type: ignore[no-untyped-def]
    """Fill a row with the conjunction of the codes from `first` up to `last`.

    truth: (rows * words,), rows one after the other.
    """
    base, out = 0, row * words
    while base + 16 <= words:
        held = every(SIXTEEN)
        for at in range(first, last):
            held = met(held, truth, (codes[at] >> 1) * words + base, flip_of(codes[at]))
        put(truth, out + base, held)
        base += 16
    while base + 4 <= words:
        part = every(FOUR)
        for at in range(first, last):
            part = met(part, truth, (codes[at] >> 1) * words + base, flip_of(codes[at]))
        put(truth, out + base, part)
        base += 4
    while base < words:
        word = ONES
        for at in range(first, last):
            word &= truth[(codes[at] >> 1) * words + base] ^ flip_of(codes[at])
        truth[out + base] = word
        base += 1


@compiled
def fill_gates(layout, truth):  # type: ignore[no-untyped-def]
    """Compute all gates of a tile from its leaves. Cost: O(edges * words)."""
    set_rows(truth, TRUE_ROW, TRUE_ROW + 1, ONES)
    flat, words = truth.reshape(-1), truth.shape[1]
    for gate in range(len(layout.starts) - 1):
        first, last = layout.starts[gate], layout.starts[gate + 1]
        conjunction(flat, words, layout.gates + gate, layout.codes, first, last)


@compiled
def pack(layout, worlds, first, last, truth):  # type: ignore[no-untyped-def]
    """Set the leaves of a tile: worlds (S, n) from `first` up to `last`, a bit each.

    A value that a symbol does not have makes none of its leaves hold. Cost: O(n) a world.
    """
    set_rows(truth, 0, layout.gates, NONE)
    symbols = min(worlds.shape[1], len(layout.firsts) - 1)
    for at in range(first, last):
        word, bit = (at - first) >> 6, ONE << np.uint64((at - first) & 63)
        for symbol in range(symbols):
            place = layout.firsts[symbol] + worlds[at, symbol]
            if layout.firsts[symbol] <= place < layout.firsts[symbol + 1]:
                truth[layout.leaves[place], word] |= bit


@compiled
def fill_literals(layout, codes, worlds, span, found):  # type: ignore[no-untyped-def]
    """The truth of each code in worlds (S, n), for the words of a span (first, last).

    found: (codes, words of S) uint64; bits beyond S are of no world.
    """
    rows = layout.gates + len(layout.starts) - 1
    truth = np.empty((rows, min(TILE, span[1] - span[0])), np.uint64)
    for start in range(span[0], span[1], TILE):
        stop = min(start + TILE, span[1])
        pack(layout, worlds, WORD * start, min(WORD * stop, len(worlds)), truth)
        fill_gates(layout, truth)
        for k in range(len(codes)):
            flip = flip_of(codes[k])
            for w in range(stop - start):
                found[k, start + w] = truth[codes[k] >> 1, w] ^ flip


@compiled
def fill_values(layout, codes, groups, worlds, span, found):  # type: ignore[no-untyped-def]
    """The first value of each output that holds in each world, where one does; span in words.

    groups: output i has the codes from `groups[i]` up to `groups[i + 1]`. found: (S, m), filled with -1.
    """
    rows = layout.gates + len(layout.starts) - 1
    truth = np.empty((rows, min(TILE, span[1] - span[0])), np.uint64)
    for start in range(span[0], span[1], TILE):
        last = min(WORD * min(start + TILE, span[1]), len(worlds))
        pack(layout, worlds, WORD * start, last, truth)
        fill_gates(layout, truth)
        for output in range(len(groups) - 1):
            for k in range(groups[output + 1] - 1, groups[output] - 1, -1):
                flip, row, value = flip_of(codes[k]), truth[codes[k] >> 1], k - groups[output]
                for at in range(WORD * start, last, WORD):
                    bits = row[(at >> 6) - start] ^ flip
                    if last - at < WORD:
                        bits &= (ONE << np.uint64(last - at)) - ONE
                    while bits:
                        found[at + first_in(bits), output] = value
                        bits &= bits - ONE
