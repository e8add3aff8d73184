"""The prediction network of modules too large for a unit for each world."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import cast, final

import numpy as np
import torch
from torch import Tensor, nn

from nesy.engines.surrogate.feasible import Feasible
from nesy.engines.surrogate.layers import layers
from nesy.engines.surrogate.local import Local
from nesy.engines.surrogate.networks import TINY, UNOBSERVED, Answer, Predictor


@final
class Perceptron(Predictor):
    """Autoregressive over dimensions: each is predicted from beliefs, and those before it as far as known.

    Dimensions that are not observed are told so, and the network learns with some left out at random:
    so it answers for any subset of them. Values that no world has are never predicted.
    Cost: a pass through the layers for each dimension that is asked for.
    """

    def __init__(self, local: Local, feasible: Feasible, hidden: int, generator: torch.Generator) -> None:
        super().__init__()
        self._domains, self._feasible, self._generator = local.domains, feasible, generator
        self._ends = np.cumsum([0, *local.domains]).tolist()
        width = local.width + sum(local.domains) + len(local.domains)
        self.layers = layers(width, hidden, sum(local.domains), generator)

    def forward(self, beliefs: Tensor) -> Answer:
        """What it says of beliefs (B, width)."""
        return _PerceptronAnswer(self, beliefs)

    def loss(self, beliefs: Tensor, outcomes: Tensor) -> Tensor:
        """Scalar. Each dimension is asked for once, after a random part of those before it."""
        single, own = torch.float32, self._generator
        chances = torch.rand(outcomes.shape, generator=own, dtype=single)
        shown = chances < torch.rand(len(outcomes), 1, generator=own, dtype=single).mul(2).clamp_max(1)
        known = torch.where(shown, outcomes, UNOBSERVED)
        each = self.all_logs(beliefs, known)
        terms = [logs.gather(1, outcomes[:, d : d + 1]) for d, logs in enumerate(each)]
        return -torch.cat(terms, dim=1).sum(dim=1).mean()

    def logs(self, beliefs: Tensor, known: Tensor, dimension: int) -> Tensor:
        """(B, values) log-probabilities of a dimension, given what is known of those before it."""
        codes = [
            nn.functional.one_hot(
                known[:, d] + 1 if d < dimension else torch.zeros_like(known[:, d]), size + 1
            )
            for d, size in enumerate(self._domains)
        ]
        hidden = self.layers(torch.cat([beliefs, *(c.to(beliefs.dtype) for c in codes)], dim=1))
        start, end = list(pairwise(self._ends))[dimension]
        allowed = torch.from_numpy(self._feasible.alone[dimension])
        return torch.log_softmax(hidden[:, start:end].masked_fill(~allowed, -torch.inf), dim=1)

    def all_logs(self, beliefs: Tensor, known: Tensor) -> Iterator[Tensor]:
        """What `logs` gives, for each dimension in turn.

        From one dimension to the next one code changes: the first layer is computed once, and amended.
        Cost: a pass through the other layers for each dimension.
        """
        first, last = cast("nn.Linear", self.layers[0]), cast("nn.Linear", self.layers[4])
        columns: Tensor = first.weight.T
        blank = torch.zeros(len(beliefs), columns.shape[0] - beliefs.shape[1], dtype=beliefs.dtype)
        place, codes = beliefs.shape[1], []
        for size in self._domains:
            blank[:, place - beliefs.shape[1]] = 1.0
            codes.append(place)
            place += size + 1
        summed = first(torch.cat([beliefs, blank], dim=1))
        for d, (start, end) in enumerate(pairwise(self._ends)):
            hidden = self.layers[1:4](summed)
            scores = nn.functional.linear(hidden, last.weight[start:end], last.bias[start:end])
            allowed = torch.from_numpy(self._feasible.alone[d])
            yield torch.log_softmax(scores.masked_fill(~allowed, -torch.inf), dim=1)
            told = nn.functional.embedding(codes[d] + 1 + known[:, d], columns)
            summed = summed + told - columns[codes[d]]

    def allowed(self, beliefs: Tensor, known: Tensor, dimension: int) -> Tensor:
        """(B, values): which values some world with the inputs and what is known has."""
        return torch.from_numpy(self._feasible.values(beliefs, known, dimension))

    @property
    def dimensions(self) -> int:
        """How many there are."""
        return len(self._domains)


@final
class _PerceptronAnswer(Answer):
    def __init__(self, network: Perceptron, beliefs: Tensor) -> None:
        self._network = network
        self._beliefs = beliefs

    def log_prob(self, observed: Tensor) -> Tensor:
        total = self._beliefs.sum(dim=1) * 0.0
        known = torch.full_like(observed, UNOBSERVED)
        for d in range(self._network.dimensions):
            own = observed[:, d]
            asked = own != UNOBSERVED
            if not bool(asked.any()):
                continue
            logs = self._masked(known, d).gather(1, own.clamp_min(0)[:, None])[:, 0]
            possible = logs > -torch.inf
            term = torch.where(possible, torch.where(possible, logs, 0.0), -torch.inf)
            total = total + torch.where(asked, term, 0.0)
            known[:, d] = own
        return total

    def conditional(self, observed: Tensor, dimension: int) -> Tensor:
        known = observed.clone()
        known[:, dimension:] = UNOBSERVED
        logs = self._masked(known, dimension)
        # What is possible stays so, however improbable: 0 means impossible.
        found = torch.where(logs > -torch.inf, logs.exp().clamp_min(TINY), 0.0)
        total = found.sum(dim=1, keepdim=True)
        return torch.where(total > 0, found / total.clamp_min(TINY), 1.0 / found.shape[1])

    def _masked(self, known: Tensor, dimension: int) -> Tensor:
        """(B, values) log-probabilities, normalised over what is possible."""
        logs = self._network.logs(self._beliefs, known, dimension)
        with torch.no_grad():
            allowed = self._network.allowed(self._beliefs, known, dimension)
        if bool(allowed.all()):
            return logs
        masked = torch.where(allowed, logs, -1e9)
        return torch.where(allowed, torch.log_softmax(masked, dim=1), -torch.inf)
