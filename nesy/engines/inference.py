"""The protocol every engine meets: what it is given, what it answers, and what it promises.

An engine is a frozen value whose fields are its options. `prepare` turns it and a problem into an
`Inference`, which answers for whole batches. Arrays are numpy arrays or torch tensors; an engine
answers in the kind it was given, and says so where it needs torch.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, Protocol, TypeVar, final

from nesy.engines.plan import Plan, plan_of_one
from nesy.errors import EngineError
from nesy.logic.program import GroundProgram

Array = Any
"""A numpy array or a torch tensor."""


class Guarantee(str, Enum):
    """What a probability is worth."""

    EXACT = "exact"
    LOWER_BOUND = "lower-bound"
    UPPER_BOUND = "upper-bound"
    ESTIMATE = "estimate"


@final
@dataclass(frozen=True, slots=True)
class Marginal:
    """The log-probabilities of one output's values.

    log_probs: (B, |domain|), in nats; -inf is impossible.
    standard_error: (B, |domain|), of the probability (not its logarithm); only for estimates.
    guarantee: what these are worth, where that differs from what the inference promises of all.
    """

    log_probs: Array
    standard_error: Array | None = None
    guarantee: Guarantee | None = None


class _Summable(Protocol):
    def __len__(self) -> int: ...

    def sum(self) -> Any: ...


_Values = TypeVar("_Values", bound=_Summable)


def batch_mean(values: _Values) -> _Values:
    """Scalar: the mean of (B,) values; 0, with a gradient of 0, of an empty batch. Cost: O(B)."""
    mean: _Values = values.sum() / max(len(values), 1)
    return mean


class Inference(ABC):
    """An engine at work on one problem.

    beliefs: (B, V), log-probabilities in nats of all values of all symbols, side by side
    (`GroundProgram.offsets`); within a symbol they are normalised. -inf is impossible.
    targets: (B, m) integers, one column per output: the index of a value, or -1 for "not observed".
    """

    guarantee: ClassVar[Guarantee]
    """What the probabilities of `log_prob` and `marginals` are worth."""

    plan: Plan = Plan(())
    """What answers for which outputs, and why."""

    @property
    def networks(self) -> Any:
        """A torch module of weights that the loss trains beside the networks; None for most engines."""
        return None

    @abstractmethod
    def log_prob(self, beliefs: Array, targets: Array) -> Array:
        """(B,): log P(observed targets | condition). Differentiable in beliefs where they are tensors."""

    @abstractmethod
    def marginals(self, beliefs: Array) -> list[Marginal]:
        """For each output, the log-probability of each of its values given the condition."""

    @abstractmethod
    def predict(self, beliefs: Array) -> Array:
        """(B, m) int64: the index of the value predicted for each output."""

    def symbol_marginals(self, beliefs: Array) -> Array:
        """(B, V): the log-probability of each value of each symbol, whatever the outputs.

        The beliefs themselves, unless the engine makes symbols depend on one another.
        """
        return beliefs

    def warm_up(self) -> None:
        """Do at once what the first calls would do, such as compiling; nothing by default."""
        return

    def random_state(self) -> Mapping[str, Array]:
        """Where random numbers of its own are, as tensors by name; nothing where it draws none."""
        return {}

    def set_random_state(self, state: Mapping[str, Array]) -> None:
        """Go on drawing where `random_state` was; given nothing, as if nothing had been drawn."""
        return

    def loss(self, beliefs: Array, targets: Array) -> Array:
        """Scalar: what training minimises; by default the mean negative log-likelihood, of no examples 0."""
        return -batch_mean(self.log_prob(beliefs, targets))


class Engine(ABC):
    """A way of inference and its options: a frozen dataclass with a name."""

    name: ClassVar[str]

    def supports(self, program: GroundProgram) -> str | None:
        """None, or the reason why this engine cannot do the task (and which engine can)."""
        return None

    @abstractmethod
    def build(self, program: GroundProgram) -> Inference:
        """The inference for a program that `supports` accepts."""

    @final
    def prepare(self, program: GroundProgram) -> Inference:
        """The inference for a program. Raises `EngineError` (unsupported-task) with the reason."""
        reason = self.supports(program)
        if reason is not None:
            raise EngineError("unsupported-task", f"engine {self.name!r} cannot do this: {reason}")
        inference = self.build(program)
        inference.plan = inference.plan or plan_of_one(self.name, program.outputs, len(program.symbols))
        return inference
