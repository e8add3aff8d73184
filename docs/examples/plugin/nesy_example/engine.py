"""The simplest exact engine: every world, one by one."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar, final

import numpy as np
import torch
from torch import Tensor

from nesy.engines.inconsistent import inconsistent
from nesy.engines.inference import Engine, Guarantee, Inference, Marginal
from nesy.kernels.worlds.evaluator import WorldEvaluator
from nesy.logic.program import GroundProgram


@final
@dataclass(frozen=True)
class Enumeration(Engine):
    """Exact inference for small programs. most_worlds: that are enumerated."""

    most_worlds: int = 4096

    name: ClassVar[str] = "enumeration"

    def supports(self, program: GroundProgram) -> str | None:
        """None, or that there are too many worlds."""
        worlds = prod(len(symbol.values) for symbol in program.symbols)
        if worlds <= self.most_worlds:
            return None
        return f"{worlds:,} worlds are more than {self.most_worlds:,}; engine 'exact' needs not look at each"

    def build(self, program: GroundProgram) -> EnumerationInference:
        """Decides every literal in every world."""
        return EnumerationInference(program)


@final
class EnumerationInference(Inference):
    """Sums over worlds. Cost of every call: O(B * worlds * (symbols + values of outputs))."""

    guarantee: ClassVar[Guarantee] = Guarantee.EXACT

    def __init__(self, program: GroundProgram) -> None:
        self.program = program
        sizes = [len(symbol.values) for symbol in program.symbols]
        worlds = np.indices(sizes).reshape(len(sizes), prod(sizes)).T
        values = [literal for output in program.outputs for literal in output.literals]
        found = WorldEvaluator(program.graph, [*values, *program.condition]).evaluate(worlds)
        condition = found[len(values) :].all(axis=0)
        if not condition.any():
            raise inconsistent(program, "no world meets the evidence and the constraints")
        # Worlds that break the condition count for nothing.
        self.columns = torch.from_numpy((worlds + np.array(program.offsets[:-1], dtype=np.int64))[condition])
        self.holds = torch.from_numpy(found[: len(values), condition])

    def log_prob(self, beliefs: Any, targets: Any) -> Any:
        """(B,): log P(observed targets | condition)."""
        weights = self._weights(beliefs)
        wanted = torch.as_tensor(targets, device=weights.device)
        hit = torch.ones_like(weights, dtype=torch.bool)
        for column, values in zip(wanted.T, self._by_output(weights.device), strict=True):
            hit &= values[column.clamp(min=0)] | (column < 0)[:, None]
        return _like(beliefs, _log_sum(weights, hit) - _log_sum(weights, torch.ones_like(hit)))

    def marginals(self, beliefs: Any) -> list[Marginal]:
        """For each output, the log-probability of each of its values given the condition."""
        weights = self._weights(beliefs)
        total = _log_sum(weights, torch.ones_like(weights, dtype=torch.bool))
        found = []
        for values in self._by_output(weights.device):
            each = [_log_sum(weights, value.expand_as(weights)) - total for value in values]
            found.append(Marginal(_like(beliefs, torch.stack(each, dim=1))))
        return found

    def predict(self, beliefs: Any) -> Any:
        """(B, m): the most probable value of each output on its own."""
        return _like(
            beliefs,
            torch.stack([torch.as_tensor(m.log_probs).argmax(dim=1) for m in self.marginals(beliefs)], dim=1),
        )

    def _weights(self, beliefs: Any) -> Tensor:
        """(B, worlds): the log-probability of each world that meets the condition."""
        given = torch.as_tensor(beliefs)
        return given[:, self.columns.to(given.device)].sum(dim=2)

    def _by_output(self, device: torch.device) -> tuple[Tensor, ...]:
        """For each output (values, worlds): whether it has the value in the world."""
        sizes = [len(output.domain) for output in self.program.outputs]
        return self.holds.to(device).split(sizes)


def _log_sum(weights: Tensor, which: Tensor) -> Tensor:
    """(B,): the log of the sum of some worlds. -inf where there are none, with gradient 0, never NaN."""
    kept = torch.where(which, weights, -torch.inf)
    none = torch.isneginf(kept).all(dim=1)
    found = torch.where(none[:, None], 0.0, kept).logsumexp(dim=1)
    return torch.where(none, -torch.inf, found)


def _like(beliefs: Any, found: Tensor) -> Any:
    """In the kind that beliefs came in."""
    return found.numpy() if isinstance(beliefs, np.ndarray) else found
