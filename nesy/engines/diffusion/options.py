"""The options of the diffusion engine, and what they may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nesy.engines.checked_options import (
    require_number,
    require_one_of,
    require_option,
    require_seed,
    require_whole,
)

EntropyName = Literal["unconditional", "conditional"]
EstimatorName = Literal["auto", "reinforce", "indecater", "importance"]

_LEAST = {"samples": 2, "steps": 1, "candidates": 1, "votes": 1, "draws": 2}
_KNOWN = {
    "entropy": ("unconditional", "conditional"),
    "estimator": ("auto", "reinforce", "indecater", "importance"),
}


@dataclass(frozen=True)
class Options:
    """The options of `Diffusion`, which says what they mean. Raises `EngineError` (invalid-option)."""

    samples: int = 512
    steps: int = 8
    candidates: int = 128
    sharpness: float = 20.0
    votes: int = 16
    draws: int = 64
    blank: float = 0.5
    concept_weight: float = 2e-5
    entropy_weight: float = 0.01
    entropy: EntropyName = "unconditional"
    estimator: EstimatorName = "auto"
    width: int = 32
    seed: int | None = 0

    def __post_init__(self) -> None:
        for option, least in _LEAST.items():
            require_whole(option, getattr(self, option), least)
        for option in ("sharpness", "concept_weight", "entropy_weight"):
            require_number(option, getattr(self, option), "a finite number that is not negative")
        require_number("blank", self.blank, "a share, from 0 to 1", high=1.0)
        for option, known in _KNOWN.items():
            require_one_of(option, getattr(self, option), known)
        require_whole("width", self.width, 0)
        require_option(self.width % 4 == 0, "width", self.width, "a multiple of 4, or 0 for no network")
        require_seed(self.seed)
