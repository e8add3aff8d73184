"""What the SAT-backed engine may be told, checked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from nesy.engines.checked_options import require_option

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
        require_option(0 < self.scale < math.inf, "scale", self.scale, "a number above 0")
        require_option(0 <= self.perturb < math.inf, "perturb", self.perturb, "0 or more")
        require_option(
            self.time_limit is None or self.time_limit > 0, "time_limit", self.time_limit, "seconds, or None"
        )
        require_option(self.jobs is None or self.jobs != 0, "jobs", self.jobs, "1 or more, -1 or None")
        require_option(
            self.training in TRAININGS, "training", self.training, f"one of {', '.join(TRAININGS)}"
        )
        require_option(self.worlds >= 1, "worlds", self.worlds, "1 or more")
