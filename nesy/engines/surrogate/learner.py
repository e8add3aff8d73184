"""One kind of module, its surrogate, and how that learns."""

from __future__ import annotations

from typing import final

import numpy as np
import torch
from torch import Tensor

from nesy.engines.surrogate.asked import learning
from nesy.engines.surrogate.explanations import Explainer, ExplanationNetwork, Listing
from nesy.engines.surrogate.feasible import Feasible
from nesy.engines.surrogate.inputs import parts
from nesy.engines.surrogate.keeping import State, below, moments, set_moments, under
from nesy.engines.surrogate.local import Local
from nesy.engines.surrogate.networks import Answer, Predictor, Products
from nesy.engines.surrogate.options import Options
from nesy.engines.surrogate.perceptron import Perceptron
from nesy.engines.surrogate.prior import Prior
from nesy.engines.surrogate.table import tabulated
from nesy.engines.surrogate.truth import Engines, Listed, Truth

JUDGED = 256
"""On how many beliefs a surrogate is judged, at most."""

ASKED = 1 << 13
"""And so that a SAT solver is asked about no more values than these, where it has to be."""

FEWEST = 8
"""But on so many at least."""

REFIT = 50
"""The prior is fitted anew after so many steps."""

SLOWER = 30
"""Networks with hidden layers learn at a rate so many times lower."""

WEIGHTS = 1 << 20
"""A unit for each world is had only where its weights are no more than this."""


