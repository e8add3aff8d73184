"""Numbers with a range of their own: a vector of float64, and a vector of powers of two that multiply it.

A value is `number * 2**exponent`. Exponents are whole multiples of `STEP`, kept as float64, and 0 unless the
number would leave the range from 2^-200 to 2^200. A value of false is the number 0, and its exponent is
`NEVER`.
"""

from __future__ import annotations

from math import factorial, log

from nesy.kernels.numba_log_vectors import (
    add,
    choice,
    multiply,
    nearest,
    outside,
    power,
    spread,
    subtract,
)
from nesy.logic.compiled import compiled

STEP = 400.0
LOW = 2.0**-200
HIGH = 2.0**200
NEVER = -1e30
"""An exponent below that of any live value, however many of them are multiplied."""

LEAST = -1e25
"""Log-weights below this, in nats, are false."""

PER_CHECK = 3
"""How many factors may follow one before the product is brought back: 2^-800 and 2^800 are in float64."""

_PER_NAT = 1.0 / log(2.0)
# ln 2 in two parts, the first so short that its product with a whole number below 2^20 is exact.
LN2_HIGH = int(log(2.0) * 2**32) / 2**32
LN2_LOW = 1.9082149292705877e-10
_COEFFICIENTS = tuple(1.0 / factorial(k) for k in range(13, -1, -1))


@compiled
def parts_of(logs, lanes):  # type: ignore[no-untyped-def]
    """(number, exponent) of log-weights in nats, the number in [0.7, 1.5] and the exponent any whole number.

    The exponent of false is `NEVER`. Error: 2 units in the last place of the number, and the rounding of
    logs itself.
    """
    least = spread(LEAST, lanes)
    exponent = nearest(multiply(logs, spread(_PER_NAT, lanes)))
    rest = subtract(logs, multiply(exponent, spread(LN2_HIGH, lanes)))
    rest = subtract(rest, multiply(exponent, spread(LN2_LOW, lanes)))
    # Where logs are so large that whole nats are lost, the rest is noise: keep it in the series' range.
    rest = between(spread(-0.36, lanes), rest, spread(0.36, lanes))
    number = spread(_COEFFICIENTS[0], lanes)
    for k in range(1, 14):
        number = add(multiply(number, rest), spread(_COEFFICIENTS[k], lanes))
    false = subtract(least, logs)
    return choice(false, spread(0.0, lanes), number), choice(false, spread(NEVER, lanes), exponent)


@compiled
def between(low, value, high):  # type: ignore[no-untyped-def]
    """The value, but low where it is below that, and high where it is above."""
    value = choice(subtract(value, high), high, value)
    return choice(subtract(low, value), low, value)


@compiled
def in_steps(number, exponent, lanes):  # type: ignore[no-untyped-def]
    """The same value with an exponent that is a multiple of `STEP`."""
    step = spread(STEP, lanes)
    whole = multiply(nearest(multiply(exponent, spread(1.0 / STEP, lanes))), step)
    # At most half a step, but for exponents so large that whole steps are lost.
    rest = between(spread(-STEP / 2, lanes), subtract(exponent, whole), spread(STEP / 2, lanes))
    number = multiply(number, power(rest))
    return number, where_dead(number, whole, lanes)


@compiled
def where_dead(number, exponent, lanes):  # type: ignore[no-untyped-def]
    """The exponent, but `NEVER` where the number is 0."""
    return choice(number, exponent, spread(NEVER, lanes))


@compiled
def in_range(number, exponent, lanes):  # type: ignore[no-untyped-def]
    """The same value with its number in range."""
    low, high, step = spread(LOW, lanes), spread(HIGH, lanes), spread(STEP, lanes)
    none = spread(0.0, lanes)
    up, down = spread(2.0**STEP, lanes), spread(2.0**-STEP, lanes)
    # No finite number is further out than three steps.
    for _ in range(3):
        if not outside(number, low, high):
            break
        faint, large = subtract(low, number), subtract(number, high)
        exponent = subtract(exponent, choice(faint, step, none))
        exponent = add(exponent, choice(large, step, none))
        number = choice(faint, multiply(number, up), choice(large, multiply(number, down), number))
    return number, exponent
