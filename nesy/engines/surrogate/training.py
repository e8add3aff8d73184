"""When surrogates learn: before the first answer, and while gradients are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter
from typing import final

import torch
from torch import Tensor

from nesy.engines.surrogate.asked import learning
from nesy.engines.surrogate.convergence import Convergence
from nesy.engines.surrogate.groups import Arrangement
from nesy.engines.surrogate.keeping import below, under
from nesy.engines.surrogate.learner import Learner
from nesy.engines.surrogate.options import Options
from nesy.logic.under_way import stage

MEASURED = 50
"""The gap is measured after so many steps of a learner."""

RESTING = 8
"""A learner whose gap is a tenth of what is tolerated learns at every so many calls only."""


@final
class Training:
    """The learners of a program, and how far they are. generator: what they draw from."""

    def __init__(self, options: Options, arrangement: Arrangement, generator: torch.Generator) -> None:
        self._options, self._generator = options, generator
        self._learners, self._counts = arrangement.learners, arrangement.counts
        self._history: list[tuple[int, float]] = []
        self._calls = 0
        self._reseeding = False

    @property
    def convergence(self) -> Convergence:
        """How far surrogates were from the truth when that was last measured. Cost: O(kinds)."""
        gaps = [learner.gap for learner in self._learners]
        return Convergence(
            gap=sum((g * n for g, n in zip(gaps, self._counts, strict=True)), 0.0),
            tolerance=self._options.tolerance,
            gaps=tuple(gaps),
            counts=tuple(self._counts),
            errors=tuple(learner.error for learner in self._learners),
            steps=tuple(learner.steps for learner in self._learners),
            history=tuple(self._history),
        )

    @property
    def error(self) -> float:
        """Of the probability of something: the errors of modules add up as if they were independent."""
        pairs = zip(self._counts, self.convergence.errors, strict=True)
        return float(sum(count * error**2 for count, error in pairs) ** 0.5)

    @learning()
    def begin(self, seconds: float) -> None:
        """Learn what is to be learnt before the first answer, or go on with it, for so long at most.

        When it stopped has no part in what is learnt. Cost: see `SurrogateInference.warm_up`.
        """
        if self._history:
            return
        end = perf_counter() + seconds
        with stage("learning surrogates", lambda: f"{sum(self.convergence.steps):,} steps"):
            for learner, count in zip(self._learners, self._counts, strict=True):
                if not self._begun(learner, 5 * self._rest / max(1, count), end):
                    return
        self._note()
        if self._reseeding:
            self.seed()

    def _begun(self, learner: Learner, enough: float, end: float) -> bool:
        """Whether a learner has learnt what it has to before the first answer; False at the end of time."""
        while learner.steps < self._options.first and learner.gap > enough:
            if perf_counter() >= end:
                return False
            learner.step()
            if learner.steps % MEASURED == 0:
                learner.measure()
        if not learner.measured:
            if perf_counter() >= end:
                return False
            learner.measure()
        return True

    @learning()
    def go_on(self) -> None:
        """A step of each kind of module, more where the gap is too wide. Cost: that of the steps."""
        self._calls += 1
        for learner, count in zip(self._learners, self._counts, strict=True):
            if learner.gap * count > self._rest or self._calls % RESTING == 0:
                self._step(learner)
        for _ in range(self._options.patience):
            if self.convergence.converged:
                break
            for learner, count in zip(self._learners, self._counts, strict=True):
                if learner.gap * count > self._rest:
                    self._step(learner)

    def _step(self, learner: Learner) -> None:
        learner.step()
        if learner.steps % MEASURED == 0:
            learner.measure()
            self._note()

    def _note(self) -> None:
        found = self.convergence
        self._history.append((sum(found.steps), found.gap))

    @property
    def _rest(self) -> float:
        return self._options.tolerance / (10 * max(1, len(self._learners)))

    def seed(self) -> None:
        """Draw from the seed again; where the first learning is under way, as soon as that is done.

        Cost: O(1).
        """
        self._reseeding = not self._history
        if not self._reseeding:
            seeded(self._generator, self._options.seed)

    def state(self) -> dict[str, Tensor]:
        """What has been learnt, and where the random numbers are that it is learnt from. Cost: a copy."""
        found = {"generator": self._generator.get_state(), "calls": torch.tensor(self._calls)}
        found["history"] = torch.tensor(self._history, dtype=torch.float64).reshape(-1, 2)
        found["reseeding"] = torch.tensor(self._reseeding)
        for number, learner in enumerate(self._learners):
            found |= under(f"{number}.", learner.state())
        return found

    def set_state(self, state: Mapping[str, Tensor]) -> None:
        """Go on learning where `state` was. Cost: a copy."""
        self._generator.set_state(state["generator"])
        self._calls, self._reseeding = int(state["calls"]), bool(state["reseeding"])
        self._history = [(int(steps), float(gap)) for steps, gap in state["history"].tolist()]
        for number, learner in enumerate(self._learners):
            learner.set_state(below(state, f"{number}."))


def seeded(generator: torch.Generator, seed: int | None) -> torch.Generator:
    """The generator, drawing from a seed; from a fresh one where it is None. Cost: O(1)."""
    if seed is None:
        generator.seed()
        return generator
    return generator.manual_seed(seed)
