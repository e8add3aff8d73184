"""What surrogates of modules say together of the whole program."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor

from nesy.engines.surrogate.failures import condition_ruled_out
from nesy.engines.surrogate.groups import Arrangement, Conjuncts
from nesy.engines.surrogate.networks import UNOBSERVED

NEAREST_TO_ONE = -1e-6
"""Greater log-probabilities count as this one where their complements are needed: gradients stay finite."""


@final
class Answering:
    """Goes through modules in their order; each hands on its belief in what it derives.

    remembering: whether learners take note of the beliefs that they are asked about.
    """

    def __init__(self, arrangement: Arrangement, outputs: list[int]) -> None:
        self._arrangement = arrangement
        self._sizes = outputs
        self._conditional = any(x.local.met is not None for x in arrangement.learners)
        self.remembering = False

    def log_prob(self, beliefs: Tensor, targets: Tensor) -> Tensor:
        """(B,): of the observed targets, given the condition. beliefs: (B, V) probabilities.

        Raises `EngineError` (condition-never-met).
        """
        return self._given(beliefs, targets, remembering=self.remembering)

    def _given(self, beliefs: Tensor, targets: Tensor, *, remembering: bool = False) -> Tensor:
        joint = self._joint(beliefs, targets, remembering=remembering)
        if not self._conditional:
            return joint
        condition = self._met(beliefs)
        impossible = joint == -torch.inf
        return torch.where(impossible, joint, joint - torch.where(impossible, 0.0, condition))

    @torch.no_grad()
    def condition(self, beliefs: Tensor) -> Tensor:
        """(B,): log-probability of evidence and constraints. Raises `EngineError` (condition-never-met)."""
        return self._met(beliefs)

    def _met(self, beliefs: Tensor) -> Tensor:
        found = self._joint(beliefs, self._nothing(beliefs))
        never = torch.nonzero(found == -torch.inf)
        if len(never):
            raise condition_ruled_out(int(never[0]))
        return found

    def marginals(self, beliefs: Tensor) -> list[Tensor]:
        """For each output (B, values): log-probabilities given the condition, each value on its own.

        Cost: one pass where there is no condition and values exclude one another, else one for each value.
        """
        if self.remembering:
            with torch.no_grad():
                self._joint(beliefs, self._nothing(beliefs), remembering=True)
        found: list[Tensor] = [beliefs] * len(self._sizes)
        known = {} if self._conditional else self._read_off(beliefs)
        for output, size in enumerate(self._sizes):
            if output in known:
                found[output] = known[output]
                continue
            targets = torch.full((size, len(self._sizes)), UNOBSERVED)
            targets[:, output] = torch.arange(size)
            rows = beliefs.repeat_interleave(size, dim=0)
            logs = self._given(rows, targets.repeat(len(beliefs), 1))
            found[output] = logs.reshape(len(beliefs), size)
        return found

    def _read_off(self, beliefs: Tensor) -> dict[int, Tensor]:
        """Marginals of outputs that are dimensions of modules: with nothing observed they are answers."""
        nothing = self._nothing(beliefs)
        derived: dict[int, Tensor] = {}
        found = {}
        for group in self._arrangement.groups:
            answer = group.learner.network(group.inputs(beliefs, derived))
            observed = group.observed(nothing, met=True)
            group.hand_on(answer, observed, derived)
            for place, read in enumerate(group.learner.local.reads[: len(group.modules[0].outputs)]):
                if read.exclusive:
                    each = answer.conditional(observed, read.dimension).unflatten(
                        0, (len(beliefs), len(group.modules))
                    )
                    for number, module in enumerate(group.modules):
                        output = module.outputs[place]
                        shares = each[:, number, : self._sizes[output]]
                        possible = shares > 0
                        logs = torch.where(possible, shares, 1.0).log()
                        found[output] = torch.where(possible, logs, -torch.inf)
        return found

    def _nothing(self, beliefs: Tensor) -> Tensor:
        """(B, m): targets of which none was observed."""
        return torch.full((len(beliefs), len(self._sizes)), UNOBSERVED)

    def _joint(self, beliefs: Tensor, targets: Tensor, *, remembering: bool = False) -> Tensor:
        """(B,): log q(observed targets and the condition)."""
        total = beliefs.sum(dim=1) * 0.0
        derived: dict[int, Tensor] = {}
        for group in self._arrangement.groups:
            inputs = group.inputs(beliefs, derived)
            if remembering:
                group.learner.remember(inputs)
            observed = group.observed(targets, met=True)
            answer = group.learner.network(inputs)
            if bool((observed != UNOBSERVED).any()):
                total = total + answer.log_prob(observed).reshape(-1, len(group.modules)).sum(dim=1)
            group.hand_on(answer, observed, derived)
        for conjunction in self._arrangement.conjunctions:
            wanted = targets[:, conjunction.output]
            total = total + self._whether(conjunction, beliefs, wanted, remembering=remembering)
        return total

    def _whether(
        self, conjunction: Conjuncts, beliefs: Tensor, wanted: Tensor, *, remembering: bool
    ) -> Tensor:
        """(B,): log-probability that a conjunction holds, or does not; 0 where that was not observed."""
        if not bool((wanted != UNOBSERVED).any()):
            return beliefs.sum(dim=1) * 0.0
        total = beliefs.sum(dim=1) * 0.0
        for group in conjunction.groups:
            inputs = group.inputs(beliefs, {})
            if remembering:
                group.learner.remember(inputs)
            true = wanted.new_ones(len(inputs), 1)
            each = group.learner.network(inputs).log_prob(true)
            total = total + each.reshape(-1, len(group.modules)).sum(dim=1)
        impossible = total == -torch.inf
        finite = torch.where(impossible, -1.0, total).clamp(max=NEAREST_TO_ONE)
        fails = torch.where(impossible, 0.0, torch.log(-torch.expm1(finite)))
        known = torch.where(wanted == conjunction.holds, total, fails)
        return torch.where(wanted == UNOBSERVED, 0.0, known)
