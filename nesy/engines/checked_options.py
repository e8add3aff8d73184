"""The error of an engine's option that is out of range, or is no number where one is needed."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from numbers import Integral, Real

from nesy.errors import EngineError

SEEDS = 1 << 63
"""Seeds are below this: every generator of random numbers takes them."""


def require_option(holds: bool, option: str, value: object, remedy: str) -> None:
    """Raise `EngineError` (invalid-option) unless an option's value is as it has to be.

    remedy: what to give, as in "1 or more". Cost: O(1).
    """
    if not holds:
        raise EngineError("invalid-option", f"{option} is {value!r}", hint=f"give {remedy}")


def require_whole(option: str, value: object, least: int) -> None:
    """Raise `EngineError` (invalid-option) unless a value is a whole number, and not below the least.

    Cost: O(1).
    """
    holds = _is_whole(value) and value >= least  # type: ignore[operator]
    require_option(holds, option, value, f"a whole number, {least} or more")


def require_number(option: str, value: object, remedy: str, *, low: float = 0.0, high: float = inf) -> None:
    """Raise `EngineError` (invalid-option) unless a value is a finite number from `low` to `high`.

    Cost: O(1).
    """
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    holds = is_number and low <= value <= high and abs(value) < inf  # type: ignore[operator, arg-type]
    require_option(holds, option, value, remedy)


def require_above_zero(option: str, value: object, remedy: str) -> None:
    """Raise `EngineError` (invalid-option) unless a value is a finite number above 0. Cost: O(1)."""
    require_number(option, value, remedy)
    require_option(value != 0, option, value, remedy)


def require_one_of(option: str, value: object, known: Sequence[str]) -> None:
    """Raise `EngineError` (invalid-option) unless a value is one of some words. Cost: O(words)."""
    require_option(value in known, option, value, f"one of {', '.join(known)}")


def require_seed(value: object) -> None:
    """Raise `EngineError` (invalid-option) unless a value is None, or a whole number that is no less than 0.

    Cost: O(1).
    """
    holds = value is None or (_is_whole(value) and 0 <= value < SEEDS)  # type: ignore[operator]
    require_option(holds, "seed", value, "a whole number, 0 or more, or None for a fresh seed")


def _is_whole(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)
