"""The errors of searches that find no world to answer with."""

from __future__ import annotations

from collections.abc import Iterable

from nesy.errors import EngineError
from nesy.logic.program import Output


def impossible_target(row: int, wanted: Iterable[tuple[Output, int]], *, by_beliefs: bool) -> EngineError:
    """`EngineError` (impossible-target). by_beliefs: whether other beliefs would allow it."""
    named = ", ".join(f"{output.name} = {output.domain[value]}" for output, value in wanted)
    reason = "the beliefs rule out every world of" if by_beliefs else "no world gives"
    return EngineError(
        "impossible-target",
        f"example {row} of the batch: {reason} {named}",
        hint="check the label, or use -1 where an output was not observed",
    )


def no_output_value(row: int, output: Output) -> EngineError:
    """`EngineError` (no-output-value)."""
    return EngineError(
        "no-output-value",
        f"example {row} of the batch: no value of {output.name} holds in the most probable world",
        hint="the rules leave this output undefined there; add a rule for the remaining cases",
    )


def out_of_time(row: int, seconds: float | None) -> EngineError:
    """`EngineError` (time-limit): no world at all was seen in time."""
    return EngineError(
        "time-limit",
        f"example {row} of the batch: no world that meets the rules was found within {seconds:g} s",
        hint="raise time_limit, or leave it out: the search then ends with the best world",
    )
