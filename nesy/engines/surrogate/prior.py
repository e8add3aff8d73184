"""A prior over beliefs: a Dirichlet distribution for each input, fitted to beliefs that were lately seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

import torch
from torch import Tensor

from nesy.engines.surrogate.keeping import State, below, moments, set_moments, under

FIRST = 0.1
"""The concentration that fitting starts from."""

RATE = 0.01
STEPS = 50
"""Of Adam, at each fitting."""

FITTED = 500
"""To how many of the beliefs kept, chosen at random."""

POOL = 4096
"""So many beliefs are drawn after each fitting, and serve until the next: drawing is slow."""

SMALLEST = 1e-5
"""Beliefs below count as this: the logarithm of 0 says nothing about a concentration."""


@final
class Prior:
    """Dirichlet distributions over the beliefs in inputs of given sizes, and the beliefs they are fitted to.

    keep: how many rows of beliefs are remembered, the latest. penalty: of the sum of the squares of
    concentrations, so that the prior never piles up where beliefs are alike (on even ones, at first).
    """

    def __init__(self, sizes: Sequence[int], keep: int, penalty: float, generator: torch.Generator) -> None:
        self._sizes = list(sizes)
        self._penalty = penalty
        self._generator = generator
        self._raw = _inverse_softplus(torch.full((sum(sizes),), FIRST, dtype=torch.float32)).requires_grad_()
        self._optimiser = torch.optim.Adam([self._raw], lr=RATE)
        self._kept = torch.zeros(keep, sum(sizes), dtype=torch.float32)
        self._count = 0
        self._pool = torch.zeros(0, sum(sizes), dtype=torch.float32)

    @property
    def concentration(self) -> Tensor:
        """(width,): of each input's values, side by side."""
        found: Tensor = torch.nn.functional.softplus(self._raw.detach())
        return found

    def state(self) -> dict[str, Tensor]:
        """What has been fitted and remembered. Cost: a copy."""
        return {
            "raw": self._raw.detach().clone(),
            "kept": self._kept.clone(),
            "count": torch.tensor(self._count),
            "pool": self._pool.clone(),
            **under("adam.", moments(self._optimiser)),
        }

    def set_state(self, state: State) -> None:
        """Go on from what `state` gave. Cost: a copy."""
        with torch.no_grad():
            self._raw.copy_(state["raw"])
        self._kept, self._pool = state["kept"].clone(), state["pool"].clone()
        self._count = int(state["count"])
        set_moments(self._optimiser, below(state, "adam."))

    def remember(self, beliefs: Tensor) -> None:
        """Keep rows of beliefs (R, width), in the place of the oldest."""
        rows = beliefs[-len(self._kept) :]
        places = torch.arange(self._count, self._count + len(rows)) % len(self._kept)
        self._kept[places] = rows
        self._count += len(rows)

    def recent(self, rows: int) -> Tensor:
        """(R, width): beliefs at random among those kept; fewer than asked for where none are."""
        known = min(self._count, len(self._kept))
        if not known:
            return self._kept[:0]
        return self._kept[torch.randint(known, (rows,), generator=self._generator)]

    def sample(self, rows: int) -> Tensor:
        """(R, width): beliefs drawn from the prior, as it was when last fitted."""
        if not len(self._pool):
            self._pool = self._drawn(POOL)
        return self._pool[torch.randint(len(self._pool), (rows,), generator=self._generator)]

    def _drawn(self, rows: int) -> Tensor:
        if not self._sizes:
            return torch.zeros(rows, 0, dtype=torch.float32)
        gammas = torch._standard_gamma(self.concentration.expand(rows, -1), self._generator)
        # Of very small gammas all may be 0: the greatest share is then anybody's.
        shares = torch.rand(gammas.shape, generator=self._generator, dtype=torch.float32)
        gammas = gammas + SMALLEST * shares.pow(8)
        parts = torch.split(gammas, self._sizes, dim=1)
        return torch.cat([part / part.sum(dim=1, keepdim=True) for part in parts], dim=1)

    def fit(self) -> None:
        """Go on fitting to the beliefs kept. Cost: `STEPS` steps on `FITTED` of them, and `POOL` draws."""
        self._pool = self._pool[:0]
        rows = self.recent(FITTED)
        if not len(rows) or not self._sizes:
            return
        logs = rows.clamp_min(SMALLEST).log().mean(dim=0)
        for _ in range(STEPS):
            alpha = torch.nn.functional.softplus(self._raw)
            likelihood = (torch.stack([_log_normaliser(a) for a in torch.split(alpha, self._sizes)])).sum()
            likelihood = likelihood + ((alpha - 1) * logs).sum()
            loss = -likelihood + self._penalty * alpha.square().sum()
            self._optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            self._optimiser.step()


def _log_normaliser(alpha: Tensor) -> Tensor:
    return torch.lgamma(alpha.sum()) - torch.lgamma(alpha).sum()


def _inverse_softplus(values: Tensor) -> Tensor:
    return torch.log(torch.expm1(values))
