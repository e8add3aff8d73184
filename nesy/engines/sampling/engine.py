"""Inference by sampling: worlds drawn from the beliefs, evaluated by the rules, and counted.

The rules are only ever evaluated, never differentiated or compiled to circuits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Literal, final

import numpy as np
import torch
from torch import Tensor

from nesy.engines.checked_options import require_option
from nesy.engines.inference import Array, Engine, Guarantee, Inference, Marginal
from nesy.engines.outputs import value_slices
from nesy.engines.sampling.choosing import pays
from nesy.engines.sampling.counting import Counter
from nesy.engines.sampling.diagnostics import Diagnostics, diagnosed, warn_of_misses
from nesy.engines.sampling.estimates import FloatArray
from nesy.engines.sampling.estimating import ESTIMATORS
from nesy.engines.sampling.posterior import shares_given
from nesy.engines.sampling.program import SampledProgram
from nesy.engines.sampling.terms import Likelihood, Terms, summed, terms_of
from nesy.engines.sampling.totals import totals_of
from nesy.engines.unusable_beliefs import not_numbers
from nesy.errors import EngineError, ModelError
from nesy.kernels.worlds.evaluator import WorldEvaluator
from nesy.logic.program import GroundProgram

EstimatorName = Literal["auto", "reinforce", "indecater", "importance"]
LIKELIHOODS = ("auto", "joint", "per-output")


@final
@dataclass(frozen=True)
class Sampling(Engine):
    """Worlds drawn from the beliefs.

    samples: S, worlds per example, at least 2; rounded up to whole words of 64, a few for each of the parts
    that tell how far estimates are off. Errors of probabilities shrink as 1 / sqrt(S).
    seed: of the engine's own generator, so a run can be repeated; None takes a fresh one.
    estimator: how probabilities and gradients are estimated: "reinforce" (score function with a leave-one-out
    baseline), "indecater" (each value of each symbol is tried), "importance" (worlds proposed so that the
    targets hold); "auto" takes importance for what falls into small parts, else indecater, and importance
    where that had no hit.
    likelihood: what `loss` is the negative logarithm of. "joint": the probability of all observed targets
    together. "per-output": the product of each one's own, a composite likelihood, which is the joint one only
    where outputs are independent. "auto": joint where importance is taken, else per output, because several
    outputs are seldom hit together.
    """

    name: ClassVar[str] = "sampling"

    samples: int = 512
    seed: int | None = 0
    estimator: EstimatorName = "auto"
    likelihood: Literal["auto", "joint", "per-output"] = "auto"

    def __post_init__(self) -> None:
        remedy = "2 or more: each is the others' baseline"
        require_option(self.samples >= 2, "samples", self.samples, remedy)
        for option, value, known in (
            ("estimator", self.estimator, ("auto", *ESTIMATORS)),
            ("likelihood", self.likelihood, LIKELIHOODS),
        ):
            require_option(value in known, option, value, f"one of {', '.join(known)}")

    def build(self, program: GroundProgram) -> SamplingInference:
        """Nothing is drawn yet. Cost: O(nodes and edges of the graph)."""
        return SamplingInference(self, program)


@final
class SamplingInference(Inference):
    """Sampling at work on one program. Every call draws new worlds.

    Worlds are drawn and evaluated on the CPU, wherever the beliefs are; answers are in the kind and on the
    device of the beliefs. An example for which no world meets the condition raises `EngineError`
    (condition-never-met). Cost: that of the estimator, about S * edges of the graph / 10^11 s an example.
    """

    guarantee: ClassVar[Guarantee] = Guarantee.ESTIMATE

    diagnostics: Diagnostics | None
    """What the last call of `loss` tells about its draws; None before the first."""

    def __init__(self, engine: Sampling, program: GroundProgram) -> None:
        self._engine = engine
        self._ground = program
        self._program = SampledProgram(program)
        self._counter = Counter(self._program, engine.samples)
        self._generator: torch.Generator | None = None
        self.diagnostics = None

    def __reduce__(self) -> tuple[Any, ...]:
        # Generators cannot be copied everywhere: a copy starts from the seed.
        return SamplingInference, (self._engine, self._ground)

    @property
    def nodes(self) -> int:
        """How many rows of bits a world is: values of symbols and nodes of the rules that matter."""
        return self._program.plan.rows

    @property
    def edges(self) -> int:
        """How many edges of the rules a world is put through."""
        return self._program.plan.edges

    @property
    def likelihood(self) -> Likelihood:
        """What `loss` is about, "joint" or "per-output"."""
        if self._engine.likelihood != "auto":
            return self._engine.likelihood
        guided = self._engine.estimator == "importance"
        return (
            "joint" if guided or (self._engine.estimator == "auto" and pays(self._program)) else "per-output"
        )

    def random_state(self) -> Mapping[str, Tensor]:
        """The state of the generator, once it has drawn."""
        return {} if self._generator is None else {"cpu": self._generator.get_state()}

    def set_random_state(self, state: Mapping[str, Tensor]) -> None:
        """Go on drawing where `random_state` was; given nothing, from the seed."""
        self._generator = None
        if "cpu" in state:
            self._generator = torch.Generator()
            self._generator.set_state(state["cpu"])

    def log_prob(self, beliefs: Array, targets: Array) -> Array:
        """(B,): the log of the estimated probability of all observed targets together.

        -inf, with gradient 0, where no sampled world gives them. The gradient is the estimator's.
        """
        tensor = _tensor(beliefs)
        probabilities = self._probabilities(tensor)
        terms = terms_of(self._program, _rows(targets, tensor), "joint")
        totals, _ = totals_of(
            self._engine.estimator, self._counter, probabilities, terms, self._seeds(tensor)
        )
        self._require_condition(terms, totals.hits)
        # An event without a hit makes the whole impossible, whatever the condition's own.
        with np.errstate(invalid="ignore"):
            # A ratio of two estimates may be above 1: the probability is not.
            value = np.minimum(summed(terms, terms.factors * totals.log_probability), 0.0)
        scores = np.where(np.isneginf(value)[:, None], 0.0, totals.gradient)
        return _like(beliefs, _with_score(tensor, value, scores))

    def marginals(self, beliefs: Array) -> list[Marginal]:
        """The estimate for each value of each output, with its standard error.

        The standard error of k hits among n worlds is that of (k + 1) / (n + 2) (Laplace's rule):
        never 0, as k = 0 does not prove impossibility.
        """
        tensor = _tensor(beliefs)
        shares, errors = self._shares(tensor)
        with np.errstate(divide="ignore"):
            logs = np.log(shares)
        return [
            Marginal(*(_like(beliefs, _as(x[:, part], tensor)) for x in (logs, errors)))
            for part in value_slices(self._ground.outputs)
        ]

    def predict(self, beliefs: Array) -> Array:
        """(B, m) int64: the most frequent value of each output, the first of equals.

        Raises `EngineError` (no-output-value) where no sampled world gives an output any value.
        """
        tensor = _tensor(beliefs)
        shares, _ = self._shares(tensor)
        found = np.empty((len(shares), len(self._ground.outputs)), dtype=np.int64)
        for index, part in enumerate(value_slices(self._ground.outputs)):
            undefined = np.flatnonzero(shares[:, part].max(axis=1, initial=0) == 0)
            if len(undefined):
                raise EngineError(
                    "no-output-value",
                    f"example {undefined[0]} of the batch: no value of {self._ground.outputs[index].name} "
                    f"holds in any of {self._counter.worlds} sampled worlds",
                    hint="raise samples, or add a rule for the remaining cases",
                )
            found[:, index] = shares[:, part].argmax(axis=1)
        return _like(beliefs, torch.from_numpy(found).to(tensor.device))

    def loss(self, beliefs: Array, targets: Array) -> Array:
        """Scalar: minus the estimated log-likelihood of the targets, mean over the batch; 0 if it is empty.

        The option `likelihood` says which. Its gradient is the estimator's, in beliefs normalised where they
        are made (log-softmax): it is that of whatever made the beliefs, not of free numbers. An event that no
        world hits adds no gradient, and counts as half a hit: `NoHitsWarning` says so, `diagnostics` where.
        """
        tensor = _tensor(beliefs)
        if not len(tensor):
            return _like(beliefs, tensor.sum())
        probabilities = self._probabilities(tensor)
        likelihood = self.likelihood
        terms = terms_of(self._program, _rows(targets, tensor), likelihood)
        totals, estimator = totals_of(
            self._engine.estimator, self._counter, probabilities, terms, self._seeds(tensor)
        )
        self._require_condition(terms, totals.hits)
        logs = np.where(totals.hits > 0, totals.log_probability, np.log(0.5 / self._counter.worlds))
        self.diagnostics = diagnosed(terms, totals, self._counter.worlds, likelihood, estimator)
        warn_of_misses(self.diagnostics)
        value = summed(terms, terms.factors * logs)
        return _like(beliefs, -_with_score(tensor, value, totals.gradient).mean())

    def _probabilities(self, beliefs: Tensor) -> FloatArray:
        if beliefs.isnan().any():
            raise not_numbers()
        if beliefs.shape[1] != self._program.width:
            raise ModelError(
                "wrong-shape", f"beliefs of {beliefs.shape[1]} values, for symbols of {self._program.width}"
            )
        return np.ascontiguousarray(beliefs.detach().cpu().double().exp().numpy())

    def _seeds(self, beliefs: Tensor) -> np.ndarray[tuple[int, ...], np.dtype[np.uint64]]:
        """(B,): for the draws of each example."""
        if self._generator is None:
            self._generator = torch.Generator()
            seed = self._engine.seed
            self._generator.seed() if seed is None else self._generator.manual_seed(seed)
        drawn = torch.randint(1 << 62, (len(beliefs),), generator=self._generator)
        return drawn.numpy().astype(np.uint64)

    def _shares(self, beliefs: Tensor) -> tuple[FloatArray, FloatArray]:
        """(B, values of all outputs), twice: probabilities given the condition, and their standard errors."""
        probabilities, seeds = self._probabilities(beliefs), self._seeds(beliefs)
        if self._guided:
            shares, errors, met = shares_given(self._counter, self._values, probabilities, seeds)
            self._require_all(met)
            return shares, errors
        hits = self._counter.values(probabilities, seeds).astype(np.float64)
        self._require_all(hits[:, -1])
        hits, allowed = hits[:, :-1], hits[:, -1:]
        smoothed = (hits + 1) / (allowed + 2)
        return hits / allowed, np.sqrt(smoothed * (1 - smoothed) / (allowed + 2))

    @property
    def _guided(self) -> bool:
        """Whether worlds that meet the condition are proposed, and not waited for."""
        program, estimator = self._program, self._engine.estimator
        if not program.condition or estimator in ("reinforce", "indecater"):
            return False
        return estimator == "importance" or program.falls_apart(program.condition)

    @cached_property
    def _values(self) -> WorldEvaluator:
        literals = [literal for output in self._ground.outputs for literal in output.literals]
        return WorldEvaluator(self._ground.graph, literals)

    def _require_condition(self, terms: Terms, hits: np.ndarray[Any, Any]) -> None:
        found = np.ones(len(terms.firsts) - 1)
        found[terms.examples[~terms.observed]] = hits[~terms.observed]
        self._require_all(found)

    def _require_all(self, hits: np.ndarray[Any, Any]) -> None:
        never = np.flatnonzero(hits == 0)
        if len(never):
            raise EngineError(
                "condition-never-met",
                f"example {never[0]} of the batch: none of {self._counter.worlds} sampled worlds "
                "meets the evidence and the constraints",
                hint="raise samples, or use the engine 'exact' or 'sat'",
            )


def _with_score(beliefs: Tensor, value: FloatArray, scores: FloatArray) -> Tensor:
    """(B,): `value`, with the scores as its gradient in the beliefs."""
    found = _as(value, beliefs)
    if not beliefs.requires_grad:
        return found
    # What is impossible is never drawn: its score is 0, and 0 * -inf must not become NaN.
    finite = beliefs.masked_fill(beliefs.isneginf(), 0.0)
    surrogate = (_as(scores, beliefs) * finite).sum(dim=1)
    return found + surrogate - surrogate.detach()


def _as(values: FloatArray, beliefs: Tensor) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(values)).to(beliefs.device, beliefs.dtype)


def _rows(targets: Array, beliefs: Tensor) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Targets in numpy. What compiled code is given must fit: it does not look."""
    values = targets.detach().cpu().numpy() if isinstance(targets, Tensor) else targets
    if len(values) != len(beliefs):
        raise ModelError("wrong-shape", f"beliefs of {len(beliefs)} examples, and targets of {len(values)}")
    return np.asarray(values, dtype=np.int64)


def _tensor(array: Array) -> Tensor:
    return array if isinstance(array, Tensor) else torch.from_numpy(np.ascontiguousarray(array))


def _like(beliefs: Array, answer: Tensor) -> Array:
    return answer if isinstance(beliefs, Tensor) else answer.numpy()
