"""What is proven from structure holds in every world."""

from __future__ import annotations

from random import Random

import pytest

from nesy.compile import compiler
from nesy.compile.covering import COVERING
from nesy.compile.source import Draft
from tests.unit.compile.programs import addition, random_program
from tests.unit.compile.worlds import worlds


@pytest.mark.parametrize("seed", range(150))
def test_proven_families_exclude_and_cover(seed: int) -> None:
    program = random_program(Random(seed), conditioned=False)
    sizes = [len(s.values) for s in program.symbols]
    roots = [x for o in program.outputs for x in o.literals]
    work, _, proven, *_ = compiler.prepare(Draft(program).source(roots, fast=False))
    for world in worlds(sizes):
        truth = node_truths(work, world, program.offsets)
        for f, verdict in enumerate(proven):
            members = work.family[work.family_start[f] : work.family_start[f + 1]]
            holding = sum(truth[abs(x)] == (x > 0) for x in members)
            assert not verdict or holding <= 1
            assert verdict != COVERING or holding == 1


def node_truths(work: object, world: tuple[int, ...], offsets: tuple[int, ...]) -> list[bool]:
    """Which gates hold in a world, from the columns of their leaves up."""
    chosen = {offsets[s] + v for s, v in enumerate(world)}
    truth = [False, True]
    for node in range(2, len(work.symbol)):  # type: ignore[attr-defined]
        if work.symbol[node] >= 0:  # type: ignore[attr-defined]
            first, stop = work.class_start[2 * node], work.class_start[2 * node + 1]  # type: ignore[attr-defined]
            truth.append(not chosen.isdisjoint(work.column[first:stop]))  # type: ignore[attr-defined]
        else:
            children = work.child[work.start[node] : work.start[node + 1]]  # type: ignore[attr-defined]
            truth.append(all(truth[abs(x)] == (x > 0) for x in children))
    return truth


def test_carries_and_digits_of_sums_are_families_that_cover() -> None:
    program = addition(3)
    roots = [x for o in program.outputs for x in o.literals]
    work, _, proven, *_ = compiler.prepare(Draft(program).source(roots, fast=False))
    sizes = [work.family_start[f + 1] - work.family_start[f] for f, p in enumerate(proven) if p == COVERING]
    assert sizes.count(10) >= 3
    assert sizes.count(2) >= 2
