"""What is said where the effort was spent before a proof was found."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

from nesy.errors import EngineError


class NoProofWarning(UserWarning):
    """The search for proofs ended, its effort spent, before it had found one for some examples."""


REMEDY = "raise effort, or use the engine 'exact' or 'sat'"


def warn_no_proof(rows: Sequence[int], consequence: str) -> None:
    """Warn that the effort was spent without a proof. rows: of which examples."""
    if rows:
        more = f" and of {len(rows) - 1} more" if len(rows) > 1 else ""
        warnings.warn(
            f"no proof of example {rows[0]} of the batch{more} was found in the effort allowed: "
            f"{consequence}; {REMEDY}",
            NoProofWarning,
            stacklevel=4,
        )


def no_proof(row: int) -> EngineError:
    """`EngineError` (effort-spent): there may be a proof, but none was found."""
    return EngineError(
        "effort-spent",
        f"example {row} of the batch: no proof was found in the effort allowed",
        hint=REMEDY,
    )
