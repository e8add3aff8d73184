"""Inference by the k most probable proofs of what is observed together: a lower bound of its probability."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from nesy.engines.inconsistent import inconsistent
from nesy.engines.inference import Array, Guarantee, Inference, Marginal
from nesy.engines.sat.failures import impossible_target, no_output_value
from nesy.engines.sat.noise import Noise
from nesy.engines.sat.weights import as_numbers, in_kind_of
from nesy.engines.topk.answers import Answers, Asked, FloatArray, Wanted, answered
from nesy.engines.topk.failures import no_proof, warn_no_proof
from nesy.engines.topk.goal_graph import ABSENT, IntArray, goal_graph
from nesy.engines.topk.options import Options
from nesy.engines.topk.results import BestProofs, ProbabilityBounds
from nesy.engines.topk.search import ROUNDING, Limits
from nesy.engines.unusable_shapes import require_rows, require_values, require_width
from nesy.logic.program import GroundProgram

_GRADIENT_BYTES = 1 << 28
"""Marginals are differentiated for so many bytes of gradients at a time."""


@final
class TopKInference(Inference):
    """The search for proofs at work on one program. Arrays are numpy or torch; the search is on the CPU.

    With y the observed targets and c the condition, the proofs found are of y and c together. Their union
    has a probability L <= P(y, c). U >= P(c) is found in the same way: 1 without a condition, P(c) itself
    where the search can list all proofs of it. What is answered is L / U <= P(y | c).
    The gradient is that of log L, and of log U where that is exact; elsewhere U is held fixed.
    Cost: a search for each example, for each output's value where marginals are asked for.
    """

    guarantee: ClassVar[Guarantee] = Guarantee.LOWER_BOUND

    def __init__(self, engine: Options, program: GroundProgram) -> None:
        self._engine = engine
        self._program = program
        self._graph = goal_graph(program)
        self._noise = Noise(engine.seed)
        if program.condition:
            found = self._asked(self._even, self._goals(np.full((1, self._outputs), ABSENT)), 1)
            if not found.found[0] and not found.spent[0]:
                raise inconsistent(
                    program, "no world satisfies the evidence and the integrity constraints together"
                )

    def __reduce__(self) -> tuple[Any, ...]:
        # A copy's noise starts from the seed.
        return TopKInference, (self._engine, self._program)

    def random_state(self) -> Mapping[str, Array]:
        """Where the noise of `loss` is."""
        return self._noise.state()

    def set_random_state(self, state: Mapping[str, Array]) -> None:
        """Go on where `random_state` was; given nothing, from the seed."""
        self._noise = Noise(self._engine.seed, state)

    def log_prob(self, beliefs: Array, targets: Array) -> Array:
        """(B,): the lower bound from `test_k` proofs; -inf, with gradient 0, for what is impossible.

        Also -inf where the effort was spent before the first proof, with a `NoProofWarning`.
        Raises `SemanticsError` (inconsistent-evidence) where the beliefs rule out the condition.
        """
        goals = self._goals(self._rows(beliefs, targets))
        return self._log_prob(beliefs, goals, np.arange(len(goals)), self._engine.test_k)

    def marginals(self, beliefs: Array) -> list[Marginal]:
        """The bound of `log_prob` for each value of each output: a search for each."""
        answers = []
        for index, output in enumerate(self._program.outputs):
            count, size = beliefs.shape[0], len(output.domain)
            targets = np.full((count * size, self._outputs), ABSENT, dtype=np.int64)
            targets[:, index] = np.tile(np.arange(size), count)
            rows = np.repeat(np.arange(count), size)
            logs = self._log_prob(beliefs, self._goals(targets), rows, self._engine.test_k)
            answers.append(Marginal(logs.reshape(count, size)))
        return answers

    def predict(self, beliefs: Array) -> Array:
        """(B, m) int64: the value of each output that is most probable among the worlds of some proofs.

        They are the `test_k` best proofs that all outputs have some value: one search for each example.
        Raises `EngineError` (no-output-value, effort-spent), `SemanticsError` (inconsistent-evidence).
        """
        numbers = self._numbers(beliefs)
        goals = np.repeat(np.concatenate([self._graph.decided, self._graph.condition])[None], len(numbers), 0)
        found = self._asked(numbers, goals[:, self._graph.order], self._engine.test_k, Wanted(tallies=True))
        for row in np.flatnonzero(found.found == 0).tolist():
            raise self._unpredictable(numbers[row : row + 1], row, spent=bool(found.spent[row]))
        return in_kind_of(beliefs, found.tallies.argmax(axis=2))

    def loss(self, beliefs: Array, targets: Array) -> Array:
        """Scalar: minus the lower bound from `k` proofs, mean over the batch; 0 for an empty one.

        `TopK.perturb` says by which beliefs proofs are sought. Examples whose effort was spent before the
        first proof count nothing, with a `NoProofWarning`.
        Raises `EngineError`: impossible-target; effort-spent where no example has a proof.
        """
        wanted = self._rows(beliefs, targets)
        goals, numbers = self._goals(wanted), self._numbers(beliefs)
        noise = self._noise.gumbel(numbers.shape, self._engine.perturb)
        scores = self._normalised(numbers + noise) if self._engine.perturb else None
        rows = np.arange(len(goals))
        logs, missing = self._given(beliefs, goals, rows, self._engine.k, scores)
        for row in np.flatnonzero(missing == _IMPOSSIBLE).tolist():
            raise self._impossible(row, wanted[row])
        left_out = np.flatnonzero(missing == _UNKNOWN)
        if len(left_out) and len(left_out) == len(goals):
            raise no_proof(0)
        warn_no_proof(left_out.tolist(), "it does not count in the loss")
        proved = in_kind_of(beliefs, np.flatnonzero(missing == _FOUND))
        return -logs[proved].sum() / max(1, len(goals))

    def bounds(self, beliefs: Array, targets: Array) -> ProbabilityBounds:
        """What log P(targets | condition) lies between, from `test_k` proofs; not differentiable.

        Above is the probability of what was found and of all boxes that were not searched; where one
        output alone is observed, also 1 less the lower bound that it has another value.
        Cost: up to three searches for each example.
        """
        wanted, numbers = self._rows(beliefs, targets), self._numbers(beliefs)
        goals = self._goals(wanted)
        found, condition = self._asked(numbers, goals, self._engine.test_k), self._condition(numbers)
        with np.errstate(invalid="ignore", divide="ignore"):
            lower = np.where(found.found > 0, found.log_prob - condition.above, -np.inf)
            upper = np.where(condition.found > 0, found.above - condition.log_prob, 0.0)
            upper = np.minimum(np.where(np.isneginf(found.above), -np.inf, upper), 0.0)
            alone = np.flatnonzero((wanted >= 0).sum(axis=1) == 1)
            if len(alone):
                other = self._asked(numbers, self._refuting(wanted[alone]), self._engine.test_k, rows=alone)
                refuted = np.minimum(other.log_prob - condition.above[alone], 0.0)
                upper[alone] = np.minimum(upper[alone], np.log1p(-np.exp(refuted)))
        return ProbabilityBounds(in_kind_of(beliefs, lower), in_kind_of(beliefs, np.maximum(lower, upper)))

    def best_proofs(self, beliefs: Array, targets: Array | None = None, k: int | None = None) -> BestProofs:
        """The best proofs of each example's targets, if given, and the condition; `test_k` if not said.

        Fewer where there are not so many. Cost: one search for each example.
        """
        numbers = self._numbers(beliefs)
        nothing = np.full((len(numbers), self._outputs), ABSENT)
        wanted = nothing if targets is None else self._rows(beliefs, targets)
        count = self._engine.test_k if k is None else k
        found = self._asked(numbers, self._goals(wanted), count, Wanted(proofs=True))
        optimal = np.isfinite(found.weights) & (found.weights >= found.next_best[:, None] - ROUNDING)
        # A wider beam may have found better proofs later.
        order = np.argsort(-found.weights, axis=1, kind="stable")
        listed = [
            np.take_along_axis(found.boxes.astype(np.bool_), order[:, :, None], axis=1),
            np.take_along_axis(found.weights, order, axis=1),
            np.take_along_axis(optimal, order, axis=1),
            found.next_best,
        ]
        return BestProofs(self._program.symbols, *(in_kind_of(beliefs, part) for part in listed))

    @property
    def _outputs(self) -> int:
        return len(self._program.outputs)

    @property
    def _even(self) -> FloatArray:
        """(1, V): beliefs that rule out nothing."""
        sizes = np.diff(self._graph.nodes.starts)
        return -np.log(np.repeat(sizes, sizes).astype(np.float64))[None]

    def _numbers(self, beliefs: Array) -> FloatArray:
        """Raises `ModelError` (wrong-shape), `EngineError` (invalid-beliefs)."""
        require_width(beliefs, self._program.width)
        return as_numbers(beliefs)

    def _rows(self, beliefs: Array, targets: Array) -> IntArray:
        """Raises `ModelError` (wrong-shape)."""
        require_rows(self._program.outputs, beliefs, targets)
        return np.array(targets.tolist(), dtype=np.int64).reshape(tuple(targets.shape))

    def _goals(self, targets: IntArray) -> IntArray:
        """(Q, m + c): the goals of targets and the condition, in the order of the search."""
        return self._with_condition(self._codes(targets))

    def _refuting(self, targets: IntArray) -> IntArray:
        """(Q, m + c): the goals that the one observed output has another value, and of the condition."""
        codes = self._codes(targets)
        return self._with_condition(np.where(codes >= 0, codes ^ 1, ABSENT))

    def _codes(self, targets: IntArray) -> IntArray:
        """(Q, m): the goals of targets. Raises `EngineError` (target-out-of-range)."""
        require_values(self._program.outputs, targets)
        # What is not observed looks up the last value, and is then left out.
        codes = self._graph.values[np.arange(self._outputs), targets]
        return np.where(targets >= 0, codes, ABSENT)

    def _with_condition(self, codes: IntArray) -> IntArray:
        condition = np.repeat(self._graph.condition[None], len(codes), axis=0)
        return np.concatenate([codes, condition], axis=1)[:, self._graph.order]

    def _asked(
        self,
        beliefs: FloatArray,
        goals: IntArray,
        proofs: int,
        wanted: Wanted | None = None,
        *,
        rows: IntArray | None = None,
        scores: FloatArray | None = None,
    ) -> Answers:
        asked = Asked(np.ascontiguousarray(goals), np.arange(len(goals)) if rows is None else rows)
        limits = Limits(proofs, self._engine.beam, self._engine.effort)
        nodes, values = self._graph.nodes, self._graph.values
        return answered(
            nodes, values, np.ascontiguousarray(beliefs), asked, limits, wanted or Wanted(), scores
        )

    def _condition(self, beliefs: FloatArray, *, gradient: bool = False) -> Answers:
        """What is known of the condition in each example."""
        goals = self._goals(np.full((len(beliefs), self._outputs), ABSENT))
        found = self._asked(beliefs, goals, self._engine.test_k, Wanted(gradient=gradient))
        for row in np.flatnonzero(np.isneginf(found.above)).tolist():
            raise self._inconsistent(row)
        return found

    def _log_prob(self, beliefs: Array, goals: IntArray, rows: IntArray, proofs: int) -> Array:
        logs, missing = self._given(beliefs, goals, rows, proofs)
        warn_no_proof(np.unique(rows[missing == _UNKNOWN]).tolist(), "its bound is 0")
        return logs

    def _given(
        self,
        beliefs: Array,
        goals: IntArray,
        rows: IntArray,
        proofs: int,
        scores: FloatArray | None = None,
    ) -> tuple[Array, NDArray[np.int8]]:
        """(Q,): the lower bounds of goals given the condition; and what became of each."""
        numbers = self._numbers(beliefs)
        steep = not isinstance(beliefs, np.ndarray) and bool(beliefs.requires_grad)
        found = self._asked(numbers, goals, proofs, Wanted(gradient=steep), rows=rows, scores=scores)
        values, gradient = found.log_prob, found.gradient
        if self._program.condition:
            condition = self._condition(numbers, gradient=steep)
            values = np.where(found.found > 0, values - condition.above[rows], -np.inf)
            if steep:
                exact = (condition.above <= condition.log_prob)[rows] & (found.found > 0)
                gradient = gradient - np.where(exact[:, None], condition.gradient[rows], 0.0)
        missing = np.where(found.found > 0, _FOUND, np.where(found.spent, _UNKNOWN, _IMPOSSIBLE))
        return self._in_kind_of(beliefs, values, rows, gradient), missing.astype(np.int8)

    def _in_kind_of(self, beliefs: Array, values: FloatArray, rows: IntArray, gradient: FloatArray) -> Array:
        answer = in_kind_of(beliefs, values)
        if isinstance(beliefs, np.ndarray):
            return answer
        answer = answer.to(beliefs.dtype)
        if not beliefs.requires_grad:
            return answer
        from nesy.engines.topk.torch_gradient import with_gradient  # noqa: PLC0415 - loads torch

        slope = in_kind_of(beliefs, gradient).to(beliefs.dtype)
        return with_gradient(beliefs, answer, in_kind_of(beliefs, rows), slope)

    def _normalised(self, scores: FloatArray) -> FloatArray:
        """(B, V): scores as log-probabilities, symbol by symbol."""
        if not scores.size:
            return scores
        starts = self._graph.nodes.starts
        sizes = np.diff(starts)
        best = np.repeat(np.maximum.reduceat(scores, starts[:-1], axis=1), sizes, axis=1)
        shifted = scores - np.where(np.isfinite(best), best, 0.0)
        with np.errstate(divide="ignore"):
            totals = np.log(np.add.reduceat(np.exp(shifted), starts[:-1], axis=1))
        return np.asarray(shifted - np.repeat(np.where(np.isfinite(totals), totals, 0.0), sizes, axis=1))

    def _impossible(self, row: int, target: IntArray) -> Exception:
        """Why an example has no proof: one output's target, or several together."""
        observed = np.flatnonzero(target >= 0).tolist()
        alone = [i for i in observed if not self._possible(self._only(i, int(target[i])))]
        named = [(self._program.outputs[i], int(target[i])) for i in alone[:1] or observed]
        return impossible_target(row, named, by_beliefs=self._possible(target[None]))

    def _only(self, output: int, value: int) -> IntArray:
        targets = np.full((1, self._outputs), ABSENT, dtype=np.int64)
        targets[0, output] = value
        return targets

    def _possible(self, targets: IntArray) -> bool:
        """Whether some world may give the targets, whatever the beliefs."""
        found = self._asked(self._even, self._goals(targets), 1)
        return bool(found.found[0] or found.spent[0])

    def _inconsistent(self, row: int) -> Exception:
        message = f"example {row} of the batch: the evidence has probability zero"
        return inconsistent(self._program, message)

    def _unpredictable(self, beliefs: FloatArray, row: int, *, spent: bool) -> Exception:
        """Why no proof says what all outputs are."""
        if spent:
            return no_proof(row)
        nothing = np.full((1, self._outputs), ABSENT, dtype=np.int64)
        if np.isneginf(self._asked(beliefs, self._goals(nothing), 1).above[0]):
            return self._inconsistent(row)
        for index, output in enumerate(self._program.outputs):
            codes = np.full((1, self._outputs), ABSENT, dtype=np.int64)
            codes[0, index] = self._graph.decided[index]
            if np.isneginf(self._asked(beliefs, self._with_condition(codes), 1).above[0]):
                return no_output_value(row, output)
        return no_output_value(row, self._program.outputs[0])


_FOUND, _UNKNOWN, _IMPOSSIBLE = range(3)
"""What becomes of a question: proofs, none in the effort allowed, none at all."""
