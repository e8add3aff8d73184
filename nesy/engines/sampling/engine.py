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
from numpy.typing import NDArray
from torch import Tensor

from nesy.engines.checked_options import require_one_of, require_seed, require_whole
from nesy.engines.inference import Array, Engine, Guarantee, Inference, Marginal
from nesy.engines.outputs import value_slices
from nesy.engines.pruning.contradictions import require_world
from nesy.engines.sampling.choosing import pays
from nesy.engines.sampling.counting import Counter, Seeds
from nesy.engines.sampling.diagnostics import Diagnostics, diagnosed, warn_of_misses, warn_of_unmoved
from nesy.engines.sampling.estimates import FloatArray
from nesy.engines.sampling.estimating import ESTIMATORS, log_share
from nesy.engines.sampling.program import SampledProgram
from nesy.engines.sampling.shares import Shares
from nesy.engines.sampling.slopes import sloped
from nesy.engines.sampling.terms import Likelihood, Terms, summed, terms_of
from nesy.engines.sampling.totals import Totals, totals_of
from nesy.engines.unusable_beliefs import require_numbers
from nesy.engines.unusable_shapes import require_rows, require_values, require_width
from nesy.errors import EngineError
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
        # Each is the others' baseline.
        require_whole("samples", self.samples, 2)
        require_seed(self.seed)
        require_one_of("estimator", self.estimator, ("auto", *ESTIMATORS))
        require_one_of("likelihood", self.likelihood, LIKELIHOODS)

    def build(self, program: GroundProgram) -> SamplingInference:
        """Nothing is drawn yet. Cost: O(nodes and edges of the graph)."""
        return SamplingInference(self, program)


