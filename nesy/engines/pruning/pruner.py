"""The service: batches of partial assignments in, what can still be completed out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from nesy.engines.inconsistent import inconsistent
from nesy.engines.pruning.completions import ABSENT, BoolArray, Completions, IntArray
from nesy.engines.pruning.partial_worlds import FloatArray, PartialWorlds
from nesy.errors import EngineError
from nesy.kernels.arrays import Array, namespace
from nesy.logic.program import GroundProgram

UNKNOWN = -1
"""Stands for what is not assigned, or not observed."""


@final
class Pruner:
    """Says which values of symbols and outputs a partial assignment leaves.

    A world can be completed where the evidence and the integrity constraints hold, and the targets. No value
    that can be completed is ever pruned. With `exact` all others are; without, those that unit propagation
    finds, which takes microseconds and is complete once every symbol is assigned.
    Arrays are numpy's or torch's, on any device; answers are of the kind of the first argument. Not to be
    used by two threads at a time; a copy encodes anew.
    Raises `SemanticsError` (inconsistent-evidence) where no world meets the condition.
    Cost of building: one encoding of all outputs and the condition, and one call of a solver.
    """

    def __init__(self, program: GroundProgram) -> None:
        self._program = program
        self._sizes = [len(o.domain) for o in program.outputs]
        self._completions = Completions(program)
        if not self._completions.consistent:
            raise inconsistent(
                program, "no world satisfies the evidence and the integrity constraints together"
            )

    def __reduce__(self) -> tuple[Any, ...]:
        return Pruner, (self._program,)

    def possible(self, assignments: Array, targets: Array | None = None, *, exact: bool = False) -> Array:
        """(B, V) bool: for each value of each symbol, whether it can be completed.

        assignments: (B, n) integers, the index of each symbol's value, or -1; targets: (B, m), the same for
        outputs. Columns are those of beliefs. An assigned symbol has its own value, if any; a row is all
        False where nothing can be completed.
        Raises `EngineError` (wrong-shape, wrong-dtype, value-out-of-range).
        Cost: for each row that is not a repetition, one unit propagation and O(V), some tens of
        microseconds; with `exact`, up to a call of a solver for each value that is possible.
        """
        rows, observed = self._read(assignments, targets)

        def row(values: IntArray, literals: list[int]) -> BoolArray:
            found = self._unassigned(values) & self._completions.propagated(literals)
            return self._completions.completed(literals, found) if exact and found.any() else found

        return _in_kind_of(assignments, self._each(rows, observed, row, self._program.width))

    def possible_outputs(
        self, assignments: Array, targets: Array | None = None, *, exact: bool = False
    ) -> list[Array]:
        """For each output (B, its number of values) bool: whether it can have the value.

        As `possible`; an observed output has its own value.
        Cost: for each row one unit propagation for each value, with `exact` a call of a solver each.
        """
        rows, observed = self._read(assignments, targets)

        def row(_: IntArray, literals: list[int]) -> BoolArray:
            each = [x for output in self._completions.outputs for x in output]
            holds = self._completions.holds
            return np.array([holds([*literals, x], exact=exact) for x in each], dtype=np.bool_)

        found = self._each(rows, observed, row, sum(self._sizes))
        ends = np.cumsum([0, *self._sizes]).tolist()
        answers = []
        for output, (start, end) in enumerate(pairwise(ends)):
            wanted = observed[:, output : output + 1]
            own = (wanted == UNKNOWN) | (wanted == np.arange(end - start))
            answers.append(_in_kind_of(assignments, found[:, start:end] & own))
        return answers

    def partial_worlds(self, beliefs: FloatArray, targets: IntArray | None = None) -> PartialWorlds:
        """Worlds of one example to be built symbol by symbol, from none that is known.

        beliefs: (V,) log-probabilities; values of -inf are never taken, and the most probable ones tried
        first where worlds are looked for. targets: (m,) the index of each output's value, or -1.
        Where only some values of some symbols matter, this asks far fewer questions than `possible`.
        Raises `EngineError` (wrong-shape, wrong-dtype, value-out-of-range).
        Cost: one call of a solver, and one propagation; then those of `PartialWorlds.extend`.
        """
        width, offsets = self._program.width, self._program.offsets
        if beliefs.shape != (width,):
            raise EngineError(
                "wrong-shape",
                f"beliefs have the shape {tuple(beliefs.shape)}, expected ({width},)",
                hint="give the log-probabilities of all values of all symbols, of one example",
            )
        unknown = np.full((1, len(self._program.symbols)), UNKNOWN)
        rows, observed = self._read(unknown, None if targets is None else targets[None])
        assumed = self._literals(rows[0], observed[0])
        best = [a + int(beliefs[a:b].argmax()) for a, b in pairwise(offsets)]
        preferred = np.array(best, dtype=np.int64)
        return PartialWorlds(self._completions, assumed, preferred, beliefs == -np.inf)

    def _each(
        self,
        rows: IntArray,
        observed: IntArray,
        answer: Callable[[IntArray, list[int]], BoolArray],
        width: int,
    ) -> BoolArray:
        """The answers of all rows; equal rows are asked once."""
        found = np.empty((len(rows), width), dtype=np.bool_)
        known: dict[bytes, int] = {}
        for place, (values, target) in enumerate(zip(rows, observed, strict=True)):
            first = known.setdefault(values.tobytes() + target.tobytes(), place)
            literals = self._literals(values, target)
            found[place] = found[first] if first != place else answer(values, literals)
        return found

    def _literals(self, values: IntArray, target: IntArray) -> list[int]:
        """What is assumed of one row. Symbols that nothing depends on are left out."""
        chosen = np.flatnonzero(values != UNKNOWN)
        columns = np.asarray(self._program.offsets[:-1], dtype=np.int64)[chosen] + values[chosen]
        literals = self._completions.literals[columns]
        outputs = zip(self._completions.outputs, target.tolist(), strict=True)
        return [*literals[literals != ABSENT].tolist(), *(o[v] for o, v in outputs if v != UNKNOWN)]

    def _unassigned(self, values: IntArray) -> BoolArray:
        """(V,): all values but those that an assigned symbol does not have."""
        sizes = np.diff(self._program.offsets)
        given = np.repeat(values, sizes)
        index = np.arange(self._program.width) - np.repeat(self._program.offsets[:-1], sizes)
        left: BoolArray = (given == UNKNOWN) | (given == index)
        return left

    def _read(self, assignments: Array, targets: Array | None) -> tuple[IntArray, IntArray]:
        sizes = [len(s.values) for s in self._program.symbols]
        rows = _whole_numbers(assignments, "assignments", sizes)
        if targets is None:
            return rows, np.full((len(rows), len(self._sizes)), UNKNOWN, dtype=np.int64)
        observed = _whole_numbers(targets, "targets", self._sizes)
        if len(observed) != len(rows):
            raise EngineError(
                "wrong-shape",
                f"there are {len(rows)} assignments and {len(observed)} targets",
                hint="give one row of targets for each row of assignments",
            )
        return rows, observed


def _whole_numbers(given: Array, name: str, sizes: Sequence[int]) -> IntArray:
    """The indices in an array of shape (B, len(sizes))."""
    numbers = given if isinstance(given, np.ndarray) else given.detach().cpu().numpy()
    if numbers.ndim != 2 or numbers.shape[1] != len(sizes):
        raise EngineError(
            "wrong-shape",
            f"{name} have the shape {tuple(numbers.shape)}, expected (B, {len(sizes)})",
            hint="one row for each example, -1 where a value is not known",
        )
    if numbers.dtype.kind not in "iu":
        raise EngineError(
            "wrong-dtype", f"{name} are {numbers.dtype}, expected integers", hint="give indices of values"
        )
    rows: IntArray = numbers.astype(np.int64)
    outside = (rows < UNKNOWN) | (rows >= np.asarray(sizes, dtype=np.int64))
    if outside.any():
        row, column = np.argwhere(outside)[0].tolist()
        raise EngineError(
            "value-out-of-range",
            f"{name}[{row}, {column}] is {rows[row, column]}, and there are {sizes[column]} values",
            hint="values are counted from 0, and -1 stands for what is not known",
        )
    return rows


def _in_kind_of(given: Array, answer: NDArray[np.bool_]) -> Array:
    """An answer as the kind of array that was given."""
    if isinstance(given, np.ndarray):
        return answer
    return namespace(given).from_numpy(answer).to(given.device)
