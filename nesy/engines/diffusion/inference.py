"""The diffusion engine at work on one program."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar, final

import numpy as np
import torch
from torch import Tensor

from nesy.engines.diffusion.chains import Chains
from nesy.engines.diffusion.counting import agreeing, counted, share_error, with_slope
from nesy.engines.diffusion.drawing import Dice
from nesy.engines.diffusion.evaluating import Evaluator
from nesy.engines.diffusion.layout import MASKED, Layout
from nesy.engines.diffusion.options import Options
from nesy.engines.diffusion.predictor import Predictor, completed
from nesy.engines.diffusion.terms import belief_entropy, concept_term, masking_rates
from nesy.engines.diffusion.unmasking import Unmasking
from nesy.engines.entropy import posterior_entropy
from nesy.engines.exact import Exact, ExactInference
from nesy.engines.inference import Array, Guarantee, Inference, Marginal
from nesy.engines.outputs import value_slices
from nesy.engines.pruning.contradictions import require_world
from nesy.engines.sampling import Diagnostics, NoHitsWarning, Sampling
from nesy.engines.unusable_beliefs import require_numbers
from nesy.engines.unusable_shapes import require_rows, require_values, require_width
from nesy.errors import EngineError
from nesy.kernels.worlds.outputs import WorldOutputs
from nesy.logic.program import GroundProgram


@final
class DiffusionInference(Inference):
    """Worlds drawn in steps, each of which lets the symbols revealed so far speak about the others."""

    guarantee: ClassVar[Guarantee] = Guarantee.ESTIMATE

    def __init__(self, engine: Options, program: GroundProgram) -> None:
        self._engine = engine
        self._ground = program
        self._layout = Layout(program)
        several = int(self._layout.dependent.sum()) > 1
        self._network = Unmasking(self._layout, engine.width) if several and engine.width else None
        self._dice = Dice(engine.seed)
        self._evaluator = Evaluator(program)
        self._completions = Sampling(
            samples=engine.samples, seed=engine.seed, estimator=engine.estimator
        ).build(program)
        self._agreed: Tensor | None = None
        self._join()

    def _join(self) -> None:
        self._predictor = Predictor(self._layout, self._network)
        self._chains = Chains(self._predictor, self._evaluator, self._dice, self._engine.steps)

    @property
    def networks(self) -> Unmasking | None:
        """The unmasking network; None where no symbol can tell of another."""
        return self._network

    @property
    def agreed(self) -> float | None:
        """The share of examples in the last call of `loss` for which guided sampling met all targets."""
        return None if self._agreed is None else float(self._agreed.double().mean())

    @property
    def diagnostics(self) -> Diagnostics | None:
        """What the completions in the last call of `loss` tell about themselves; None before the first."""
        return self._completions.diagnostics

    def loss(self, beliefs: Array, targets: Array) -> Array:
        """Scalar: the weighted terms, the mean over the batch; 0 if it is empty."""
        tensor = self._checked(beliefs)
        if not len(tensor):
            return _like(beliefs, tensor.sum())
        engine, wanted = self._engine, self._rows(targets, tensor)
        table = self._layout.table(tensor)
        world, right = self._chains.guided(table, wanted, engine.candidates, engine.sharpness)
        self._agreed = right
        rates = masking_rates(self._dice.uniform((len(tensor) + 1,), tensor.device), engine.blank)
        hidden = self._dice.uniform(tuple(world.shape), tensor.device) < rates[:, None]
        # What contradicts the targets is no world to learn from: begin with nothing known.
        partly = world.masked_fill(hidden | ~right[:, None], MASKED)
        predicted = self._predictor.all_of(self._predictor.believed(table), partly)
        total = self._completions.loss(self._layout.row(completed(predicted, partly)), wanted)
        if engine.concept_weight:
            terms = concept_term(predicted, world, partly, rates.to(table.dtype))
            taught = right & ((wanted >= 0).any(dim=1) | bool(self._ground.condition))
            total = total + engine.concept_weight * terms.masked_fill(~taught, 0.0).mean()
        if engine.entropy_weight:
            total = total - engine.entropy_weight * self._entropy(tensor, wanted).mean()
        return _like(beliefs, total)

    def log_prob(self, beliefs: Array, targets: Array) -> Array:
        """(B,): the log of the share of worlds that give all observed targets.

        -inf, with gradient 0, where none of them does; a `NoHitsWarning` says so where a gradient is wanted.
        The gradient is that of the score function.
        """
        tensor = self._checked(beliefs)
        wanted = self._rows(targets, tensor)
        found, scores = self._drawn(tensor)
        hits, allowed = agreeing(found, wanted), found.consistent
        value = (hits.sum(dim=1) / allowed.sum(dim=1)).to(tensor.dtype).log()
        if scores is not None:
            score = _mean(scores, hits) - _mean(scores, allowed)
            value = with_slope(value, score, hits.any(dim=1))
            self._warn_of_misses(value)
        return _like(beliefs, value)

    def marginals(self, beliefs: Array) -> list[Marginal]:
        """The share of each value of each output, with its standard error.

        Differentiable as `log_prob` is; of values that no world gives the gradient is 0.
        """
        tensor = self._checked(beliefs)
        found, scores = self._drawn(tensor)
        allowed = found.consistent.sum(dim=1, keepdim=True)
        hits = counted(self._ground.outputs, found)
        share = hits / allowed
        logs = share.log().to(tensor.dtype)
        if scores is not None:
            score = counted(self._ground.outputs, found, scores) / hits.clamp(min=1)
            score = score - _mean(scores, found.consistent)[:, None]
            logs = with_slope(logs, score.to(tensor.dtype), hits > 0)
        answers = logs, share_error(share, allowed).to(tensor.dtype)
        return [
            Marginal(*(_like(beliefs, x[:, part]) for x in answers))
            for part in value_slices(self._ground.outputs)
        ]

    def predict(self, beliefs: Array) -> Array:
        """(B, m) int64: the value that most worlds give each output, the first of equals."""
        tensor = self._checked(beliefs)
        votes = self._votes(self._layout.table(tensor))
        found = torch.empty((len(tensor), len(self._ground.outputs)), dtype=torch.int64, device=tensor.device)
        for index, part in enumerate(value_slices(self._ground.outputs)):
            most, found[:, index] = votes[:, part].max(dim=1)
            undefined = (most == 0).nonzero()
            if len(undefined):
                raise EngineError(
                    "no-output-value",
                    f"example {int(undefined[0])} of the batch: no value of "
                    f"{self._ground.outputs[index].name} holds in any of {self._engine.votes} drawn worlds",
                    hint="raise votes, or add a rule for the remaining cases",
                )
        return _like(beliefs, found)

    def symbol_marginals(self, beliefs: Array) -> Array:
        """(B, V): log-probabilities of the symbols' values in drawn worlds, whatever the condition."""
        if self._network is None:
            return beliefs
        tensor = self._checked(beliefs)
        found = self._chains.marginals(self._layout.table(tensor), self._engine.draws).log()
        return _like(beliefs, self._layout.row(found))

    def random_state(self) -> Mapping[str, Tensor]:
        """The states of the generators, once they have drawn."""
        inner = {f"completions-{name}": state for name, state in self._completions.random_state().items()}
        return {**self._dice.state(), **inner}

    def set_random_state(self, state: Mapping[str, Tensor]) -> None:
        """Go on drawing where `random_state` was; given nothing, from the seed."""
        self._dice.restore({name: value for name, value in state.items() if name == "cpu"})
        prefix = "completions-"
        self._completions.set_random_state(
            {name[len(prefix) :]: value for name, value in state.items() if name.startswith(prefix)}
        )

    def _entropy(self, beliefs: Tensor, targets: Tensor) -> Tensor:
        if self._engine.entropy == "conditional":
            return posterior_entropy(self._exact, self._ground.symbols, beliefs, targets)
        return belief_entropy(self._layout, self._layout.table(beliefs))

    @cached_property
    def _exact(self) -> ExactInference:
        return Exact().build(self._ground)

    def _drawn(self, beliefs: Tensor) -> tuple[WorldOutputs, Tensor | None]:
        """What the program makes of drawn worlds; and where a gradient is wanted, their scores, (B, S).

        Raises `EngineError` (condition-never-met).
        """
        table, draws, scores = self._layout.table(beliefs), self._engine.draws, None
        if beliefs.requires_grad and torch.is_grad_enabled():
            worlds, scores = self._chains.worlds_and_scores(table, draws)
        else:
            worlds = self._chains.worlds(table, draws)
        found = self._evaluator.outputs(worlds)
        self._require_all(found.consistent.any(dim=1))
        return found, scores

    def _warn_of_misses(self, logs: Tensor) -> None:
        missed = logs.isneginf().nonzero()[:, 0].tolist()
        if missed:
            warnings.warn(
                f"{len(missed)} of {len(logs)} examples, the first of them {missed[0]}: none of "
                f"{self._engine.draws} drawn worlds gives what was observed, so that it moves nothing;"
                " raise draws, or train on the engine's own loss",
                NoHitsWarning,
                stacklevel=3,
            )

    def _votes(self, table: Tensor) -> Tensor:
        found = self._evaluator.outputs(self._chains.worlds(table, self._engine.votes))
        missed = ~found.consistent.any(dim=1)
        votes = counted(self._ground.outputs, found)
        if missed.any():
            votes[missed] = self._guided_votes(table[missed])
        return votes

    def _guided_votes(self, table: Tensor) -> Tensor:
        """The same, where no world meets the condition: of worlds that are drawn towards it."""
        engine = self._engine
        repeated = table.repeat_interleave(engine.votes, dim=0)
        nothing = torch.full(
            (len(repeated), len(self._ground.outputs)), MASKED, dtype=torch.int64, device=table.device
        )
        worlds, _ = self._chains.guided(repeated, nothing, engine.candidates, engine.sharpness)
        found = self._evaluator.outputs(worlds.view(len(table), engine.votes, -1))
        self._require_all(found.consistent.any(dim=1))
        return counted(self._ground.outputs, found)

    def _checked(self, beliefs: Array) -> Tensor:
        tensor = beliefs if isinstance(beliefs, Tensor) else torch.from_numpy(np.ascontiguousarray(beliefs))
        require_width(tensor, self._layout.width)
        require_numbers(tensor)
        return tensor

    def _rows(self, targets: Array, beliefs: Tensor) -> Tensor:
        require_rows(self._ground.outputs, beliefs, targets)
        wanted = torch.as_tensor(targets, device=beliefs.device).to(torch.int64)
        require_values(self._ground.outputs, wanted)
        return wanted

    def _require_all(self, met: Tensor) -> None:
        never = (~met).nonzero()
        if len(never):
            require_world(self._ground)
            raise EngineError(
                "condition-never-met",
                f"example {int(never[0])} of the batch: no drawn world meets evidence and constraints",
                hint="raise draws or candidates, or use the engine 'exact' or 'sat'",
            )

    def __getstate__(self) -> dict[str, Any]:
        return {"engine": self._engine, "program": self._ground, "network": self._network}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["engine"], state["program"])
        self._network = state["network"]
        self._join()


def _mean(scores: Tensor, chosen: Tensor) -> Tensor:
    return scores.masked_fill(~chosen, 0.0).sum(dim=1) / chosen.sum(dim=1).clamp(min=1)


def _like(beliefs: Array, answer: Tensor) -> Array:
    return answer if isinstance(beliefs, Tensor) else answer.detach().numpy()
