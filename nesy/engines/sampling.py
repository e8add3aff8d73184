"""Inference by sampling: worlds drawn from the beliefs, and the fraction of them that agree.

Training follows the score-function gradient with a leave-one-out baseline, so the rules are only
ever evaluated, never differentiated or compiled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, final

import numpy as np
import torch
from torch import Tensor

from nesy.engines.inference import Array, Engine, Guarantee, Inference, Marginal
from nesy.engines.outputs import value_slices
from nesy.engines.sampling_draws import Sampler
from nesy.engines.unusable_beliefs import not_numbers
from nesy.errors import EngineError
from nesy.kernels.worlds import WorldEvaluator
from nesy.logic.program import GroundProgram

_WORLDS_AT_ONCE = 1 << 17
"""How many worlds `marginals` and `predict` evaluate together: bounds their memory."""


@final
@dataclass(frozen=True)
class Sampling(Engine):
    """Independent worlds from the beliefs.

    samples: S, worlds per example, at least 2. Errors of probabilities shrink as 1 / sqrt(S).
    seed: of the engine's own generator, so a run can be repeated; None takes a fresh one.
    """

    name: ClassVar[str] = "sampling"

    samples: int = 256
    seed: int | None = 0

    def __post_init__(self) -> None:
        if self.samples < 2:
            raise EngineError(
                "invalid-option",
                f"samples is {self.samples}",
                hint="give 2 or more: each is the others' baseline",
            )

    def build(self, program: GroundProgram) -> SamplingInference:
        """Nothing is drawn yet. Cost: O(nodes and edges of the graph)."""
        return SamplingInference(self, program)


@final
class SamplingInference(Inference):
    """Sampling at work on one program. Every call draws new worlds.

    Numpy beliefs are answered in numpy. The condition is met by rejection: probabilities are
    fractions of the worlds that meet it, P(y, condition) / P(condition) estimated from the same
    draws. An example with no such world raises `EngineError` (condition-never-met).
    Cost: O(B * S * nodes of the graph) per call.
    """

    guarantee: ClassVar[Guarantee] = Guarantee.ESTIMATE

    def __init__(self, engine: Sampling, program: GroundProgram) -> None:
        self._engine = engine
        self._program = program
        self._sampler = Sampler(program)
        literals = [lit for output in program.outputs for lit in output.literals]
        self._values = WorldEvaluator(program.graph, literals)
        self._condition = WorldEvaluator(program.graph, program.condition)
        self._generators: dict[torch.device, torch.Generator] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        # Generators cannot be copied everywhere: a copy starts from the seed.
        return SamplingInference, (self._engine, self._program)

    def random_state(self) -> Mapping[str, Tensor]:
        """The states of the generators, by device."""
        return {str(device): generator.get_state() for device, generator in self._generators.items()}

    def set_random_state(self, state: Mapping[str, Tensor]) -> None:
        """Go on drawing where `random_state` was; devices that it does not name start from the seed."""
        self._generators = {}
        for name, numbers in state.items():
            device = torch.device(name)
            self._generators[device] = torch.Generator(device)
            self._generators[device].set_state(numbers)

    def log_prob(self, beliefs: Array, targets: Array) -> Array:
        """(B,): the log of the estimated probability of all observed targets together.

        -inf, with gradient 0, where no sampled world gives them. Else the gradient is that of `loss`.
        """
        tensor = _tensor(beliefs)
        worlds = self._draw(tensor)
        allowed = self._allowed(worlds)
        hits = allowed.clone()
        for _, hit in self._observed_hits(worlds, _tensor(targets)):
            hits &= hit
        value, weights = _log_fraction(hits, allowed, tensor.dtype)
        return _like(beliefs, self._with_score(tensor, value, worlds, weights))

    def marginals(self, beliefs: Array) -> list[Marginal]:
        """The estimate for each value of each output, with its standard error.

        The standard error of k hits among n worlds is that of (k + 1) / (n + 2) (Laplace's rule):
        never 0, as k = 0 does not prove impossibility.
        """
        answers = []
        tensor = _tensor(beliefs)
        counts, allowed = self._counts(tensor)
        worlds = allowed[:, None].double()
        for hits in counts:
            smoothed = (hits + 1) / (worlds + 2)
            error = (smoothed * (1 - smoothed) / (worlds + 2)).sqrt()
            found = [_like(beliefs, x.to(tensor.dtype)) for x in ((hits / worlds).log(), error)]
            answers.append(Marginal(*found))
        return answers

    def predict(self, beliefs: Array) -> Array:
        """(B, m) int64: the most frequent value of each output, the first of equals.

        Raises `EngineError` (no-output-value) where no sampled world gives an output any value.
        """
        counts, _ = self._counts(_tensor(beliefs))
        for output, hits in zip(self._program.outputs, counts, strict=True):
            undefined = (hits.amax(dim=1) == 0).nonzero()
            if len(undefined):
                raise EngineError(
                    "no-output-value",
                    f"example {int(undefined[0])} of the batch: no value of {output.name} "
                    f"holds in any of {self._engine.samples} sampled worlds",
                    hint="raise samples, or add a rule for the remaining cases",
                )
        return _like(beliefs, torch.stack([hits.argmax(dim=1) for hits in counts], dim=1))

    def loss(self, beliefs: Array, targets: Array) -> Array:
        r"""Scalar: minus the sum over observed outputs i of log μ_i, mean over the batch.

        μ_i is the estimated probability of output i's target alone, given the condition, because
        several outputs are seldom hit together. The gradient is the estimator

            Σ_j (1[φ(w_j)_i = y_i] - μ_i) / (μ_i (S - 1)) ∇ log p(w_j)

        for each i (less the same for the condition), carried by a surrogate whose value is zero. Each
        draw's baseline is the mean of the others: 1[.]_j - mean of the others = (1[.]_j - μ_i) S / (S - 1).
        Without a condition μ_i times the estimator is an unbiased estimate of ∇ P(y_i). The baseline
        relies on beliefs normalised where they are made (log-softmax), with the gradient flowing on
        through that: it estimates the gradient of whatever made the beliefs, not of free numbers.

        An output whose target no sampled world gives adds no gradient, and counts as half a hit.
        """
        tensor = _tensor(beliefs)
        worlds = self._draw(tensor)
        allowed = self._allowed(worlds)
        total = tensor.new_zeros(len(tensor))
        weights = tensor.new_zeros(allowed.shape)
        for observed, hit in self._observed_hits(worlds, _tensor(targets)):
            value, weight = _log_fraction(hit & allowed, allowed, tensor.dtype)
            half_a_hit = (0.5 / allowed.sum(dim=1)).log().to(tensor.dtype)
            total = total + torch.where(observed, torch.where(value.isinf(), half_a_hit, value), 0.0)
            weights = weights + weight * observed[:, None]
        return _like(beliefs, -self._with_score(tensor, total, worlds, weights).mean())

    def _draw(self, beliefs: Tensor) -> Tensor:
        """(n, B, S) worlds."""
        if beliefs.isnan().any():
            raise not_numbers()
        device = beliefs.device
        generator = self._generators.get(device)
        if generator is None:
            generator = self._generators[device] = torch.Generator(device)
            generator.seed() if self._engine.seed is None else generator.manual_seed(self._engine.seed)
        return self._sampler.draw(beliefs, self._engine.samples, generator)

    def _allowed(self, worlds: Tensor) -> Tensor:
        """(B, S) bool: which worlds meet the condition; some world of each example does."""
        if not self._program.condition:
            return torch.ones(worlds.shape[1:], dtype=torch.bool, device=worlds.device)
        allowed = _truths(self._condition, worlds).all(dim=0)
        never = (~allowed.any(dim=1)).nonzero()
        if len(never):
            raise EngineError(
                "condition-never-met",
                f"example {int(never[0])} of the batch: none of {self._engine.samples} sampled worlds "
                "meets the evidence and the constraints",
                hint="raise samples, or use the engine 'exact' or 'sat'",
            )
        return allowed

    def _observed_hits(self, worlds: Tensor, targets: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
        """For each output: (B,) whether it is observed, (B, S) which worlds give its target (all if not)."""
        truths = _truths(self._values, worlds)
        parts = value_slices(self._program.outputs)
        for part, target in zip(parts, targets.to(worlds.device).T, strict=True):
            observed = target >= 0
            rows = torch.arange(len(target), device=worlds.device)
            yield observed, truths[part.start + target.clamp(min=0), rows] | ~observed[:, None]

    def _counts(self, beliefs: Tensor) -> tuple[list[Tensor], Tensor]:
        """Per output (B, |domain|), how many allowed worlds give each value; and (B,), how many there are."""
        chunks, totals = [], []
        for rows in torch.split(beliefs, max(1, _WORLDS_AT_ONCE // self._engine.samples)):
            worlds = self._draw(rows)
            allowed = self._allowed(worlds)
            chunks.append((_truths(self._values, worlds) & allowed).sum(dim=2).T)
            totals.append(allowed.sum(dim=1))
        sizes = [len(output.literals) for output in self._program.outputs]
        return list(torch.split(torch.cat(chunks), sizes, dim=1)), torch.cat(totals)

    def _with_score(self, beliefs: Tensor, value: Tensor, worlds: Tensor, weights: Tensor) -> Tensor:
        """(B,): `value`, with the weighted scores of the worlds as its gradient in the beliefs."""
        if not beliefs.requires_grad:
            return value
        score = self._sampler.score(worlds, weights, beliefs.shape[1])
        # A value of belief -inf is never drawn: its score is 0, and 0 * -inf must not become NaN.
        surrogate = (score * beliefs.masked_fill(beliefs.isneginf(), 0.0)).sum(dim=1)
        return value + surrogate - surrogate.detach()


def _truths(evaluator: WorldEvaluator, worlds: Tensor) -> Tensor:
    """(k, B, S) bool: the truth of each of the evaluator's literals in each of the (n, B, S) worlds."""
    flat: Tensor = evaluator.evaluate(worlds.flatten(1).T)
    return flat.reshape(len(flat), *worlds.shape[1:])


def _log_fraction(hits: Tensor, allowed: Tensor, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """The log of the fraction of allowed worlds that are hits, (B,), and the weights of its score, (B, S).

    hits: (B, S) bool, a subset of allowed. Without a hit the value is -inf and the weights are 0.
    """
    samples = hits.shape[1]
    hit_rate = hits.to(dtype).mean(dim=1, keepdim=True)
    allowed_rate = allowed.to(dtype).mean(dim=1, keepdim=True)
    weights = (hits.to(dtype) / hit_rate - allowed.to(dtype) / allowed_rate) / (samples - 1)
    value = hit_rate.log() - allowed_rate.log()
    return value.squeeze(1), weights.masked_fill(hit_rate == 0, 0.0)


def _tensor(array: Array) -> Tensor:
    return array if isinstance(array, Tensor) else torch.from_numpy(np.ascontiguousarray(array))


def _like(beliefs: Array, answer: Tensor) -> Array:
    return answer if isinstance(beliefs, Tensor) else answer.numpy()
