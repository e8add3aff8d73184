"""What the engine of surrogates may be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nesy.engines.checked_options import require_above_zero, require_one_of, require_seed, require_whole
from nesy.engines.inference import Engine

PREDICTIONS = ("world", "outputs")

_LEAST = {"samples": 2, "hidden": 1, "largest": 1, "keep": 1, "first": 0, "patience": 0, "beam": 1}


@dataclass(frozen=True)
class Options(Engine):
    """Surrogates that are learnt from the program while networks learn from them.

    samples: beliefs that each surrogate learns from at a step, with a world drawn from each.
    learn_rate: of Adam for networks with a unit for each world; a thirtieth of it for others.
    hidden: units in each of the two layers of networks of large modules.
    largest: a module of more worlds gets such a network, or is taken apart where it is a conjunction.
    keep: how many recent beliefs the prior is fitted to. penalty: of its concentrations' squares.
    first: the most steps before the first answer that is a probability.
    tolerance: the gap between surrogate and truth, in nats of the joint log-likelihood, at which learning
    may rest, and above which answers come with a warning.
    patience: the most further steps within a call that gradients are wanted of, while the gap is too wide.
    predict: "world" takes the outputs of the most probable world, "outputs" the most probable outputs.
    beam: how many partial worlds a search keeps. seed: of the engine's own random numbers.
    Raises `EngineError` (invalid-option).
    """

    samples: int = 512
    learn_rate: float = 0.1
    hidden: int = 256
    largest: int = 4096
    keep: int = 2500
    penalty: float = 2.5
    first: int = 1000
    tolerance: float = 0.05
    patience: int = 10
    predict: Literal["world", "outputs"] = "world"
    beam: int = 16
    seed: int | None = 0

    def __post_init__(self) -> None:
        for option, least in _LEAST.items():
            require_whole(option, getattr(self, option), least)
        for option in ("learn_rate", "tolerance", "penalty"):
            require_above_zero(option, getattr(self, option), "a finite number above 0")
        require_one_of("predict", self.predict, PREDICTIONS)
        require_seed(self.seed)
