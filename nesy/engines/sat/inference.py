"""Inference by weighted MaxSAT: the single most probable world that explains what was observed.

Training is abduction: the best world that gives the target becomes the label of every symbol.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, final

import numpy as np

from nesy.engines.inconsistent import inconsistent
from nesy.engines.inference import Array, Guarantee, Inference, Marginal, batch_mean
from nesy.engines.outputs import value_slices
from nesy.engines.sat.batches import Workers, answered
from nesy.engines.sat.cones import symbols_below
from nesy.engines.sat.costs import Costs, FloatArray, IntArray, costs_of
from nesy.engines.sat.encoded import IRRELEVANT, encoded
from nesy.engines.sat.failures import impossible_target, no_output_value, out_of_time
from nesy.engines.sat.noise import Noise
from nesy.engines.sat.options import Options
from nesy.engines.sat.results import BestWorlds
from nesy.engines.sat.search import Found, Question, Search
from nesy.engines.sat.weights import as_numbers, in_kind_of, log_sum, log_weights, stacked
from nesy.kernels.worlds.evaluator import WorldEvaluator
from nesy.logic.program import GroundProgram

Target = tuple[int, ...]
"""One row of targets: for each output the index of a value, or -1."""

_CONES_KEPT = 4096


@final
class SatInference(Inference):
    """MaxSAT at work on one program. Arrays are numpy or torch (any device; the search is on the CPU).

    All targets and examples share one encoding and one loaded solver.
    Cost: per example one unit propagation where the symbols' best values already agree with the
    target, else one search: about 0.3 ms for the sum of two digits, 0.5 ms for a 9x9 Sudoku of which
    36 cells are read by a network.
    Every call but `loss` shows a bar on the terminal once it has taken a second. `best_worlds` and
    `predict` give no world that violates a rule, an observation or a constraint.
    """

    guarantee: ClassVar[Guarantee] = Guarantee.LOWER_BOUND

    def __init__(self, options: Options, program: GroundProgram) -> None:
        self._options = options
        self._program = program
        self._unobserved: Target = (-1,) * len(program.outputs)
        self._noise = Noise(options.seed)
        self._encoded = encoded(program)
        self._search = Search(self._encoded)
        self._workers = None if options.jobs == 1 else Workers(self._encoded, options.jobs)
        self._cones: dict[Target, IntArray] = {}
        if not self._search.possible():
            raise inconsistent(
                program, "no world satisfies the evidence and the integrity constraints together"
            )

    def __reduce__(self) -> tuple[Any, ...]:
        # Solvers cannot be copied: a copy encodes afresh, and its noise starts from the seed.
        return SatInference, (self._options, self._program)

    def random_state(self) -> Mapping[str, Array]:
        """Where the noise of `loss` is."""
        return self._noise.state()

    def set_random_state(self, state: Mapping[str, Array]) -> None:
        """Go on where `random_state` was; given nothing, from the seed."""
        self._noise = Noise(self._options.seed, state)

    def log_prob(self, beliefs: Array, targets: Array) -> Array:
        """(B,): the log-probability of the best world w* that meets the targets and the condition.

        A lower bound: P(targets | condition) = P(targets, condition) / P(condition) is at least
        P(targets, condition), which sums over worlds, w* among them; with `Sat(worlds=k)` the k best
        are summed. Only the symbols that these literals depend on take part: the others sum to one.
        -inf where there is no such world; if there is none for the condition alone, `SemanticsError`
        (inconsistent-evidence).
        Differentiable through the beliefs of w*, which is held fixed.
        """
        costs = self._costs(as_numbers(beliefs))
        found = self._explained(costs, list(enumerate(_rows(targets))))
        return log_sum(log_weights(beliefs, *self._stacked(found, len(costs)), self._program.offsets))

    def marginals(self, beliefs: Array) -> list[Marginal]:
        """The bound of `log_prob` for each value of each output: B searches for every value."""
        costs = self._costs(as_numbers(beliefs))
        answers = []
        for index, output in enumerate(self._program.outputs):
            each = [self._only(index, value) for value in range(len(output.domain))]
            found = self._explained(costs, [(row, target) for row in range(len(costs)) for target in each])
            worlds, missing = self._stacked(found, len(costs))
            logs = log_weights(beliefs, worlds, missing, self._program.offsets)
            answers.append(Marginal(log_sum(logs.reshape(len(costs), len(each), self._options.worlds))))
        return answers

    def predict(self, beliefs: Array) -> Array:
        """(B, m) int64: the outputs' values in the most probable world that meets the condition.

        With a time limit, in the best world that was seen. Where several values of an output hold in
        that world they share its bound, and the first in the domain is given.
        Raises `EngineError` (no-output-value, time-limit), `SemanticsError` (inconsistent-evidence).
        """
        costs = self._costs(as_numbers(beliefs))
        found = self._conditioned(costs, range(len(costs)), shown=True)
        decided = self._stacked(found, len(costs), 1)[0][:, 0]
        complete = np.where(decided == IRRELEVANT, costs.best, decided)
        return in_kind_of(beliefs, self._output_values(complete))

    def best_worlds(self, beliefs: Array, targets: Array | None = None, k: int = 1) -> BestWorlds:
        """The k most probable worlds of each example that meet the targets, if given, and the condition.

        They are worlds of the symbols that the outputs or the condition depend on, and differ in them.
        Fewer where there are not so many; none for a target that no world gives.
        Raises `EngineError` (time-limit), `SemanticsError` (inconsistent-evidence).
        Cost: k searches for each example, which share what they learn.
        """
        costs = self._costs(as_numbers(beliefs))
        rows = [self._unobserved] * len(costs) if targets is None else _rows(targets)
        found = self._explained(costs, list(enumerate(rows)), worlds=k, relevant=self._every)
        values, missing = self._stacked(found, len(costs), k)
        proven = np.array([answer.proven for answer in found], dtype=np.int64)
        return BestWorlds(
            values=in_kind_of(beliefs, values),
            scores=log_weights(beliefs, values, missing, self._program.offsets),
            optimal=in_kind_of(beliefs, np.arange(k) < proven[:, None]),
            bound=in_kind_of(beliefs, self._bounds(as_numbers(beliefs), costs, found)),
        )

    def loss(self, beliefs: Array, targets: Array) -> Array:
        """Scalar: minus the log-belief of the best world that gives the target, mean over the batch.

        This is the cross-entropy of the symbols towards the abduced world; `Sat.perturb` says how the
        world is drawn, `Sat.worlds` how many there are, and `Sat.training` what else it may be. Symbols
        that the targets and the condition do not depend on are left alone. 0 for an empty batch.
        Raises `EngineError` (impossible-target) if a target has no world.
        """
        rows = _rows(targets)
        if not rows:
            return beliefs.sum() * 0.0
        numbers = as_numbers(beliefs)
        perturbed = numbers + self._noise.gumbel(numbers.shape, self._options.perturb)
        costs = self._costs(perturbed)
        found = self._explained(costs, list(enumerate(rows)), shown=False)
        for row, answer in enumerate(found):
            if not answer.worlds:
                raise self._impossible(row, rows[row])
        losses = -log_sum(log_weights(beliefs, *self._stacked(found, len(costs)), self._program.offsets))
        if self._options.training == "perturb-and-map":
            free = self._conditioned(costs, range(len(rows)), rows, shown=False)
            values, missing = self._stacked(free, len(costs), 1)
            losses = losses + log_weights(beliefs, values, missing, self._program.offsets)[:, 0]
        return batch_mean(losses)

    def _costs(self, beliefs: FloatArray) -> Costs:
        return costs_of(beliefs, self._program.offsets, self._options.scale)

    def _explained(
        self,
        costs: Costs,
        asked: Sequence[tuple[int, Target]],
        *,
        worlds: int | None = None,
        relevant: IntArray | None = None,
        shown: bool = True,
    ) -> list[Found]:
        """The best worlds of examples given targets; none where only the condition has one."""
        cones = self._cones_of([target for _, target in asked]) if relevant is None else {}
        questions = [
            (row, self._question(target, relevant if relevant is not None else cones[target], worlds))
            for row, target in asked
        ]
        found = self._answers(costs, questions, shown=shown)
        impossible = {row for (row, _), answer in zip(asked, found, strict=True) if not answer.worlds}
        self._conditioned(costs, sorted(impossible), shown=False)
        return found

    def _conditioned(
        self, costs: Costs, rows: Sequence[int], targets: Sequence[Target] | None = None, *, shown: bool
    ) -> list[Found]:
        """The best worlds that meet the condition; it is an error if there is none.

        They decide the symbols that the condition depends on, and those that targets do.
        """
        nothing = self._unobserved
        cones = self._cones_of([nothing] if targets is None else targets)
        asked = [
            (row, self._question(nothing, cones[nothing if targets is None else targets[row]], 1))
            for row in rows
        ]
        found = self._answers(costs, asked, shown=shown)
        for row, answer in zip(rows, found, strict=True):
            if not answer.worlds:
                message = f"example {row} of the batch: the evidence has probability zero"
                raise inconsistent(self._program, message)
        return found

    def _question(self, target: Target, relevant: IntArray, worlds: int | None) -> Question:
        wanted = self._options.worlds if worlds is None else worlds
        return Question(self._encoded.assumed(target), relevant, wanted, self._options.time_limit)

    def _answers(self, costs: Costs, asked: Sequence[tuple[int, Question]], *, shown: bool) -> list[Found]:
        if self._workers is None or len(asked) < 2:
            found = answered(self._search, costs, asked, shown=shown)
        else:
            found = self._workers.answered(costs, asked, shown=shown)
        for (row, _), answer in zip(asked, found, strict=True):
            if not answer.worlds and answer.left is not None:
                raise out_of_time(row, self._options.time_limit)
        return found

    def _cones_of(self, targets: Sequence[Target]) -> Mapping[Target, IntArray]:
        """For each target the symbols that it and the condition depend on."""
        if len(self._cones) > _CONES_KEPT:
            self._cones.clear()
        new = [target for target in dict.fromkeys(targets) if target not in self._cones]
        outputs, condition = self._program.outputs, self._program.condition
        groups = [
            [*condition, *(o.literals[v] for o, v in zip(outputs, target, strict=True) if v >= 0)]
            for target in new
        ]
        for target, symbols in zip(new, symbols_below(self._program, groups), strict=True):
            self._cones[target] = symbols
        return self._cones

    @cached_property
    def _every(self) -> IntArray:
        """The symbols that any output or the condition depends on."""
        literals = [lit for output in self._program.outputs for lit in output.literals]
        return symbols_below(self._program, [[*literals, *self._program.condition]])[0]

    def _stacked(self, found: Sequence[Found], batch: int, worlds: int | None = None) -> tuple[Array, Array]:
        wanted = self._options.worlds if worlds is None else worlds
        return stacked(found, wanted, batch, len(self._program.symbols))

    def _bounds(self, beliefs: FloatArray, costs: Costs, found: Sequence[Found]) -> FloatArray:
        """(B,): what no world but the proven ones exceeds."""
        starts = np.asarray(self._program.offsets[:-1], dtype=np.int64)[self._every]
        highest = np.take_along_axis(beliefs, starts + costs.best[:, self._every], axis=1).sum(axis=1)
        rounding = 0.5 * len(self._every)
        left = np.array([np.inf if answer.left is None else answer.left for answer in found], dtype=float)
        bounds: FloatArray = highest - np.maximum(left - rounding, 0) / self._options.scale
        return bounds

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
                raise no_output_value(int(undefined[0]), self._program.outputs[index])
            found[:, index] = block.argmax(axis=0)
        return found

    @cached_property
    def _values(self) -> WorldEvaluator:
        literals = [lit for output in self._program.outputs for lit in output.literals]
        return WorldEvaluator(self._program.graph, literals)

    def _impossible(self, row: int, target: Target) -> Exception:
        """Why an example has no world: one output's target, or several together."""
        observed = [i for i, value in enumerate(target) if value >= 0]
        alone = [i for i in observed if not self._possible(self._only(i, target[i]))]
        wanted = [(self._program.outputs[i], target[i]) for i in alone[:1] or observed]
        return impossible_target(row, wanted, by_beliefs=self._possible(target))

    def _possible(self, target: Target) -> bool:
        return self._search.possible(self._encoded.assumed(target))


def _rows(targets: Array) -> list[Target]:
    return [tuple(row) for row in targets.tolist()]
