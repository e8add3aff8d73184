"""How far surrogates are from the truth, and what is said where that is too far."""

from __future__ import annotations

import sys
import warnings
from dataclasses import dataclass
from math import isfinite
from types import FrameType
from typing import final

REMEDY = "raise first, samples or patience, or use the engine 'exact' or 'sampling'"

UNMEASURED = "use the engine 'exact', 'sampling' or 'sat'"
"""The remedy where more learning will hardly help."""


class NotConvergedWarning(UserWarning):
    """surrogate-not-converged: what is answered, or learnt from, is not yet what the program says."""

    code = "surrogate-not-converged"


@final
@dataclass(frozen=True)
class Convergence:
    """What has been measured of the surrogates, on beliefs that they have not learnt from.

    gap: the mean of log p(y | P) - log q(y | P) for outputs y drawn from the truth p, in nats, of all modules
    together; inf before the first measurement, and where nothing can be said: no world that was drawn met the
    condition, or the truth of none is known. tolerance: what it should be at most.
    gaps: that of each kind of module, for one module. counts: how many modules are of each kind.
    errors: of each kind, the root mean square error of its probabilities.
    steps: how many steps each kind has learnt. history: (steps, gap), each measurement of the whole.
    """

    gap: float
    tolerance: float
    gaps: tuple[float, ...]
    counts: tuple[int, ...]
    errors: tuple[float, ...]
    steps: tuple[int, ...]
    history: tuple[tuple[int, float], ...]

    @property
    def converged(self) -> bool:
        """Whether the gap is within the tolerance."""
        return self.gap <= self.tolerance


def warn_not_converged(found: Convergence, consequence: str) -> None:
    """`NotConvergedWarning`, with the gap and what to do about it, at the user's line."""
    far, remedy = (
        f"is {found.gap:.3g} nats from the program, more than the {found.tolerance:g} allowed",
        REMEDY,
    )
    if not isfinite(found.gap):
        far = "was not measured: no world was drawn that meets the condition, or none that can be judged"
        remedy = UNMEASURED
    warnings.warn(
        f"[{NotConvergedWarning.code}] the surrogate {far}, after {max(found.steps, default=0)} steps:"
        f" {consequence}; {remedy}",
        NotConvergedWarning,
        stacklevel=_frames_of_ours(),
    )


def _frames_of_ours() -> int:
    """How far above is the first frame that is neither of this package nor of torch: the user's."""
    frame, found = sys._getframe(1), 1
    while frame.f_back is not None and _is_passed_through(frame):
        frame, found = frame.f_back, found + 1
    return found


def _is_passed_through(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__", "")).split(".")[0] in ("nesy", "torch", "contextlib")
