"""What the SAT-backed engine may be told, checked."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral
from typing import Literal

from nesy.engines.checked_options import (
    require_above_zero,
    require_number,
    require_one_of,
    require_option,
    require_seed,
    require_whole,
)

Training = Literal["abduction", "perturb-and-map"]
"""What `loss` is: see `Sat`."""
TRAININGS = ("abduction", "perturb-and-map")


@dataclass(frozen=True)
class Options:
    """The fields of `Sat`, which says what they mean. Raises `EngineError` (invalid-option)."""

    scale: float = 1000.0
    time_limit: float | None = None
    jobs: int | None = 1
    worlds: int = 1
    training: Training = "abduction"
    perturb: float = 1.0
    seed: int | None = 0

    def __post_init__(self) -> None:
        require_above_zero("scale", self.scale, "a finite number above 0")
        require_number("perturb", self.perturb, "a finite number that is not negative")
        if self.time_limit is not None:
            require_above_zero("time_limit", self.time_limit, "seconds above 0, or None")
        jobs: object = self.jobs
        whole = not isinstance(jobs, bool) and isinstance(jobs, Integral) and jobs != 0
        remedy = "1 or more, -1 for all cores, or None for joblib's own setting"
        require_option(whole or jobs is None, "jobs", jobs, remedy)
        require_one_of("training", self.training, TRAININGS)
        require_whole("worlds", self.worlds, 1)
        require_seed(self.seed)
