"""Inference by weighted MaxSAT: the single most probable world that explains what was observed.

Training is abduction: the best world that gives the target becomes the label of every symbol.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, ClassVar, final

import numpy as np

from nesy.engines.inconsistent import inconsistent
from nesy.engines.inference import Array, Engine, Guarantee, Inference, Marginal
from nesy.engines.outputs import value_slices
from nesy.engines.sat_search import IRRELEVANT, Costs, FloatArray, IntArray, Search, costs_of
from nesy.engines.sat_weights import as_numbers, in_kind_of, log_weights
from nesy.errors import EngineError
from nesy.kernels.worlds import WorldEvaluator
from nesy.logic.program import GroundProgram, Output

Target = tuple[int, ...]
"""One row of targets: for each output the index of a value, or -1."""

_SEARCHES_KEPT = 1024


@final
@dataclass(frozen=True)
class Sat(Engine):
    """Most probable worlds by weighted MaxSAT (RC2, from python-sat).

    scale: log-probabilities times this, rounded, are the integer costs that MaxSAT minimises. It is
    exact for those; in nats the world found is within n / scale of the best, n being the number of
    symbols it decides (each cost is off by at most 1 / (2 scale), in either world). The bounds given
    are those of the world found, so rounding makes none of them false.
    perturb: in `loss` only, standard Gumbel noise times this is added to every belief before the
    search (perturb-and-MAP), so the label is about a draw from the posterior over worlds, not
    always its mode: a fresh network does not take its first guess for the truth, and starts to
    learn several times sooner. 0 turns it off.
    seed: of that noise; None draws a fresh one.
    """

    name: ClassVar[str] = "sat"

    scale: float = 1000.0
    perturb: float = 1.0
    seed: int | None = 0

    def __post_init__(self) -> None:
        if not self.scale > 0:
            raise EngineError("invalid-option", f"scale is {self.scale}", hint="give a number above 0")
        if not self.perturb >= 0:
            raise EngineError("invalid-option", f"perturb is {self.perturb}", hint="give 0 or more")

    def build(self, program: GroundProgram) -> SatInference:
        """Each combination of targets is encoded when it is first met; here only the condition is.

        Raises `SemanticsError` (inconsistent-evidence) when no world meets the condition.
        """
        return SatInference(self, program)


@final
class SatInference(Inference):
    """MaxSAT at work on one program. Arrays are numpy or torch (any device; the search is on the CPU).

    The last 1,024 combinations of targets keep their clauses and their solver.
    Cost: per example one unit propagation where the symbols' best values already agree with the
    target, else one MaxSAT call: about 0.4 ms for the sum of two digits.
    """

    guarantee: ClassVar[Guarantee] = Guarantee.LOWER_BOUND

    def __init__(self, engine: Sat, program: GroundProgram) -> None:
        self._engine = engine
        self._program = program
        self._unobserved: Target = (-1,) * len(program.outputs)
        self._noise = np.random.default_rng(engine.seed)
        self._search: Callable[[Target], Search] = lru_cache(_SEARCHES_KEPT)(self._new_search)
        if not self._search(self._unobserved).possible:
            raise inconsistent(
                program, "no world satisfies the evidence and the integrity constraints together"
            )

    def __reduce__(self) -> tuple[Any, ...]:
        # Solvers cannot be copied: a copy encodes afresh, and its noise starts from the seed.
        return SatInference, (self._engine, self._program)

    def log_prob(self, beliefs: Array, targets: Array) -> Array:
        """(B,): the log-probability of the best world w* that meets the targets and the condition.

        A lower bound: P(targets | condition) = P(targets, condition) / P(condition) is at least
        P(targets, condition), which sums over worlds, w* among them. Only the symbols that these
        literals depend on take part: the others sum to one. -inf where there is no such world; if
        there is none for the condition alone, `SemanticsError` (inconsistent-evidence).
        Differentiable through the beliefs of w*, which is held fixed.
        """
        worlds = self._best_worlds(as_numbers(beliefs), _rows(targets))
        return log_weights(beliefs, worlds, self._program)[:, 0]

    def marginals(self, beliefs: Array) -> list[Marginal]:
        """The bound of `log_prob` for each value of each output: B searches for every value."""
        costs = costs_of(as_numbers(beliefs), self._program, self._engine.scale)
        answers = []
        for index, output in enumerate(self._program.outputs):
            each = [self._only(index, value) for value in range(len(output.domain))]
            worlds = [
                self._best_world(costs, row, target) for row in range(len(costs.best)) for target in each
            ]
            answers.append(Marginal(log_weights(beliefs, worlds, self._program)))
        return answers

    def predict(self, beliefs: Array) -> Array:
        """(B, m) int64: the outputs' values in the most probable world that meets the condition.

        Where several values of an output hold in that world they share its bound, and the first in
        the domain is given. Raises `EngineError` (no-output-value), `SemanticsError` (inconsistent-evidence).
        """
        costs = costs_of(as_numbers(beliefs), self._program, self._engine.scale)
        decided = np.stack([self._possible_world(costs, row) for row in range(len(costs.best))])
        complete = np.where(decided == IRRELEVANT, costs.best, decided)
        return in_kind_of(beliefs, self._output_values(complete))

    def loss(self, beliefs: Array, targets: Array) -> Array:
        """Scalar: minus the log-belief of the values of the best consistent world, mean over the batch.

        This is the cross-entropy of the symbols towards the abduced world; `perturb` says how the
        world is drawn. Symbols that the targets and the condition do not depend on are left alone.
        Raises `EngineError` (impossible-target) if a target has no world.
        """
        rows = _rows(targets)
        numbers = as_numbers(beliefs)
        if self._engine.perturb:
            numbers = numbers + self._engine.perturb * self._noise.gumbel(size=numbers.shape)
        worlds = self._best_worlds(numbers, rows)
        for row, world in enumerate(worlds):
            if world is None:
                raise self._impossible(row, rows[row])
        return -log_weights(beliefs, worlds, self._program).mean()

    def _best_worlds(self, beliefs: FloatArray, rows: Sequence[Target]) -> list[IntArray | None]:
        costs = costs_of(beliefs, self._program, self._engine.scale)
        return [self._best_world(costs, row, target) for row, target in enumerate(rows)]

    def _best_world(self, costs: Costs, row: int, target: Target) -> IntArray | None:
        """The cheapest world that gives one example its target, or None if only the condition has one."""
        world = self._search(target).best_world(costs.excess[row], costs.best[row])
        if world is None:
            self._possible_world(costs, row)
        return world

    def _possible_world(self, costs: Costs, row: int) -> IntArray:
        """The cheapest world that meets the condition; it is an error if there is none."""
        world = self._search(self._unobserved).best_world(costs.excess[row], costs.best[row])
        if world is None:
            raise inconsistent(
                self._program, f"example {row} of the batch: the evidence has probability zero"
            )
        return world

    def _new_search(self, target: Target) -> Search:
        observed = [
            output.literals[value]
            for output, value in zip(self._program.outputs, target, strict=True)
            if value >= 0
        ]
        return Search(self._program, [*observed, *self._program.condition])

    def _only(self, index: int, value: int) -> Target:
        """The target that observes one output."""
        return tuple(value if i == index else -1 for i in range(len(self._program.outputs)))

    def _output_values(self, worlds: IntArray) -> IntArray:
        """(B, m): for each output the first value that holds in each of the (B, n) worlds."""
        truths = self._values.evaluate(worlds)
        parts = value_slices(self._program.outputs)
        found = np.empty((len(worlds), len(parts)), dtype=np.int64)
        for index, part in enumerate(parts):
            block = truths[part]
            undefined = np.flatnonzero(~block.any(axis=0))
            if len(undefined):
                raise EngineError(
                    "no-output-value",
                    f"example {undefined[0]} of the batch: no value of {self._program.outputs[index].name} "
                    "holds in the most probable world",
                    hint="the rules leave this output undefined there; add a rule for the remaining cases",
                )
            found[:, index] = block.argmax(axis=0)
        return found

    @cached_property
    def _values(self) -> WorldEvaluator:
        literals = [lit for output in self._program.outputs for lit in output.literals]
        return WorldEvaluator(self._program.graph, literals)

    def _impossible(self, row: int, target: Target) -> EngineError:
        """Why an example has no world: one output's target, or several together."""
        outputs = self._program.outputs
        observed = [i for i, value in enumerate(target) if value >= 0]
        alone = [i for i in observed if not self._search(self._only(i, target[i])).possible]
        wanted = ", ".join(_equation(outputs[i], target[i]) for i in alone[:1] or observed)
        reason = "the beliefs rule out every world of" if self._search(target).possible else "no world gives"
        return EngineError(
            "impossible-target",
            f"example {row} of the batch: {reason} {wanted}",
            hint="check the label, or use -1 where an output was not observed",
        )


def _equation(output: Output, value: int) -> str:
    return f"{output.name} = {output.domain[value]}"


def _rows(targets: Array) -> list[Target]:
    return [tuple(row) for row in targets.tolist()]
