"""How far surrogates are from the truth, and what is said where that is too far."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import final

REMEDY = "raise first, samples or patience, or use the engine 'exact' or 'sampling'"


class NotConvergedWarning(UserWarning):
    """surrogate-not-converged: what is answered, or learnt from, is not yet what the program says."""

    code = "surrogate-not-converged"


@final
@dataclass(frozen=True)
class Convergence:
    """What has been measured of the surrogates, on beliefs that they have not learnt from.

    gap: the mean of log p(y | P) - log q(y | P) for outputs y drawn from the truth p, in nats, of all modules
    together; inf before the first measurement. tolerance: what it should be at most.
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
    """`NotConvergedWarning`, with the gap and what to do about it."""
    warnings.warn(
        f"[{NotConvergedWarning.code}] the surrogate is {found.gap:.3g} nats from the program, more than the"
        f" {found.tolerance:g} allowed, after {max(found.steps, default=0)} steps: {consequence}; {REMEDY}",
        NotConvergedWarning,
        stacklevel=4,
    )
