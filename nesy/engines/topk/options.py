"""The options of the engine of most probable proofs: see `nesy.engines.topk.TopK`."""

from __future__ import annotations

from dataclasses import dataclass

from nesy.engines.checked_options import require_number, require_seed, require_whole


@dataclass(frozen=True)
class Options:
    """What `TopK` can be told."""

    k: int = 10
    test_k: int = 25
    beam: int = 64
    effort: int = 20_000
    perturb: float = 1.0
    seed: int | None = 0

    def __post_init__(self) -> None:
        for name in ("k", "test_k", "beam", "effort"):
            require_whole(name, getattr(self, name), 1)
        require_number("perturb", self.perturb, "0 or more")
        require_seed(self.seed)
