"""The forward pass of one tile: a few columns of the batch, a lane each, through all rows of a circuit.

Rows are computed as plain float64 numbers while all of them stay between 2^-200 and 2^200, or 0: a
multiplication per factor and an addition per term. From the first row on that would not, every row has
exponents of its own, lane by lane, and nothing is lost however far apart values are.
"""

from __future__ import annotations

from nesy.kernels.numba_log_arguments import Batch, Buffers, Instructions
from nesy.kernels.numba_log_scale import (
    HIGH,
    LEAST,
    LOW,
    NEVER,
    PER_CHECK,
    in_range,
    in_steps,
    parts_of,
    where_dead,
)
from nesy.kernels.numba_log_vectors import (
    add,
    any_above,
    any_unequal,
    choice,
    larger,
    load,
    multiply,
    outside,
    power,
    read,
    spread,
    store,
    subtract,
)
from nesy.kernels.numba_plan import ALIKE, HEAD_BITS
from nesy.logic.compiled import compiled


@compiled
def load_inputs(batch, column, width, numbers, lanes):  # type: ignore[no-untyped-def]
    """Fill the rows of the inputs and constants of a tile; whether all are in range as they are.

    batch: a `Batch`. column: where the tile starts.
    """
    lane = len(lanes)
    far = spread(190.0, lanes)
    plain = True
    for row in range(width):
        number, exponent = parts_of(load(batch.inputs, row * batch.columns + column, lanes), lanes)
        store(numbers, row * lane, multiply(number, power(exponent)))
        distance = larger(exponent, subtract(spread(0.0, lanes), exponent))
        live = choice(subtract(exponent, spread(LEAST * 10, lanes)), distance, spread(0.0, lanes))
        plain = plain and not any_above(live, far)
    store(numbers, width * lane, spread(0.0, lanes))
    store(numbers, (width + 1) * lane, spread(1.0, lanes))
    return plain


@compiled
def load_ranged_inputs(batch, column, width, buffers, lanes):  # type: ignore[no-untyped-def]
    """Fill the rows of the inputs and constants of a tile, numbers and exponents."""
    numbers, exponents, lane = buffers.numbers, buffers.exponents, len(lanes)
    for row in range(width):
        number, exponent = parts_of(load(batch.inputs, row * batch.columns + column, lanes), lanes)
        number, exponent = in_steps(number, exponent, lanes)
        store(numbers, row * lane, number)
        store(exponents, row * lane, exponent)
    store(exponents, width * lane, spread(NEVER, lanes))
    store(exponents, (width + 1) * lane, spread(0.0, lanes))


@compiled
def zero_exponents(numbers, exponents, rows, lanes):  # type: ignore[no-untyped-def]
    """The exponents of rows that hold plain numbers."""
    for row in range(rows):
        number = load(numbers, row * len(lanes), lanes)
        store(exponents, row * len(lanes), where_dead(number, spread(0.0, lanes), lanes))


@compiled
def plain_rows(instructions, numbers, lanes):  # type: ignore[no-untyped-def]
    """Compute rows as plain numbers; the first row that cannot be, or the number of rows."""
    code, base, lane = instructions.code, instructions.base, len(lanes)
    low, high = spread(LOW, lanes), spread(HIGH, lanes)
    rows = base + len(instructions.starts) - 1
    at = 0
    for row in range(base, rows):
        head = read(code, at)
        terms, factors = head >> HEAD_BITS, head & ALIKE
        at += 1
        total = spread(0.0, lanes)
        if factors == 2:
            for _ in range(terms):
                left = load(numbers, read(code, at) * lane, lanes)
                total = add(total, multiply(left, load(numbers, read(code, at + 1) * lane, lanes)))
                at += 2
        elif factors == 1:
            for _ in range(terms):
                total = add(total, load(numbers, read(code, at) * lane, lanes))
                at += 1
        else:
            for _ in range(terms):
                count = read(code, at)
                at += 1
                part, checked = load(numbers, read(code, at) * lane, lanes), at
                for place in range(at + 1, at + count):
                    part = multiply(part, load(numbers, read(code, place) * lane, lanes))
                    if place == checked + PER_CHECK:
                        checked = place
                        if outside(part, low, high):
                            return row
                total = add(total, part)
                at += count
        if outside(total, low, high):
            return row
        store(numbers, row * lane, total)
    return rows


