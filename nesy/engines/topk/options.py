"""The options of the engine of most probable proofs: see `nesy.engines.topk.TopK`."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from nesy.engines.checked_options import require_option


@dataclass(frozen=True)
class Options:
    """What `TopK` can be told."""

    k: int = 10
    test_k: int = 25
    beam: int | None = None
    effort: int = 20_000
    perturb: float = 1.0
    seed: int | None = 0

    def __post_init__(self) -> None:
        for name in ("k", "test_k", "effort"):
            require_option(getattr(self, name) >= 1, name, getattr(self, name), "1 or more")
        require_option(self.beam is None or self.beam >= 1, "beam", self.beam, "1 or more, or None")
        require_option(0 <= self.perturb < inf, "perturb", self.perturb, "0 or more")
