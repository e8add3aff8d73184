"""The search for probable worlds keeps what a plain beam keeps, which asks about everything."""

from __future__ import annotations

import os
from itertools import pairwise

import numpy as np
import pytest

from nesy.engines.pruning import Pruner
from nesy.engines.sampling.program import SampledProgram
from nesy.engines.surrogate.worlds import WorldSearch
from nesy.logic.program import GroundProgram
from tests.unit.engines.problems import beliefs, random_program, worlds
from tests.unit.engines.pruning.enumeration import completions
from tests.unit.engines.pruning.enumeration import worlds as consistent
from tests.unit.engines.surrogate.programs import constrained, latin, sums

PROGRAMS = int(os.environ.get("NESY_PRUNING_PROGRAMS", "40"))


def plain(program: GroundProgram, beam: int, row: np.ndarray, target: np.ndarray) -> np.ndarray | None:
    """A beam over symbols that asks of each partial world which values are left; None where none is."""
    pruner, starts = Pruner(program), program.offsets
    own = [row[a:b] for a, b in pairwise(starts)]
    concerned = SampledProgram(program).symbols
    order = concerned[np.argsort([own[s].max() for s in concerned], kind="stable")[::-1]]
    kept = [(0.0, [-1] * len(own))]
    for symbol in order.tolist():
        left = pruner.possible(np.array([s for _, s in kept]), np.tile(target, (len(kept), 1)), exact=True)
        children = []
        for (score, state), mask in zip(kept, left, strict=True):
            for value in range(len(own[symbol])):
                child = [value if n == symbol else v for n, v in enumerate(state)]
                if mask[starts[symbol] + value]:
                    children.append((score + own[symbol][value], child))
        # Of equals the last is first.
        numbered = sorted(((score, n, s) for n, (score, s) in enumerate(children)), reverse=True)
        kept = [(score, s) for score, _, s in numbered[:beam]]
        if not kept:
            return None
    return np.array([p.argmax() if v < 0 else v for v, p in zip(kept[0][1], own, strict=True)])


def assert_agrees(program: GroundProgram, beam: int, row: np.ndarray, target: np.ndarray) -> None:
    expected = plain(program, beam, row, target)
    search = WorldSearch(program, beam)
    if expected is None:
        assert search.completed(row, target) is None
    else:
        found = search.completed(row, target)
        assert found is not None
        assert found.tolist() == expected.tolist()


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_random_programs_have_the_worlds_of_a_plain_beam(seed: int) -> None:
    program, rng = random_program(seed), np.random.default_rng(seed)
    if not consistent(program):
        return
    target = np.array([rng.integers(-1, len(o.domain)) for o in program.outputs])
    for beam in (1, 3):
        assert_agrees(program, beam, beliefs(program, 1, seed)[0], target)
    # Even beliefs: everything is a tie.
    assert_agrees(program, 2, beliefs(program, 1, seed, sharpness=0.0)[0], target)


@pytest.mark.parametrize("beam", [1, 4])
@pytest.mark.parametrize("name", ["latin", "sums", "constrained"])
def test_programs_of_more_symbols_do_too(name: str, beam: int) -> None:
    program = {"latin": latin(), "sums": sums(3), "constrained": constrained()}[name]
    for seed in range(4):
        target = np.full(len(program.outputs), -1)
        target[seed % len(target)] = 1
        assert_agrees(program, beam, beliefs(program, 1, seed, sharpness=2.0)[0], target)


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_a_world_is_found_exactly_where_one_is_not_ruled_out(seed: int) -> None:
    """By enumeration, with beliefs of 0 and a beam of one: what is kept has a world without them."""
    program, rng = random_program(seed), np.random.default_rng(seed)
    every = consistent(program)
    if not every:
        return
    row = beliefs(program, 1, seed)[0]
    for start, end in pairwise(program.offsets):
        never = rng.permutation(np.arange(start, end))[: rng.integers(0, end - start)]
        row[never] = -np.inf
    target = tuple(int(rng.integers(-1, len(o.domain))) for o in program.outputs)
    fitting = completions(program, every, [-1] * len(program.symbols), target)
    believed = {w.values for w in worlds(program, row) if w.probability > 0}
    search = WorldSearch(program, 1)
    if believed.intersection(fitting):
        found = search.completed(row, np.array(target))
        assert found is not None
        assert tuple(found.tolist()) in believed.intersection(fitting)
    else:
        assert search.completed(row, np.array(target)) is None
