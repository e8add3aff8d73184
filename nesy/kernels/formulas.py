"""Formulas in fuzzy logics: literals of an AND-OR graph by degrees, level by level. Free of torch."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, Literal, final

import numpy as np

from nesy.algebra import FuzzyLogic
from nesy.kernels.arrays import Array
from nesy.kernels.ragged import Machine, Planner
from nesy.kernels.shapes import check_elements, unsupported_array
from nesy.logic.flat import FlatGraph
from nesy.logic.graph import Graph, Kind

Work = Literal["and", "or", "not"]


@final
class FormulaEvaluator:
    """The degrees of literals of an acyclic graph in a fuzzy logic: prepared once, evaluated often.

    A conjunction is evaluated on its distinct literals, a disjunction on all it has, neighbours first.
    Cost of preparing: O(nodes and edges reached), in Python; iterative.
    """

    def __init__(
        self, graph: Graph | FlatGraph, literals: Sequence[int], sizes: Sequence[int], logic: FuzzyLogic
    ) -> None:
        """sizes: how many values each symbol has, in order."""
        self.logic = logic
        self._width = sum(sizes)
        rows = _Rows(graph, sizes, dual=logic.negation is None)
        answer = np.array(rows.of(literals), dtype=np.int64)
        planner = Planner(len(rows.levels))
        for (_, work), members in sorted(rows.by_level().items()):
            made = np.array([row for row, _ in members], dtype=np.int64)
            parts = [part for _, part in members]
            factors = np.array([p for part in parts for p in part], dtype=np.int64)
            counts = np.array([len(part) for part in parts], dtype=np.int64)
            if work == "not":
                planner.negation(made, factors)
            elif work == "and":
                planner.step(made, factors, counts, np.ones_like(counts))
            else:
                planner.step(made, factors, np.ones_like(factors), counts)
        self._machine = planner.machine(answer)
        self._placed: dict[Any, Machine] = {}

    def evaluate(self, degrees: Array) -> Array:
        """The degree of each literal, (literals, B).

        degrees: (V, B), those of all values of all symbols, side by side, from 0 to 1: a numpy array, or
        a torch tensor on any device, of any floating dtype, which the result then has, differentiable.
        Gradient: exact; where a minimum, a maximum or a bound is met from both sides, a subgradient.
        Raises `ModelError` (wrong-shape; unsupported-array; unsupported-algebra for tensors).
        Cost: O(edges * B), in log(widest node) operations per level and connective; holds every degree.
        """
        if isinstance(degrees, np.ndarray):
            check_elements(self._width, (), degrees.shape)
            constants = np.repeat([[0.0], [1.0]], degrees.shape[1], axis=1)
            given = np.concatenate([degrees, constants])
            logic = self.logic
            return self._machine.run(given, logic.conjunction, logic.disjunction, logic.negation)
        return self._tensors(degrees)

    def _tensors(self, degrees: Array) -> Array:
        # A tensor can only exist where torch is loaded already.
        if "torch" in sys.modules:
            from nesy.kernels import torch_algebra  # noqa: PLC0415

            if torch_algebra.is_tensor(degrees):
                check_elements(self._width, (), degrees.shape)
                device = degrees.device
                if device not in self._placed:
                    self._placed[device] = torch_algebra.placed(self._machine, device)
                return torch_algebra.evaluate_formulas(self._placed[device], degrees, self.logic)
        raise unsupported_array("degrees", degrees)


@final
class _Rows:
    """The rows that literals take: the values of symbols, false, true, and one for each connective.

    levels, work: of each row; `work` says what it is made of, None for what is given.
    dual: whether negations are moved to the leaves, and not taken of what a formula comes to.
    """

    def __init__(self, graph: Graph | FlatGraph, sizes: Sequence[int], *, dual: bool) -> None:
        self._kinds, self._args = graph.kinds, graph.args
        self._dual = dual
        self._starts = [0, *accumulate(sizes)]
        self._false, self._true = self._starts[-1], self._starts[-1] + 1
        self.levels = [0] * (self._true + 1)
        self.work: list[tuple[Work, list[int]] | None] = [None] * (self._true + 1)
        self._row: dict[int, int] = {1: self._true, -1: self._false}

    def of(self, literals: Sequence[int]) -> list[int]:
        """The row of each literal, made with all that it needs; iterative."""
        pending = list(literals)[::-1]
        while pending:
            literal = pending[-1]
            if literal in self._row:
                pending.pop()
                continue
            work, below = self._below(literal)
            missing = [x for x in below if x not in self._row]
            if missing:
                pending.extend(missing)
            else:
                self._row[literal] = self._made(literal, work, below)
                pending.pop()
        return [self._row[x] for x in literals]

    def by_level(self) -> dict[tuple[int, Work], list[tuple[int, list[int]]]]:
        """The rows to be made, and of which, by level and connective."""
        found: dict[tuple[int, Work], list[tuple[int, list[int]]]] = {}
        for row, work in enumerate(self.work):
            if work is not None:
                found.setdefault((self.levels[row], work[0]), []).append((row, work[1]))
        return found

    def _below(self, literal: int) -> tuple[Work, list[int]]:
        """The connective of a literal, and its literals; none for a leaf."""
        node = abs(literal)
        kind = self._kinds[node]
        if kind in (Kind.LEAF, Kind.TRUE):
            return "or", []
        if literal < 0 and not self._dual:
            return "not", [node]
        work: Work = "and" if (kind == Kind.AND) == (literal > 0) else "or"
        return work, [x if literal > 0 else -x for x in self._args[node]]

    def _made(self, literal: int, work: Work, below: list[int]) -> int:
        node = abs(literal)
        if self._kinds[node] == Kind.LEAF:
            return self._leaf(literal)
        rows = [self._row[x] for x in below]
        if work == "not":
            return self._add("not", rows)
        if work == "and":
            return self._conjunction(below)
        return self._add("or", rows) if len(rows) > 1 else (rows or [self._false])[0]

    def _conjunction(self, below: list[int]) -> int:
        rows = [self._row[x] for x in dict.fromkeys(below)]
        return self._add("and", rows) if len(rows) > 1 else (rows or [self._true])[0]

    def _leaf(self, literal: int) -> int:
        symbol, value = self._args[abs(literal)]
        first, end = self._starts[symbol : symbol + 2]
        if literal > 0:
            return first + value
        if not self._dual:
            return self._add("not", [first + value])
        others = [column for column in range(first, end) if column != first + value]
        return self._add("or", others) if len(others) > 1 else (others or [self._false])[0]

    def _add(self, work: Work, rows: list[int]) -> int:
        self.work.append((work, rows))
        self.levels.append(1 + max(self.levels[r] for r in rows))
        return len(self.levels) - 1
