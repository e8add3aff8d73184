"""Stages of many symbols, drawn as a rule is read: a symbol only in those particles in which it matters.

Rows get two rails, whether they may hold and whether they must, as symbols become known one by one. A symbol
matters in a particle where rows that are still open lead from it to what the stage decides or hands on: the
transition out of a state that a chain is not in does not. What matters follows from what was read before, so
that reading is a decision tree, and what it leaves unread has its prior probability given the event. Unread
symbols therefore add no weight and no noise (Rao-Blackwellisation; Casella and Robert 1996).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nesy.kernels.worlds.bits import NONE, ONE, ONES, set_rows
from nesy.kernels.worlds.particles import DEFENSIVE, UNREAD, add, keep
from nesy.kernels.worlds.plan import TRUE_ROW
from nesy.kernels.worlds.random import scatter
from nesy.kernels.worlds.words import first_in
from nesy.logic.compiled import compiled

FEWEST = 3
"""Stages of so many symbols are read. Of two, hardly one is superfluous."""


class Rails(NamedTuple):
    """What is known of rows while a stage is read, each (rows, words).

    may, must: whether a row can hold, and whether it holds whatever is yet to be read. may is the particles'
    truth. matters: whether what is open about a row is still asked for.
    """

    may: NDArray[np.uint64]
    must: NDArray[np.uint64]
    matters: NDArray[np.uint64]


class Reading(NamedTuple):
    """A stage.

    symbols: those it draws. rows: those it computes, children first. codes: those it decides. leaving: rows
    that later stages look at.
    """

    symbols: NDArray[np.int64]
    rows: NDArray[np.int32]
    codes: NDArray[np.int32]
    leaving: NDArray[np.int64]


@compiled
def is_read(stages, stage):  # type: ignore[no-untyped-def]
    """Whether a stage is drawn by `read`."""
    return stages.drawn[stage + 1] - stages.drawn[stage] >= FEWEST


@compiled
def rails_of(stages, truth):  # type: ignore[no-untyped-def]
    """Room for the rails; none where no stage is read."""
    used = False
    for stage in range(len(stages.known) - 1):
        used = used or is_read(stages, stage)
    shape = truth.shape if used else (1, 1)
    must = np.empty(shape, np.uint64)
    set_rows(must, TRUE_ROW, TRUE_ROW + 1, ONES)
    return Rails(truth, must, np.empty(shape, np.uint64))


@compiled
def read(layout, stages, stage, probabilities, particles, rails):  # type: ignore[no-untyped-def]
    """Draw the symbols of a stage, and weigh the particles by whether its codes hold.

    Cost: for each symbol that matters anywhere, all rows of the stage once, and those above the symbol for
    each of its values and once more, on two rails.
    """
    reading, first = _enter(stages, stage, rails), stages.drawn[stage]
    for symbol in reading.symbols:
        _forget(layout, symbol, probabilities, rails)
    for row in reading.rows:
        _compute(layout, row, rails)
    for at in range(len(reading.symbols)):
        symbol, world = reading.symbols[at], particles.worlds[first + at]
        insured = DEFENSIVE if at + 1 < len(reading.symbols) else 0.0
        _mark(layout, reading, rails)
        wanted = _wanted(layout, symbol, rails)
        if not wanted.any():
            world[:] = UNREAD
            continue
        possible = _possible(layout, (reading, symbol), stages.masks, probabilities, wanted, rails)
        _draw(probabilities[layout.firsts[symbol] :], insured, wanted, possible, particles, world)
        _forget(layout, symbol, probabilities, rails)
        _show(layout, symbol, world, rails)
        _compute_above(layout, reading, symbol, stages.masks, rails)
    keep(reading.codes, particles)


@compiled
def _enter(stages, stage, rails):  # type: ignore[no-untyped-def]
    """The stage, and rails for the rows it finds."""
    before = stages.before[stages.before_starts[stage] : stages.before_starts[stage + 1]]
    after = stages.after[stages.after_starts[stage] : stages.after_starts[stage + 1]]
    leaving, count = np.empty(len(stages.crossing), np.int64), 0
    for at in range(len(stages.crossing)):
        row, begin, until = stages.crossing[at]
        if begin == stage:
            leaving[count] = row
            count += 1
        elif begin < stage <= until:
            for w in range(rails.may.shape[1]):
                rails.must[row, w] = rails.may[row, w]
    symbols = stages.symbols[stages.drawn[stage] : stages.drawn[stage + 1]]
    codes = stages.codes[stages.known[stage] : stages.known[stage + 1]]
    return Reading(symbols, np.concatenate((before, after)), codes, leaving[:count])


@compiled
def _forget(layout, symbol, probabilities, rails):  # type: ignore[no-untyped-def]
    """Rails of a symbol that is not read: any value of it may be, and an only one must."""
    begin, end, possible = layout.firsts[symbol], layout.firsts[symbol + 1], 0
    for place in range(begin, end):
        possible += probabilities[place] > 0.0
    for place in range(begin, end):
        may = probabilities[place] > 0.0
        set_rows(rails.may, 2 + place, 3 + place, ONES if may else NONE)
        set_rows(rails.must, 2 + place, 3 + place, ONES if may and possible == 1 else NONE)


@compiled
def _compute(layout, row, rails):  # type: ignore[no-untyped-def]
    """Both rails of a gate, the conjunction of its codes."""
    may, must = rails.may[row], rails.must[row]
    for w in range(len(may)):
        may[w], must[w] = ONES, ONES
    for at in range(layout.starts[row - layout.gates], layout.starts[row - layout.gates + 1]):
        child = layout.codes[at] >> 1
        upper, lower = rails.may[child], rails.must[child]
        if layout.codes[at] & 1:
            for w in range(len(may)):
                may[w] &= ~lower[w]
                must[w] &= ~upper[w]
        else:
            for w in range(len(may)):
                may[w] &= upper[w]
                must[w] &= lower[w]


@compiled
def _can_hold(codes, rails, bits):  # type: ignore[no-untyped-def]
    """The particles in which all codes still may hold, into bits."""
    for w in range(len(bits)):
        bits[w] = ONES
    for code in codes:
        upper, lower = rails.may[code >> 1], rails.must[code >> 1]
        for w in range(len(bits)):
            bits[w] &= ~lower[w] if code & 1 else upper[w]


@compiled
def _mark(layout, reading, rails):  # type: ignore[no-untyped-def]
    """Where each row below what the stage decides and hands on matters; not in particles that are dead."""
    may, must, matters = rails.may, rails.must, rails.matters
    alive = np.empty(may.shape[1], np.uint64)
    _can_hold(reading.codes, rails, alive)
    for row in reading.rows:
        set_rows(matters, row, row + 1, NONE)
    for symbol in reading.symbols:
        set_rows(matters, 2 + layout.firsts[symbol], 2 + layout.firsts[symbol + 1], NONE)
    for code in reading.codes:
        _ask(may, must, matters, alive, code >> 1)
    for row in reading.leaving:
        _ask(may, must, matters, alive, row)
    for k in range(len(reading.rows) - 1, -1, -1):
        row = reading.rows[k]
        for at in range(layout.starts[row - layout.gates], layout.starts[row - layout.gates + 1]):
            _ask(may, must, matters, matters[row], layout.codes[at] >> 1)


@compiled
def _ask(may, must, matters, asking, row):  # type: ignore[no-untyped-def]
    """A row matters where it is asked for and open."""
    for w in range(len(asking)):
        matters[row, w] |= asking[w] & (may[row, w] ^ must[row, w])


@compiled
def _wanted(layout, symbol, rails):  # type: ignore[no-untyped-def]
    """The particles in which a symbol matters."""
    wanted = np.zeros(rails.may.shape[1], np.uint64)
    for place in range(layout.firsts[symbol], layout.firsts[symbol + 1]):
        row = rails.matters[2 + place]
        for w in range(len(wanted)):
            wanted[w] |= row[w]
    return wanted


@compiled
def _possible(layout, read, masks, probabilities, wanted, rails):  # type: ignore[no-untyped-def]
    """(values, words): the wanted particles in which the codes may hold once a symbol has each value.

    read: the stage and the symbol. Rails are left as the last value tried makes them.
    """
    reading, symbol = read
    begin, size = layout.firsts[symbol], layout.firsts[symbol + 1] - layout.firsts[symbol]
    possible = np.zeros((size, len(wanted)), np.uint64)
    _set_both(2 + begin, 2 + begin + size, NONE, rails)
    for value in range(size):
        if probabilities[begin + value] > 0.0:
            row = 2 + begin + value
            _set_both(row, row + 1, ONES, rails)
            _compute_above(layout, reading, symbol, masks, rails)
            _can_hold(reading.codes, rails, possible[value])
            for w in range(len(wanted)):
                possible[value, w] &= wanted[w]
            _set_both(row, row + 1, NONE, rails)
    return possible


@compiled
def _set_both(first, last, word, rails):  # type: ignore[no-untyped-def]
    set_rows(rails.may, first, last, word)
    set_rows(rails.must, first, last, word)


@compiled
def _compute_above(layout, reading, symbol, masks, rails):  # type: ignore[no-untyped-def]
    """The rows of the stage that depend on a symbol."""
    marks, bit = masks[symbol >> 6], np.uint64(symbol & 63)
    for row in reading.rows:
        if (marks[row] >> bit) & ONE:
            _compute(layout, row, rails)


@compiled
def _draw(beliefs, insured, wanted, possible, particles, world):  # type: ignore[no-untyped-def]
    """Draw a symbol's value in each wanted particle from those that are possible there; weigh it.

    insured: the share of the draw that goes to all possible values alike. possible: (values, words). A
    particle without any dies; where the symbol is not wanted it stays unread.
    """
    totals, counts = np.zeros(len(world)), np.zeros(len(world))
    for value in range(len(possible)):
        add(possible[value], beliefs[value], totals)
        add(possible[value], 1.0, counts)
    aims = totals.copy()
    for base in range(0, len(world), particles.own):
        scatter(particles.state, aims[base : base + particles.own])
    for at in range(len(world)):
        world[at] = UNREAD
        if totals[at] == 0.0 and (wanted[at >> 6] >> np.uint64(at & 63)) & ONE:
            particles.weights[at] = 0.0
    for value in range(len(possible)):
        for w in range(possible.shape[1]):
            word = possible[value, w]
            while word:
                at = 64 * w + first_in(word)
                if aims[at] >= 0.0:
                    # As in `take`: rounding may leave an aim beyond the sum.
                    world[at] = value
                    aims[at] -= (1.0 - insured) * beliefs[value] + insured * totals[at] / counts[at]
                word &= word - ONE
    for at in range(len(world)):
        if world[at] != UNREAD:
            belief = beliefs[world[at]]
            particles.weights[at] *= belief / ((1.0 - insured) * belief / totals[at] + insured / counts[at])


@compiled
def _show(layout, symbol, world, rails):  # type: ignore[no-untyped-def]
    """Rails of a symbol's values in the particles that have read it."""
    first, last = 2 + layout.firsts[symbol], 2 + layout.firsts[symbol + 1]
    read = np.zeros(rails.may.shape[1], np.uint64)
    for at in range(len(world)):
        if world[at] != UNREAD:
            read[at >> 6] |= ONE << np.uint64(at & 63)
    for row in range(first, last):
        for w in range(len(read)):
            rails.may[row, w] &= ~read[w]
            rails.must[row, w] &= ~read[w]
    for at in range(len(world)):
        if world[at] != UNREAD:
            bit = ONE << np.uint64(at & 63)
            rails.may[first + world[at], at >> 6] |= bit
            rails.must[first + world[at], at >> 6] |= bit
