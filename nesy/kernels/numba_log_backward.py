"""The backward pass of one tile: the gradient of log-values, from the roots down to the inputs.

The values of the tile are computed again and never leave the cache. A row's gradient goes to each factor of
each of its terms in the proportion of the term to the row; a row that is false passes nothing on.
"""

from __future__ import annotations

from nesy.kernels.numba_log_arguments import Batch, Buffers, Instructions
from nesy.kernels.numba_log_forward import fill, ranged_term
from nesy.kernels.numba_log_vectors import (
    add,
    load,
    multiply,
    power,
    quotient,
    read,
    spread,
    store,
    subtract,
    where_live,
)
from nesy.kernels.numba_plan import ALIKE, HEAD_BITS
from nesy.logic.compiled import compiled


@compiled
def seed(instructions, batch, column, buffers, lanes):  # type: ignore[no-untyped-def]
    """The gradients that rows have of their own: those of the roots, and 0 elsewhere."""
    numbers, gradients, roots, lane = buffers.numbers, buffers.gradients, instructions.roots, len(lanes)
    for row in range(instructions.base + len(instructions.starts) - 1):
        store(gradients, row * lane, spread(0.0, lanes))
    for i in range(len(roots)):
        place = roots[i] * lane
        given = load(batch.root_gradients, i * batch.columns + column, lanes)
        own = where_live(given, load(numbers, place, lanes))
        store(gradients, place, add(load(gradients, place, lanes), own))


@compiled
def give(gradients, place, share, lanes):  # type: ignore[no-untyped-def]
    """Add to the gradient of the row that starts at a place."""
    store(gradients, place, add(load(gradients, place, lanes), share))


@compiled
def plain_gradients(instructions, buffers, stop, lanes):  # type: ignore[no-untyped-def]
    """Hand the gradients of the rows below `stop` on to their factors; all are plain numbers."""
    code, starts, base, lane = instructions.code, instructions.starts, instructions.base, len(lanes)
    numbers, gradients = buffers.numbers, buffers.gradients
    for row in range(stop - 1, base - 1, -1):
        per_unit = quotient(load(gradients, row * lane, lanes), load(numbers, row * lane, lanes))
        at = starts[row - base]
        head = read(code, at)
        terms, factors = head >> HEAD_BITS, head & ALIKE
        at += 1
        if factors == 2:
            for _ in range(terms):
                left, right = read(code, at) * lane, read(code, at + 1) * lane
                part = multiply(load(numbers, left, lanes), load(numbers, right, lanes))
                share = multiply(part, per_unit)
                give(gradients, left, share, lanes)
                give(gradients, right, share, lanes)
                at += 2
        elif factors == 1:
            for _ in range(terms):
                only = read(code, at) * lane
                give(gradients, only, multiply(load(numbers, only, lanes), per_unit), lanes)
                at += 1
        else:
            for _ in range(terms):
                count = read(code, at)
                at += 1
                part = load(numbers, read(code, at) * lane, lanes)
                for place in range(at + 1, at + count):
                    part = multiply(part, load(numbers, read(code, place) * lane, lanes))
                share = multiply(part, per_unit)
                for place in range(at, at + count):
                    give(gradients, read(code, place) * lane, share, lanes)
                at += count


@compiled
def ranged_gradients(instructions, buffers, first, lanes):  # type: ignore[no-untyped-def]
    """Hand the gradients of the rows from `first` on to their factors; all have exponents."""
    code, starts, base, lane = instructions.code, instructions.starts, instructions.base, len(lanes)
    numbers, exponents, gradients = buffers.numbers, buffers.exponents, buffers.gradients
    for row in range(base + len(starts) - 2, first - 1, -1):
        per_unit = quotient(load(gradients, row * lane, lanes), load(numbers, row * lane, lanes))
        top = load(exponents, row * lane, lanes)
        at = starts[row - base]
        head = read(code, at)
        at += 1
        for _ in range(head >> HEAD_BITS):
            count = head & ALIKE
            if count == 0:
                count = read(code, at)
                at += 1
            part, exponent = ranged_term(code, at, count, buffers, lanes)
            share = multiply(multiply(part, power(subtract(exponent, top))), per_unit)
            for place in range(at, at + count):
                give(gradients, read(code, place) * lane, share, lanes)
            at += count


@compiled
def backward(plan, batch, tiles, kept, buffers, results, lanes):  # type: ignore[no-untyped-def]
    """The gradients of the inputs on some tiles.

    plan, batch, tiles, buffers: as in `forward`. kept: what `forward` returned for a single tile whose
    values are still in these buffers; -1 where they are to be computed.
    results: (width * columns,), filled.
    """
    instructions, batch, buffers = Instructions(*plan), Batch(*batch), Buffers(*buffers)
    lane, base = len(lanes), instructions.base
    numbers, gradients = buffers.numbers, buffers.gradients
    for tile in range(tiles[0], tiles[1]):
        column = tile * lane
        first = kept if kept >= 0 else fill(instructions, batch, column, buffers, lanes)
        seed(instructions, batch, column, buffers, lanes)
        ranged_gradients(instructions, buffers, first, lanes)
        plain_gradients(instructions, buffers, first, lanes)
        for row in range(base - 2):
            found = load(gradients, row * lane, lanes)
            store(results, row * batch.columns + column, where_live(found, load(numbers, row * lane, lanes)))