@final
class Learner:
    """A kind of module and its surrogate. All modules of the kind share the surrogate, and teach it.

    steps: how many it has learnt. gap, error: as last measured, see `Convergence`; inf before.
    measured: whether they were.
    """

    def __init__(self, local: Local, options: Options, generator: torch.Generator) -> None:
        self.local = local
        self.steps = 0
        self.gap = self.error = float("inf")
        self.measured = False
        self._options, self._generator = options, generator
        self._prior = Prior(local.sizes, options.keep, options.penalty, generator)
        self._feasible: Feasible | None = None
        table = tabulated(local) if local.worlds <= options.largest else None
        self.network: Predictor
        self._truth: Truth | None = None
        rate = options.learn_rate
        if table is not None and table.worlds * len(table.values) <= WEIGHTS:
            self.network = Products(local, table)
            self._truth = Listed(local, table)
        else:
            self._feasible = Feasible(local)
            self.network = Perceptron(local, self._feasible, options.hidden, generator)
            rate = rate / SLOWER
        self._table = table
        self._explainer: Explainer | None = None
        self._optimiser = torch.optim.Adam(self.network.parameters(), lr=rate)
        self.network.requires_grad_(False)

    def state(self) -> dict[str, Tensor]:
        """What has been learnt. Cost: a copy."""
        return {
            "told": torch.tensor([self.steps, self.gap, self.error, self.measured], dtype=torch.float64),
            **under("network.", {n: p.detach().clone() for n, p in self.network.named_parameters()}),
            **under("adam.", moments(self._optimiser)),
            **under("prior.", self._prior.state()),
        }

    def set_state(self, state: State) -> None:
        """Go on from what `state` gave. Cost: a copy."""
        steps, self.gap, self.error, measured = state["told"].tolist()
        self.steps, self.measured = int(steps), bool(measured)
        with torch.no_grad():
            for name, parameter in self.network.named_parameters():
                parameter.copy_(state[f"network.{name}"])
        set_moments(self._optimiser, below(state, "adam."))
        self._prior.set_state(below(state, "prior."))

    def remember(self, beliefs: Tensor) -> None:
        """Take note of beliefs (R, width) that the surrogate was asked about."""
        self._prior.remember(beliefs.detach().float())

    @learning()
    def step(self) -> None:
        """Learn from the program: beliefs from the prior and recent ones, a world from each, its outcome."""
        if self.steps % REFIT == 0:
            self._prior.fit()
        beliefs, _, outcomes = self._drawn(self._options.samples)
        # Only here do weights ask for gradients: whoever else goes through the network holds them fixed.
        self.network.requires_grad_(True)
        loss = self.network.loss(beliefs, outcomes)
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimiser.step()
        self.network.requires_grad_(False)
        self.steps += 1

    @torch.no_grad()
    def measure(self) -> None:
        """Compare the surrogate with the truth, on new beliefs and worlds.

        The gap is inf where nothing can be said of it: no world was drawn that meets the condition, or the
        truth of none is known.
        Cost: at most a second or two of estimating the truth, and `ASKED` questions to a SAT solver.
        """
        self.measured = True
        beliefs, _, outcomes = self._drawn(self._judged)
        if isinstance(self._truth, Listed):
            self.gap, self.error = _divergence(self._truth, self.network, beliefs)
            return
        self.gap = self.error = float("inf")
        if self.local.met is not None and not bool((outcomes[:, self.local.met] == 1).any()):
            # What is answered is given the condition: of that nothing was measured.
            return
        if self._truth is None:
            self._truth = Engines(self.local)
        truth = self._truth.log_prob(beliefs, outcomes)
        guess = self.network(beliefs).log_prob(outcomes).double()
        known = truth > -torch.inf
        if not bool(known.any()):
            return
        self.gap = float((truth - guess)[known].mean())
        self.error = float((truth.exp() - guess.exp())[known].square().mean().sqrt())

    @property
    def _judged(self) -> int:
        if isinstance(self._truth, Listed):
            return JUDGED
        return max(FEWEST, min(JUDGED, ASKED // sum(self.local.domains)))

    @property
    def listed(self) -> bool:
        """Whether all its worlds are in a table, so that what they give can be read off."""
        return self._table is not None

    def true(self, beliefs: Tensor) -> Answer | None:
        """What the table says of beliefs (R, width); None where the network has no unit for each world."""
        return self.network.true(beliefs) if isinstance(self.network, Products) else None

    def explainer(self) -> Explainer:
        """The explanation model; learnt at the first call, for as many steps as the prediction network has.

        Cost: that of learning, at the first call.
        """
        if self._explainer is None:
            with learning():
                self._explainer = self._explained()
        return self._explainer

    def _explained(self) -> Explainer:
        if self._table is not None:
            return Listing(self.local, self._table)
        if self._feasible is None:
            self._feasible = Feasible(self.local)
        network = ExplanationNetwork(self.local, self._feasible, self._options.hidden, self._generator)
        optimiser = torch.optim.Adam(network.parameters(), lr=self._options.learn_rate / SLOWER)
        for _ in range(self.steps):
            beliefs, worlds, outcomes = self._drawn(self._options.samples)
            loss = network.matching_loss(self.network, beliefs, worlds, outcomes)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
        return network.requires_grad_(False)

    def _drawn(self, rows: int) -> tuple[Tensor, Tensor, Tensor]:
        """Beliefs (R, width), a world from each (R, n), and its outcome (R, dimensions)."""
        recent = self._prior.recent(rows // 2)
        beliefs = torch.cat([recent, self._prior.sample(rows - len(recent))])
        worlds = np.zeros((len(beliefs), len(self.local.sizes)), dtype=np.int64)
        for place, part in enumerate(parts(beliefs, self.local.sizes)):
            worlds[:, place] = self._values(part)
        return beliefs, torch.from_numpy(worlds), torch.from_numpy(self.local.outcomes(worlds))

    def _values(self, beliefs: Tensor) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """(R,): a value of one input, drawn from beliefs in it."""
        ends = beliefs.cumsum(dim=1)
        drawn = torch.rand(len(beliefs), 1, generator=self._generator, dtype=torch.float32) * ends[:, -1:]
        found: np.ndarray[tuple[int], np.dtype[np.int64]] = (
            (ends <= drawn).sum(dim=1).clamp_max(beliefs.shape[1] - 1).numpy()
        )
        return found


def _divergence(truth: Listed, network: Predictor, beliefs: Tensor) -> tuple[float, float]:
    """The mean divergence (Kullback-Leibler) from the truth, and the root mean square error."""
    wanted = truth.joint(beliefs)
    values = truth.values
    rows, outcomes = wanted.shape
    logs = torch.stack(
        [network(beliefs).log_prob(values[o].expand(rows, -1)).double() for o in range(outcomes)], dim=1
    )
    terms = torch.where(wanted > 0, wanted * (wanted.clamp_min(1e-300).log() - logs), 0.0)
    return float(terms.sum(dim=1).mean()), float((wanted - logs.exp()).square().mean().sqrt())
