"""The cases, grounded, with their answers by enumeration, and beliefs and targets to ask about."""

from __future__ import annotations

from functools import cache, cached_property
from itertools import islice, pairwise, product

import numpy as np

import nesy
from nesy.grounding import Template, ground
from tests.conformance.cases import CASES, Case
from tests.oracles.ground import Assignments, Floats, Integers

ROWS = 4
MOST_TARGETS = 24


class Problem:
    """A case as engines see it, and the oracle for it."""

    def __init__(self, case: Case) -> None:
        self.case = case
        template = Template.parse(case.query, case.output or None)
        self.program = ground(nesy.parse(case.text), template)
        self.oracle = Assignments(self.program)

    def __repr__(self) -> str:
        return self.case.name

    @property
    def sizes(self) -> list[int]:
        return [len(o.domain) for o in self.program.outputs]

    @cached_property
    def prior(self) -> Floats:
        """(1, V): what the rules say, and uniform where they leave it to a network."""
        row: list[float] = []
        for symbol in self.program.symbols:
            row += symbol.prior or [1 / len(symbol.values)] * len(symbol.values)
        with np.errstate(divide="ignore"):
            return np.asarray(np.log([row]))

    @cached_property
    def scores(self) -> Floats:
        """(ROWS, V): unnormalised beliefs."""
        return np.random.default_rng(len(self.case.name)).normal(size=(ROWS, self.program.width))

    @cached_property
    def beliefs(self) -> Floats:
        """(ROWS, V): random log-probabilities for every symbol."""
        return self.normalised(self.scores)

    @cached_property
    def sharp(self) -> Floats:
        """(ROWS, V): random, with one value impossible in some symbols; the condition stays possible."""
        rng = np.random.default_rng(7)
        scores = self.scores.copy()
        for row, (start, end) in product(range(ROWS), self._spans):
            before = scores[row].copy()
            if end - start > 1 and rng.random() < 0.5:
                scores[row, rng.integers(start, end)] = -np.inf
            if self.oracle.condition(self.normalised(scores[row : row + 1]))[0] < 0.01:
                scores[row] = before
        return self.normalised(scores)

    @property
    def _spans(self) -> list[tuple[int, int]]:
        return list(pairwise(self.program.offsets))

    def normalised(self, scores: Floats) -> Floats:
        blocks = [scores[:, start:end] for start, end in self._spans]
        return np.hstack([b - np.log(np.exp(b).sum(axis=1, keepdims=True)) for b in blocks])

    @cached_property
    def targets(self) -> Integers:
        """(T, m): combinations of values, -1 (not observed) among them; all of them where they are few."""
        choices = list(product(*(range(-1, size) for size in self.sizes)))
        if len(choices) > MOST_TARGETS:
            rng = np.random.default_rng(3)
            choices = [choices[i] for i in rng.choice(len(choices), MOST_TARGETS, replace=False)]
        return np.array(choices, dtype=np.int64).reshape(len(choices), len(self.sizes))

    def likely_targets(self, beliefs: Floats) -> Integers:
        """(B, m): for each row the outputs of its most probable accepted assignment."""
        best = (self.oracle.weights(beliefs) * self.oracle.accepted).argmax(axis=1)
        columns = [truth[:, best].argmax(axis=0) for truth in self.oracle.truths]
        return np.stack(columns, axis=1).astype(np.int64)

    def repeated(self, row: Floats) -> Floats:
        """(T, V): one row of beliefs for every row of `targets`."""
        return np.repeat(row[None], len(self.targets), axis=0)

    def joint_targets(self) -> Integers:
        """(J, m): every combination of values of all outputs."""
        return np.array(list(islice(product(*map(range, self.sizes)), 1000)), dtype=np.int64)


@cache
def problem(case: Case) -> Problem:
    return Problem(case)


def problems() -> list[Problem]:
    return [problem(case) for case in CASES]
