"""The errors of beliefs that are not there, and of those that are no numbers."""

from __future__ import annotations

from nesy.errors import EngineError
from nesy.logic.program import Symbol


def needs_networks(symbol: Symbol, remedy: str) -> EngineError:
    """`EngineError` (needs-networks), at the symbol's place in the rules."""
    return EngineError(
        "needs-networks",
        f"the probability of {symbol.name} comes from a network",
        span=symbol.span,
        hint=remedy,
    )


def not_numbers() -> EngineError:
    """`EngineError` (invalid-beliefs): some of them are NaN."""
    return EngineError(
        "invalid-beliefs",
        "the beliefs contain NaN",
        hint="a network has diverged: lower its learning rate, or check its inputs",
    )


def not_log_probabilities() -> EngineError:
    """`EngineError` (invalid-beliefs): some of them are +infinity."""
    return EngineError(
        "invalid-beliefs",
        "the beliefs contain +inf, which is the logarithm of no probability",
        hint="-inf makes a value impossible; to make one certain, make the others impossible",
    )
