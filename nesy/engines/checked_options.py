"""The error of an engine's option that is out of range."""

from __future__ import annotations

from nesy.errors import EngineError


def require_option(holds: bool, option: str, value: object, remedy: str) -> None:
    """Raise `EngineError` (invalid-option) unless an option's value is as it has to be.

    remedy: what to give, as in "1 or more". Cost: O(1).
    """
    if not holds:
        raise EngineError("invalid-option", f"{option} is {value!r}", hint=f"give {remedy}")
