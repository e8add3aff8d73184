"""Surrogates at work on one program."""

from __future__ import annotations

from collections.abc import Mapping
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
from nesy.engines.surrogate.convergence import Convergence, warn_not_converged
from nesy.engines.surrogate.explaining import Explaining
from nesy.engines.surrogate.failures import condition_ruled_out
from nesy.engines.surrogate.groups import arranged
from nesy.engines.surrogate.keeping import below, under
from nesy.engines.surrogate.modules import structure
from nesy.engines.surrogate.networks import TINY, UNOBSERVED
from nesy.engines.surrogate.options import Options
from nesy.engines.surrogate.outputs_search import OutputSearch
from nesy.engines.surrogate.worlds import WorldSearch
from nesy.engines.unusable_beliefs import not_numbers
from nesy.errors import EngineError, ModelError
from nesy.logic.program import GroundProgram

MEASURED = 50
"""The gap is measured after so many steps of a learner."""

RESTING = 8
"""A learner whose gap is a tenth of what is tolerated learns at every so many calls of `loss` only."""


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
        self._program = program
        if program.condition and not Completions(program).consistent:
            raise inconsistent(
                program, "no world satisfies the evidence and the integrity constraints together"
            )
        self._generator = torch.Generator()
        self._seed()
        self._arrangement = arranged(program, structure(program, engine.largest), engine, self._generator)
        sizes = [len(o.domain) for o in program.outputs]
        self._answering = Answering(self._arrangement, sizes)
        self._worlds = WorldSearch(program, engine.beam)
        self._explaining = Explaining(program, self._arrangement, engine.beam)
        self._search = OutputSearch(self._arrangement, self._answering, sizes, engine.beam)
        self._history: list[tuple[int, float]] = []
        self._calls = 0

    def __reduce__(self) -> tuple[Any, ...]:
        # A copy learns anew: it starts from the seed.
        return SurrogateInference, (self._engine, self._program)

    def random_state(self) -> Mapping[str, Array]:
        """What has been learnt, and where the random numbers are that it is learnt from."""
        found = {"generator": self._generator.get_state(), "calls": torch.tensor(self._calls)}
        found["history"] = torch.tensor(self._history, dtype=torch.float64).reshape(-1, 2)
        for number, learner in enumerate(self._arrangement.learners):
            found |= under(f"{number}.", learner.state())
        return found

    def set_random_state(self, state: Mapping[str, Array]) -> None:
        """Go on learning where `random_state` was; given nothing, draw from the seed, and forget nothing."""
        if "generator" not in state:
            self._seed()
            return
        self._generator.set_state(state["generator"])
        self._calls = int(state["calls"])
        self._history = [(int(steps), float(gap)) for steps, gap in state["history"].tolist()]
        for number, learner in enumerate(self._arrangement.learners):
            learner.set_state(below(state, f"{number}."))

    def _seed(self) -> None:
        if self._engine.seed is None:
            self._generator.seed()
        else:
            self._generator.manual_seed(self._engine.seed)

    @property
    def convergence(self) -> Convergence:
        """How far surrogates were from the truth when that was last measured."""
        learners, counts = self._arrangement.learners, self._arrangement.counts
        gaps = [learner.gap for learner in learners]
        return Convergence(
            gap=sum((g * n for g, n in zip(gaps, counts, strict=True)), 0.0),
            tolerance=self._engine.tolerance,
            gaps=tuple(gaps),
            counts=tuple(counts),
            errors=tuple(learner.error for learner in learners),
            steps=tuple(learner.steps for learner in learners),
            history=tuple(self._history),
        )

    def warm_up(self) -> None:
        """Learn from beliefs of the untrained prior, until the gap is half of what is tolerated.

        No more steps than the option `first` says. Cost: some milliseconds a step.
        """
        for learner, count in zip(self._arrangement.learners, self._arrangement.counts, strict=True):
            enough = 5 * self._rest / max(1, count)
            while learner.steps < self._engine.first and learner.gap > enough:
                learner.step()
                if learner.steps % MEASURED == 0:
                    learner.measure()
            if learner.gap == float("inf"):
                learner.measure()
        self._note()

    def log_prob(self, beliefs: Array, targets: Array) -> Array:
        """(B,): what the surrogate says of the observed targets together, given the condition.

        -inf, with gradient 0, exactly where no world gives them. `NotConvergedWarning` where the gap is wide.
        """
        self._ready("what it says of probabilities may be wrong")
        tensor = _tensor(beliefs)
        logs = self._answering.log_prob(self._probabilities(tensor), _rows(targets, tensor))
        return _like(beliefs, logs.to(tensor.device, tensor.dtype))

    def marginals(self, beliefs: Array) -> list[Marginal]:
        """For each output what the surrogate says of its values, given the condition.

        The standard error is the root mean square error of probabilities as last measured, over the
        probability of the condition.
        """
        self._ready("what it says of probabilities may be wrong")
        tensor = _tensor(beliefs)
        given = self._probabilities(tensor)
        errors = self._error / self._answering.condition(given).exp()
        found = []
        for logs in self._answering.marginals(given):
            answer = logs.to(tensor.device, tensor.dtype)
            error = errors[:, None].expand(answer.shape).to(answer.device, answer.dtype)
            found.append(Marginal(_like(beliefs, answer), _like(beliefs, error)))
        return found

    def predict(self, beliefs: Array) -> Array:
        """(B, m) int64: the outputs of a world that meets the condition: none is predicted that no world has.

        That of the most probable world, or, with the option `predict`, of one that explains the most probable
        outputs. Raises `EngineError` (condition-never-met, no-output-value).
        """
        tensor = _tensor(beliefs)
        given = self._probabilities(tensor).detach()
        worlds = self._worlds.unconditional(tensor.detach().cpu().double().numpy())
        if self._engine.predict == "outputs":
            self._ready("so may its predictions be")
            worlds = self._explained(tensor, self._search.most_probable(given))
        elif self._program.condition:
            self._ready(None)
            unmet = np.flatnonzero(~self._worlds.consistent(worlds))
            if len(unmet):
                nothing = torch.full((len(unmet), len(self._program.outputs)), UNOBSERVED)
                worlds[unmet] = self._explaining.explain(given[unmet], nothing).numpy()
                never = unmet[(worlds[unmet] == UNOBSERVED).any(axis=1)]
                if len(never):
                    raise condition_ruled_out(int(never[0]))
        return _like(beliefs, torch.from_numpy(self._worlds.outputs(worlds)).to(tensor.device))

    def explain(self, beliefs: Array, targets: Array) -> Array:
        """(B, n) int64: for each example a probable world that gives the targets and meets the condition.

        Modules are explained one after the other, with a beam; what is answered always gives the targets.
        Where a conjunction was taken apart, a beam over all symbols is searched instead.
        Raises `EngineError` (impossible-target).
        Cost: for each module and each world in the beam that of its explanation model.
        """
        tensor = _tensor(beliefs)
        self._probabilities(tensor)
        found = self._explained(tensor, _rows(targets, tensor))
        return _like(beliefs, torch.from_numpy(found).to(tensor.device))

    def _explained(self, beliefs: Tensor, targets: Tensor) -> NDArray[np.int64]:
        if self._arrangement.conjunctions:
            rows = enumerate(beliefs.detach().cpu().double().numpy())
            found = [self._worlds.completed(row, own, targets[row].numpy()) for row, own in rows]
            return np.stack(found) if found else np.zeros((0, len(self._program.symbols)), dtype=np.int64)
        self._ready(None)
        worlds = self._explaining.explain(self._probabilities(beliefs.detach()), targets)
        never = torch.nonzero(worlds[:, :1] == UNOBSERVED)[:, 0].tolist()
        if never:
            raise self._impossible(never[0], targets)
        return worlds.numpy()

    def loss(self, beliefs: Array, targets: Array) -> Array:
        """Scalar: minus what the surrogate says of the targets' log-probability, mean over the batch.

        Where gradients are wanted the surrogate learns first, from the program, by beliefs like those lately
        given; its weights are then held fixed. Nobody else's optimiser sees them.
        Raises `EngineError` (impossible-target). `NotConvergedWarning` where the gap is too wide.
        """
        tensor = _tensor(beliefs)
        if not len(tensor):
            return _like(beliefs, tensor.sum())
        self._ready(None)
        if tensor.requires_grad:
            self._learn()
        if not self.convergence.converged:
            warn_not_converged(self.convergence, "its gradients may mislead")
        rows = _rows(targets, tensor)
        self._answering.remembering = tensor.requires_grad
        try:
            logs = self._answering.log_prob(self._probabilities(tensor), rows)
        finally:
            self._answering.remembering = False
        never = torch.nonzero(logs == -torch.inf)[:, 0]
        if len(never):
            raise self._impossible(int(never[0]), rows)
        return _like(beliefs, -logs.mean().to(tensor.device, tensor.dtype))

    @property
    def _error(self) -> float:
        """Of the probability of something: the errors of modules add up as if they were independent."""
        pairs = zip(self._arrangement.counts, self.convergence.errors, strict=True)
        return float(sum(count * error**2 for count, error in pairs) ** 0.5)

    @property
    def _rest(self) -> float:
        return self._engine.tolerance / (10 * max(1, len(self._arrangement.learners)))

    def _ready(self, consequence: str | None) -> None:
        if not self._history:
            self.warm_up()
        if consequence is not None and not self.convergence.converged:
            warn_not_converged(self.convergence, consequence)

    @torch.enable_grad()
    def _learn(self) -> None:
        self._calls += 1
        counts = self._arrangement.counts
        for learner, count in zip(self._arrangement.learners, counts, strict=True):
            if learner.gap * count > self._rest or self._calls % RESTING == 0:
                learner.step()
                if learner.steps % MEASURED == 0:
                    learner.measure()
                    self._note()
        for _ in range(self._engine.patience):
            if self.convergence.converged:
                break
            for learner, count in zip(self._arrangement.learners, counts, strict=True):
                if learner.gap * count > self._rest:
                    learner.step()
                    if learner.steps % MEASURED == 0:
                        learner.measure()
                        self._note()

    def _note(self) -> None:
        found = self.convergence
        self._history.append((sum(found.steps), found.gap))

    def _impossible(self, row: int, targets: Tensor) -> EngineError:
        wanted = [(o, v) for o, v in zip(self._program.outputs, targets[row].tolist(), strict=True) if v >= 0]
        return impossible_target(row, wanted, by_beliefs=False)

    def _probabilities(self, beliefs: Tensor) -> Tensor:
        if beliefs.isnan().any():
            raise not_numbers()
        if beliefs.shape[1] != self._program.width:
            raise ModelError(
                "wrong-shape", f"beliefs of {beliefs.shape[1]} values, for symbols of {self._program.width}"
            )
        logs = beliefs.cpu().float()
        # Only -inf is impossible: what is merely improbable must not become so by rounding.
        return torch.where(logs == -torch.inf, 0.0, logs.exp().clamp_min(TINY))


def _rows(targets: Array, beliefs: Tensor) -> Tensor:
    found = targets.detach().cpu() if isinstance(targets, Tensor) else torch.from_numpy(np.asarray(targets))
    if len(found) != len(beliefs):
        raise ModelError("wrong-shape", f"beliefs of {len(beliefs)} examples, and targets of {len(found)}")
    return found.long()


def _tensor(array: Array) -> Tensor:
    return array if isinstance(array, Tensor) else torch.from_numpy(np.ascontiguousarray(array))


def _like(beliefs: Array, answer: Tensor) -> Array:
    return answer if isinstance(beliefs, Tensor) else answer.detach().numpy()
