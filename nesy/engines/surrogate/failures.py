"""The errors of surrogates."""

from __future__ import annotations

from nesy.errors import EngineError


def condition_ruled_out(row: int) -> EngineError:
    """`EngineError` (condition-never-met): beliefs of probability 0 leave no world that is wanted."""
    return EngineError(
        "condition-never-met",
        f"example {row} of the batch: the beliefs rule out every world that meets the evidence, the "
        "constraints and what was observed",
        hint="a belief of 0 is final: give what is improbable a small probability, or check the label",
    )
