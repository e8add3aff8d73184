"""What the SAT-backed engine may be told, checked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from nesy.errors import EngineError

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
        _require(0 < self.scale < math.inf, "scale", self.scale, "a number above 0")
        _require(0 <= self.perturb < math.inf, "perturb", self.perturb, "0 or more")
        _require(
            self.time_limit is None or self.time_limit > 0, "time_limit", self.time_limit, "seconds, or None"
        )
        _require(self.jobs is None or self.jobs != 0, "jobs", self.jobs, "1 or more, -1 or None")
        _require(self.training in TRAININGS, "training", self.training, f"one of {', '.join(TRAININGS)}")
        _require(self.worlds >= 1, "worlds", self.worlds, "1 or more")


def _require(holds: bool, name: str, value: object, remedy: str) -> None:
    if not holds:
        raise EngineError("invalid-option", f"{name} is {value}", hint=f"give {remedy}")
