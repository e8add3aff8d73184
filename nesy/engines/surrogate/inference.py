"""Surrogates at work on one program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import inf
from typing import Any, ClassVar, final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from nesy.engines.inconsistent import inconsistent
from nesy.engines.inference import Array, Guarantee, Inference, Marginal
from nesy.engines.pruning.completions import Completions
from nesy.engines.sat.failures import impossible_target
from nesy.engines.surrogate.answering import Answering
from nesy.engines.surrogate.asked import (
    beliefs_of,
    in_full_precision,
    like,
    probabilities,
    targets_of,
)
from nesy.engines.surrogate.convergence import Convergence, warn_not_converged
from nesy.engines.surrogate.explaining import Explaining
from nesy.engines.surrogate.failures import condition_ruled_out
from nesy.engines.surrogate.groups import arranged
from nesy.engines.surrogate.modules import structure
from nesy.engines.surrogate.networks import UNOBSERVED
from nesy.engines.surrogate.options import Options
from nesy.engines.surrogate.outputs_search import OutputSearch
from nesy.engines.surrogate.training import Training, seeded
from nesy.engines.surrogate.worlds import WorldSearch
from nesy.errors import EngineError
from nesy.kernels.torch_plain import is_plain
from nesy.logic.program import GroundProgram

BEGINNING = 1.0
"""So many seconds of learning, and a step, are spent before anybody has asked anything."""


@final
class SurrogateInference(Inference):
    """Learned networks in the place of modules. They learn at the first call, and in each of `loss`.

    Networks are on the CPU, wherever beliefs are; answers are in their kind, precision and place.
    Cost: of an answer that of the networks, one call for each kind of module after another; of `loss` besides
    that of a step of learning for each kind.
    """

    guarantee: ClassVar[Guarantee] = Guarantee.ESTIMATE

    def __init__(self, engine: Options, program: GroundProgram) -> None:
        self._engine = engine
        self.program = program
        if program.condition and not Completions(program).consistent:
            raise inconsistent(
                program, "no world satisfies the evidence and the integrity constraints together"
            )
        generator = seeded(torch.Generator(), engine.seed)
        self._arrangement = arranged(program, structure(program, engine.largest), engine, generator)
        self._training = Training(engine, self._arrangement, generator)
        sizes = [len(o.domain) for o in program.outputs]
        self._answering = Answering(self._arrangement, sizes)
        self._worlds = WorldSearch(program, engine.beam)
        self._explaining = Explaining(program, self._arrangement, engine.beam)
        self._search = OutputSearch(self._arrangement, self._answering, sizes, engine.beam)

    def __reduce__(self) -> tuple[Any, ...]:
        # A copy learns anew: it starts from the seed.
        return SurrogateInference, (self._engine, self.program)

    def random_state(self) -> Mapping[str, Array]:
        """What has been learnt, and where the random numbers are that it is learnt from."""
        return self._training.state()

    def set_random_state(self, state: Mapping[str, Array]) -> None:
        """Go on learning where `random_state` was; given nothing, draw from the seed, and forget nothing."""
        if "generator" in state:
            self._training.set_state(state)
        else:
            self._training.seed()

    @property
    def convergence(self) -> Convergence:
        """How far surrogates were from the truth when that was last measured."""
        return self._training.convergence

    def warm_up(self, seconds: float = BEGINNING) -> None:
        """Learn from beliefs of the untrained prior, until the gap is half of what is tolerated.

        No more steps than the option `first` says, and for no more seconds: what is left is learnt when
        probabilities are first asked for, predictions need none.
        Cost: some milliseconds a step, of large modules some for each dimension; a step, and a measurement of
        the gap, may take longer than the time allowed.
        """
        self._training.begin(seconds)

    @in_full_precision()
    def log_prob(self, beliefs: Array, targets: Array) -> Array:
        """(B,): what the surrogate says of the observed targets together, given the condition.

        -inf, with gradient 0, exactly where no world gives them. `NotConvergedWarning` where the gap is wide.
        Raises `EngineError` (condition-never-met, target-out-of-range), and as `marginals` does.
        """
        tensor = beliefs_of(self.program, beliefs)
        rows = targets_of(self.program.outputs, targets, tensor)
        with self._asked(tensor, "what it says of probabilities may be wrong"):
            logs = self._answering.log_prob(probabilities(tensor), rows)
        return like(beliefs, logs.to(tensor.device, tensor.dtype))

    @in_full_precision()
    def marginals(self, beliefs: Array) -> list[Marginal]:
        """For each output what the surrogate says of its values, given the condition.

        The standard error is the root mean square error of probabilities as last measured, over the
        probability of the condition.
        Raises `ModelError` (wrong-shape), `EngineError` (invalid-beliefs, condition-never-met).
        """
        tensor = beliefs_of(self.program, beliefs)
        given = probabilities(tensor)
        with self._asked(tensor, "what it says of probabilities may be wrong"):
            answers = self._answering.marginals(given)
            errors = self._training.error / self._answering.condition(given).exp()
        found = []
        for logs in answers:
            answer = logs.to(tensor.device, tensor.dtype)
            error = errors[:, None].expand(answer.shape).to(answer.device, answer.dtype)
            found.append(Marginal(like(beliefs, answer), like(beliefs, error)))
        return found

    @in_full_precision()
    @torch.no_grad()
    def predict(self, beliefs: Array) -> Array:
        """(B, m) int64: the outputs of a world that meets the condition: none is predicted that no world has.

        That of the most probable world, which takes no learning; or, with the option `predict`, of one that
        explains the most probable outputs.
        Raises `EngineError` (condition-never-met, no-output-value), and as `marginals` does.
        """
        tensor = beliefs_of(self.program, beliefs)
        if self._engine.predict == "outputs" and len(tensor):
            self._ready("so may its predictions be")
            worlds = self._explained(tensor, self._search.most_probable(probabilities(tensor)))
        else:
            worlds = self._worlds.unconditional(_numbers(tensor))
            unmet = torch.from_numpy(np.flatnonzero(~self._worlds.consistent(worlds)))
            if len(unmet):
                nothing = torch.full((len(unmet), len(self.program.outputs)), UNOBSERVED)
                found = self._met(tensor[unmet.to(tensor.device)], nothing)
                never = np.flatnonzero((found == UNOBSERVED).any(axis=1))
                if len(never):
                    raise condition_ruled_out(int(unmet[never[0]]))
                worlds[unmet.numpy()] = found
        return like(beliefs, torch.from_numpy(self._worlds.outputs(worlds)).to(tensor.device))

    @in_full_precision()
    @torch.no_grad()
    def explain(self, beliefs: Array, targets: Array) -> Array:
        """(B, n) int64: for each example a probable world that gives the targets and meets the condition.

        Modules are explained one after the other, with a beam; what is answered always gives the targets.
        Where a conjunction was taken apart, a beam over all symbols is searched instead.
        Raises `EngineError` (impossible-target, condition-never-met), and as `log_prob` does.
        Cost: for each module and each world in the beam that of its explanation model.
        """
        tensor = beliefs_of(self.program, beliefs)
        found = self._explained(tensor, targets_of(self.program.outputs, targets, tensor))
        return like(beliefs, torch.from_numpy(found).to(tensor.device))

    def _explained(self, beliefs: Tensor, targets: Tensor) -> NDArray[np.int64]:
        if self._arrangement.conjunctions or self._explaining.by_tables or not len(beliefs):
            worlds = self._met(beliefs, targets)
        else:
            self._ready(None)
            worlds = self._explaining.explain(probabilities(beliefs), targets).numpy()
        never = np.flatnonzero((worlds == UNOBSERVED).any(axis=1))
        if len(never):
            raise self._impossible(int(never[0]), beliefs, targets)
        return worlds

    def _met(self, beliefs: Tensor, targets: Tensor) -> NDArray[np.int64]:
        """(B, n): a probable world with the targets and the condition, -1 throughout for none.

        By tables, where there is one for each module; else by a beam over all symbols. Nothing is learnt.
        """
        if self._explaining.by_tables and not self._arrangement.conjunctions and len(beliefs):
            return self._explaining.explain(probabilities(beliefs), targets).numpy()
        worlds = np.full((len(beliefs), len(self.program.symbols)), UNOBSERVED)
        for row, own in enumerate(_numbers(beliefs)):
            found = self._worlds.completed(own, targets[row].numpy())
            if found is not None:
                worlds[row] = found
        return worlds

    @in_full_precision()
    def loss(self, beliefs: Array, targets: Array) -> Array:
        """Scalar: minus what the surrogate says of the targets' log-probability, mean over the batch.

        Where gradients are wanted the surrogate learns first, from the program, by beliefs like those lately
        given; its weights are then held fixed. Nobody else's optimiser sees them.
        Raises `EngineError` (impossible-target), and as `log_prob` does. `NotConvergedWarning` where the gap
        is too wide.
        """
        tensor = beliefs_of(self.program, beliefs)
        rows = targets_of(self.program.outputs, targets, tensor)
        if not len(tensor):
            return like(beliefs, tensor.sum())
        with self._asked(tensor, "its gradients may mislead"):
            logs = self._answering.log_prob(probabilities(tensor), rows)
        never = torch.nonzero(logs == -torch.inf)[:, 0]
        if len(never):
            raise self._impossible(int(never[0]), tensor, rows)
        return like(beliefs, -logs.mean().to(tensor.device, tensor.dtype))

    @contextmanager
    def _asked(self, beliefs: Tensor, consequence: str) -> Iterator[None]:
        """Learn first, where gradients are wanted, and take note of what is asked within."""
        self._ready(None)
        # What torch maps over or traces cannot be learnt from.
        wanted = beliefs.requires_grad and torch.is_grad_enabled() and is_plain(beliefs) and len(beliefs) > 0
        if wanted:
            self._training.go_on()
        self._ready(consequence)
        self._answering.remembering = wanted
        try:
            yield
        finally:
            self._answering.remembering = False

    def _ready(self, consequence: str | None) -> None:
        self.warm_up(seconds=inf)
        if consequence is not None and not self.convergence.converged:
            warn_not_converged(self.convergence, consequence)

    def _impossible(self, row: int, beliefs: Tensor, targets: Tensor) -> EngineError:
        """Why there is no world: the beliefs, the condition or the targets. Cost: two searches."""
        nothing = np.full(len(self.program.outputs), UNOBSERVED)
        if self._worlds.completed(_numbers(beliefs[row : row + 1])[0], nothing) is None:
            return condition_ruled_out(row)
        even = np.zeros(self.program.width)
        by_beliefs = self._worlds.completed(even, targets[row].numpy()) is not None
        wanted = [(o, v) for o, v in zip(self.program.outputs, targets[row].tolist(), strict=True) if v >= 0]
        return impossible_target(row, wanted, by_beliefs=by_beliefs)


def _numbers(beliefs: Tensor) -> NDArray[np.float64]:
    found: NDArray[np.float64] = beliefs.detach().cpu().double().numpy()
    return found