@final
class SamplingInference(Inference):
    """Sampling at work on one program. Every call draws new worlds.

    Worlds are drawn and evaluated on the CPU, wherever the beliefs are; answers are in the kind and on the
    device of the beliefs. An example for which no world meets the condition raises `EngineError`
    (condition-never-met); or `SemanticsError` (inconsistent-evidence), where unit propagation proves that no
    world at all can. Cost: that of the estimator, about S * edges of the graph / 10^11 s an example.
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

        -inf, with gradient 0, where no sampled world gives them; a `NoHitsWarning` says so once a gradient is
        asked for there. The gradient is the estimator's.
        """
        tensor = self._checked(beliefs)
        terms = terms_of(self._program, self._rows(targets, tensor), "joint")
        totals, _ = self._totals(tensor, terms)
        # An event without a hit makes the whole impossible, whatever the condition's own.
        with np.errstate(invalid="ignore"):
            # A ratio of two estimates may be above 1: the probability is not.
            value = np.minimum(summed(terms, terms.factors * totals.log_probability), 0.0)
        missed = np.isneginf(value)

        def slope(gradient: Tensor) -> Tensor:
            factors = gradient.cpu().double().numpy()
            warn_of_unmoved(missed & (factors != 0))
            return _as(np.where(missed, 0.0, factors)[:, None] * totals.gradient, tensor)

        return _like(beliefs, sloped(tensor, _as(value, tensor), slope))

    def marginals(self, beliefs: Array) -> list[Marginal]:
        """The estimate for each value of each output, with its standard error.

        The standard error of k hits among n worlds is that of (k + 1) / (n + 2) (Laplace's rule):
        never 0, as k = 0 does not prove impossibility.
        Differentiable: by the score function, or by the weights of guided worlds, from the worlds that were
        counted. They are drawn again once a gradient is asked for. Values without a hit are -inf, with
        gradient 0; a `NoHitsWarning` says so where a gradient is asked for.
        """
        tensor = self._checked(beliefs)
        probabilities, seeds = _probabilities(tensor), self._seeds(tensor)
        shares, errors = self._counted(probabilities, seeds)

        def slope(gradient: Tensor) -> Tensor:
            factors = gradient.cpu().double().numpy()
            warn_of_unmoved(((factors != 0) & (shares == 0)).any(axis=1))
            factors = np.where(shares > 0, factors, 0.0)
            return _as(self._shares.slopes(probabilities, seeds, factors), tensor)

        logs = sloped(tensor, _as(log_share(shares), tensor), slope)
        answers = logs, _as(errors, tensor)
        return [
            Marginal(*(_like(beliefs, x[:, part]) for x in answers))
            for part in value_slices(self._ground.outputs)
        ]

    def predict(self, beliefs: Array) -> Array:
        """(B, m) int64: the most frequent value of each output, the first of equals.

        Raises `EngineError` (no-output-value) where no sampled world gives an output any value.
        """
        tensor = self._checked(beliefs)
        shares, _ = self._counted(_probabilities(tensor), self._seeds(tensor))
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
        tensor = self._checked(beliefs)
        wanted = self._rows(targets, tensor)
        if not len(tensor):
            return _like(beliefs, tensor.sum())
        likelihood = self.likelihood
        terms = terms_of(self._program, wanted, likelihood)
        totals, estimator = self._totals(tensor, terms)
        logs = np.where(totals.hits > 0, totals.log_probability, np.log(0.5 / self._counter.worlds))
        self.diagnostics = diagnosed(terms, totals, self._counter.worlds, likelihood, estimator)
        warn_of_misses(self.diagnostics)
        value = summed(terms, terms.factors * logs)
        scores = _as(totals.gradient, tensor)
        found = sloped(tensor, _as(value, tensor), lambda gradient: gradient[:, None] * scores)
        return _like(beliefs, -found.mean())

    def _checked(self, beliefs: Array) -> Tensor:
        tensor = beliefs if isinstance(beliefs, Tensor) else torch.from_numpy(np.ascontiguousarray(beliefs))
        require_width(tensor, self._program.width)
        require_numbers(tensor)
        return tensor

    def _rows(self, targets: Array, beliefs: Tensor) -> NDArray[np.int64]:
        require_rows(self._ground.outputs, beliefs, targets)
        values = targets.detach().cpu().numpy() if isinstance(targets, Tensor) else targets
        # Compiled code does not look whether what it is given fits.
        require_values(self._ground.outputs, values)
        return np.asarray(values, dtype=np.int64)

    def _totals(self, beliefs: Tensor, terms: Terms) -> tuple[Totals, str]:
        """What the estimator says of terms, and its name. Raises `EngineError` (condition-never-met)."""
        found, used = totals_of(
            self._engine.estimator, self._counter, _probabilities(beliefs), terms, self._seeds(beliefs)
        )
        met = np.ones(len(beliefs), dtype=np.bool_)
        met[terms.examples[~terms.observed]] = found.hits[~terms.observed] > 0
        self._require_all(met)
        return found, used

    def _seeds(self, beliefs: Tensor) -> Seeds:
        """(B,): for the draws of each example."""
        if self._generator is None:
            self._generator = torch.Generator()
            seed = self._engine.seed
            self._generator.seed() if seed is None else self._generator.manual_seed(seed)
        drawn = torch.randint(1 << 62, (len(beliefs),), generator=self._generator)
        return drawn.numpy().astype(np.uint64)

    @cached_property
    def _shares(self) -> Shares:
        program, estimator = self._program, self._engine.estimator
        guided = bool(program.condition) and (
            estimator == "importance" or (estimator == "auto" and program.falls_apart(program.condition))
        )
        return Shares(self._ground, self._counter, guided=guided)

    def _counted(self, probabilities: FloatArray, seeds: Seeds) -> tuple[FloatArray, FloatArray]:
        """(B, values of all outputs), twice: probabilities given the condition, and their standard errors."""
        shares, errors, met = self._shares.counted(probabilities, seeds)
        self._require_all(met)
        return shares, errors

    def _require_all(self, met: NDArray[np.bool_]) -> None:
        never = np.flatnonzero(~met)
        if len(never):
            require_world(self._ground)
            raise EngineError(
                "condition-never-met",
                f"example {never[0]} of the batch: none of {self._counter.worlds} sampled worlds "
                "meets the evidence and the constraints",
                hint="raise samples, or use the engine 'exact' or 'sat'",
            )


def _as(values: NDArray[Any], beliefs: Tensor) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(values)).to(beliefs.device, beliefs.dtype)


def _probabilities(beliefs: Tensor) -> FloatArray:
    return np.ascontiguousarray(beliefs.detach().cpu().double().exp().numpy())


def _like(beliefs: Array, answer: Tensor) -> Array:
    return answer if isinstance(beliefs, Tensor) else answer.numpy()
