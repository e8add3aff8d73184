"""The worlds that MaxSAT finds best against the list of all worlds.

The environment variable NESY_SAT_PROGRAMS says how many programs of each kind are looked at; 1000 is a
run of minutes, the default one of seconds.
"""

from __future__ import annotations

import os
from itertools import pairwise
from random import Random

import numpy as np
import pytest

import nesy
from nesy.engines.sat import BestWorlds, Sat
from nesy.errors import SemanticsError
from nesy.grounding import ground
from nesy.logic.graph import Kind
from nesy.logic.program import GroundProgram
from tests.oracles.generator import random_program
from tests.oracles.ground import Assignments
from tests.oracles.program import text
from tests.property.cyclic import cyclic_question
from tests.unit.engines.tasks.posterior import random_question

PROGRAMS = int(os.environ.get("NESY_SAT_PROGRAMS", "80"))
ENGINE = Sat(scale=1e9)
"""So fine that rounding moves a world of a hundred symbols by less than a millionth of a nat."""
ROUNDING = 1e-6
MOST = 5


def check(
    program: GroundProgram, beliefs: np.ndarray, targets: np.ndarray | None, allowed: np.ndarray
) -> None:
    """Compare the best worlds with all that are allowed: (W, n) values."""
    starts, decided = np.array(program.offsets[:-1], dtype=np.int64), cone(program)
    parts = np.unique(allowed[:, decided], axis=0) if len(allowed) else allowed[:, decided]
    scores = beliefs[0][parts + starts[decided]].sum(axis=1)
    parts, scores = parts[scores > -np.inf], scores[scores > -np.inf]
    expected = np.sort(scores)[::-1]
    count = min(MOST, len(expected))
    found = best(program, beliefs, targets)
    if found is None:
        assert count == 0
        return
    np.testing.assert_allclose(found.scores[0, :count], expected[:count], rtol=0, atol=ROUNDING)
    assert np.isneginf(found.scores[0, count:]).all()
    assert found.optimal[0].tolist() == [True] * count + [False] * (MOST - count)
    listed = [tuple(world) for world in found.values[0, :count, decided].T.tolist()]
    assert len(set(listed)) == count
    known = dict(zip(map(tuple, parts.tolist()), scores.tolist(), strict=True))
    assert [known[world] for world in listed] == pytest.approx(found.scores[0, :count].tolist())
    if len(expected) > MOST:
        assert expected[MOST] <= found.bound[0] <= expected[MOST - 1] + ROUNDING
    elif len(expected) < MOST:
        assert found.bound[0] == -np.inf


def best(program: GroundProgram, beliefs: np.ndarray, targets: np.ndarray | None) -> BestWorlds | None:
    try:
        return ENGINE.prepare(program).best_worlds(beliefs, targets, k=MOST)
    except SemanticsError as error:
        if error.code != "inconsistent-evidence":
            raise
        return None


def cone(program: GroundProgram) -> list[int]:
    """The symbols below the outputs and the condition, in order."""
    graph = program.graph
    literals = [*program.condition, *(x for o in program.outputs for x in o.literals)]
    leaves = (n for n in graph.reachable(literals) if graph.kinds[n] is Kind.LEAF)
    return sorted({graph.args[n][0] for n in leaves})


def log(weights: list[float]) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return np.log(np.array([weights]))


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_graphs_under_targets(seed: int) -> None:
    _, program, beliefs, observed = random_question(f"best {seed}")
    every = Assignments(program)
    targets = np.array(
        [[o.domain.index(observed[o.name]) if o.name in observed else -1 for o in program.outputs]]
    )
    allowed = every.accepted.copy()
    for truth, value in zip(every.truths, targets[0], strict=True):
        allowed &= truth[value] if value >= 0 else True
    row = log([p for s in program.symbols for p in beliefs[s.name]])
    check(program, row, targets, every.values[allowed])


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_programs_with_recursion_negation_and_evidence(seed: int) -> None:
    try:
        program = ground(nesy.parse(text(random_program(Random(f"best {seed}")))))
    except SemanticsError as error:
        if error.code not in ("negative-cycle", "inconsistent-evidence"):
            raise
        return
    every = Assignments(program)
    row = log([p for s in program.symbols for p in s.prior or ()])
    check(program, row, None, every.values[every.accepted])


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_cyclic_graphs(seed: int) -> None:
    asked = cyclic_question(seed)
    check(asked.program, asked.beliefs, asked.targets, asked.allowed[:, asked.kept])


def test_enough_programs_have_worlds() -> None:
    """The seeds above are worth running: most programs have several worlds, of different weights."""
    several = 0
    for seed in range(60):
        _, program, beliefs, _ = random_question(f"best {seed}")
        every = Assignments(program)
        row = log([p for s in program.symbols for p in beliefs[s.name]])
        weights = sorted(every.weights(row)[0][every.accepted], reverse=True)
        several += sum(a > b > 0 for a, b in pairwise(weights[:MOST])) >= 2
    assert several > 20