@compiled
def ranged_term(code, at, count, buffers, lanes):  # type: ignore[no-untyped-def]
    """The product of a term's factors, `count` of them from `at` on: number and exponent."""
    numbers, exponents, lane = buffers.numbers, buffers.exponents, len(lanes)
    low, high = spread(LOW, lanes), spread(HIGH, lanes)
    part = load(numbers, read(code, at) * lane, lanes)
    exponent = load(exponents, read(code, at) * lane, lanes)
    checked = at
    for place in range(at + 1, at + count):
        part = multiply(part, load(numbers, read(code, place) * lane, lanes))
        exponent = add(exponent, load(exponents, read(code, place) * lane, lanes))
        if place == checked + PER_CHECK:
            checked = place
            if outside(part, low, high):
                part, exponent = in_range(part, exponent, lanes)
    return part, exponent


@compiled
def ranged_rows(instructions, buffers, first, lanes):  # type: ignore[no-untyped-def]
    """Compute rows from `first` on as numbers with exponents."""
    code, starts, base, lane = instructions.code, instructions.starts, instructions.base, len(lanes)
    numbers, exponents = buffers.numbers, buffers.exponents
    low, high = spread(LOW, lanes), spread(HIGH, lanes)
    at = starts[first - base]
    for row in range(first, base + len(starts) - 1):
        head = read(code, at)
        at += 1
        total, top = spread(0.0, lanes), spread(NEVER, lanes)
        for _ in range(head >> HEAD_BITS):
            count = head & ALIKE
            if count == 0:
                count = read(code, at)
                at += 1
            part, exponent = ranged_term(code, at, count, buffers, lanes)
            if any_unequal(exponent, top):
                above = larger(exponent, top)
                total = multiply(total, power(subtract(top, above)))
                part = multiply(part, power(subtract(exponent, above)))
                top = above
            total = add(total, part)
            at += count
        if outside(total, low, high):
            total, top = in_range(total, top, lanes)
        store(numbers, row * lane, total)
        store(exponents, row * lane, where_dead(total, top, lanes))


@compiled
def fill(instructions, batch, column, buffers, lanes):  # type: ignore[no-untyped-def]
    """Compute all rows of a tile; the first row that has exponents, or the number of rows if none has."""
    base, numbers = instructions.base, buffers.numbers
    rows = base + len(instructions.starts) - 1
    first = base
    if load_inputs(batch, column, base - 2, numbers, lanes):
        first = plain_rows(instructions, numbers, lanes)
        if first == rows:
            return rows
        zero_exponents(numbers, buffers.exponents, first, lanes)
    else:
        load_ranged_inputs(batch, column, base - 2, buffers, lanes)
    ranged_rows(instructions, buffers, first, lanes)
    return first


@compiled
def forward(plan, batch, tiles, buffers, results, lanes):  # type: ignore[no-untyped-def]
    """The values of the roots on some tiles; what `fill` says of the last of them.

    plan: what makes an `Instructions`; batch, a `Batch`; buffers, a `Buffers`: plain tuples, which take a
    tenth of the time to hand over. tiles: (first, last), of `lanes` columns each.
    results: (2 * len(roots) * columns,); filled with the numbers and then the exponents of the roots.
    """
    instructions, batch, buffers = Instructions(*plan), Batch(*batch), Buffers(*buffers)
    lane, roots, columns = len(lanes), instructions.roots, batch.columns
    rows = instructions.base + len(instructions.starts) - 1
    half = len(roots) * columns
    first = rows
    for tile in range(tiles[0], tiles[1]):
        column = tile * lane
        first = fill(instructions, batch, column, buffers, lanes)
        for i in range(len(roots)):
            place = roots[i] * lane
            store(results, i * columns + column, load(buffers.numbers, place, lanes))
            exponent = spread(0.0, lanes) if first == rows else load(buffers.exponents, place, lanes)
            store(results, half + i * columns + column, exponent)
    return first
