"""Prediction networks: from beliefs about a module's inputs to a distribution over its dimensions.

Both kinds answer for any subset of dimensions that is observed, and never give weight to what no world with
the inputs at hand has.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import final

import torch
from torch import Tensor, nn

from nesy.engines.surrogate.inputs import multiplied_out, parts
from nesy.engines.surrogate.local import Local
from nesy.engines.surrogate.table import Table

UNOBSERVED = -1


class Answer(ABC):
    """What a network says of B rows of beliefs."""

    @abstractmethod
    def log_prob(self, observed: Tensor) -> Tensor:
        """(B,): of the observed values together. observed: (B, dimensions), -1 where nothing is known.

        -inf, with gradient 0, where no world has them.
        """

    @abstractmethod
    def conditional(self, observed: Tensor, dimension: int) -> Tensor:
        """(B, values): the probabilities of a dimension's values, given others; sums to 1."""


class Predictor(nn.Module, ABC):
    """A prediction network q(y | P)."""

    @abstractmethod
    def forward(self, beliefs: Tensor) -> Answer:
        """beliefs: (B, width) probabilities of the classes of all inputs, side by side."""

    @abstractmethod
    def loss(self, beliefs: Tensor, outcomes: Tensor) -> Tensor:
        """Scalar: mean -log q(outcome | beliefs), what learning minimises. outcomes: (B, dimensions)."""


@final
class Products(Predictor):
    """A hidden unit for each world of the inputs: the product of the beliefs in its values.

    Units are joined by weights to the outcomes, joint values of all dimensions that some world has; weights
    out of a unit are a distribution. So the network is multilinear in each input's beliefs, as the truth is.
    Cost: O(worlds * outcomes) for each row.
    """

    has: Tensor
    values: Tensor

    def __init__(self, local: Local, table: Table) -> None:
        super().__init__()
        self._sizes = local.sizes
        self._domains = local.domains
        self.weights = nn.Parameter(torch.zeros(table.worlds, len(table.values), dtype=torch.float32))
        self.register_buffer("values", torch.from_numpy(table.values))
        self.register_buffer("has", torch.from_numpy(table.has).float())

    def forward(self, beliefs: Tensor) -> Answer:
        """What it says of beliefs (B, width)."""
        return self._answer(beliefs, torch.softmax(self.weights, dim=1))

    def true(self, beliefs: Tensor) -> Answer:
        """What the table says of beliefs (B, width): the same once the weights are learnt."""
        return self._answer(beliefs, self.has)

    def _answer(self, beliefs: Tensor, shares: Tensor) -> Answer:
        """shares: (worlds, outcomes), each world's sum to 1."""
        # What is possible stays so, however improbable: 0 means impossible.
        found = (self._units(beliefs) @ shares).clamp_min(TINY)
        if bool((beliefs == 0).any()):
            with torch.no_grad():
                supported = self._units((beliefs > 0).to(beliefs.dtype))
                allowed = supported @ self.has > 0
            found = torch.where(allowed, found, 0.0)
        return _ProductAnswer(found, self.values, self._domains)

    def loss(self, beliefs: Tensor, outcomes: Tensor) -> Tensor:
        """Scalar. Rows are complete: one weight of each unit is asked for. Cost: O(worlds) for each row."""
        wanted = (outcomes[:, None, :] == self.values).all(dim=2).to(torch.uint8).argmax(dim=1)
        units = self._units(beliefs)
        held = (units * torch.softmax(self.weights, dim=1).T[wanted]).sum(dim=1)
        return (units.sum(dim=1).log() - held.clamp_min(TINY).log()).mean()

    def _units(self, beliefs: Tensor) -> Tensor:
        """(B, worlds): products, divided by the greatest of them, so that none that matters underflows."""
        greatest = [(p, p.detach().amax(dim=1, keepdim=True)) for p in parts(beliefs, self._sizes)]
        return multiplied_out([p / most.clamp_min(TINY) for p, most in greatest], beliefs)


TINY = 1e-30
"""Keeps logarithms and quotients finite."""


@final
class _ProductAnswer(Answer):
    """joint: (B, outcomes), nonnegative weights, not normalised. values: (outcomes, dimensions)."""

    def __init__(self, joint: Tensor, values: Tensor, domains: tuple[int, ...]) -> None:
        self._joint = joint
        self._values = values
        self._domains = domains

    def log_prob(self, observed: Tensor) -> Tensor:
        held = (self._joint * self._matching(observed)).sum(dim=1)
        nothing = held == 0
        total = self._joint.sum(dim=1).clamp_min(TINY)
        return torch.where(nothing, -torch.inf, torch.log(torch.where(nothing, 1.0, held) / total))

    def conditional(self, observed: Tensor, dimension: int) -> Tensor:
        own = nn.functional.one_hot(self._values[:, dimension], self._domains[dimension])
        held = (self._joint * self._matching(observed)) @ own.to(self._joint.dtype)
        total = held.sum(dim=1, keepdim=True)
        # Where nothing is left, what was observed has probability 0 already.
        return torch.where(total > 0, held / total.clamp_min(TINY), 1.0 / self._domains[dimension])

    def _matching(self, observed: Tensor) -> Tensor:
        """(B, outcomes): which have all that was observed."""
        wanted = observed[:, None, :]
        return ((wanted == UNOBSERVED) | (wanted == self._values)).all(dim=2)
