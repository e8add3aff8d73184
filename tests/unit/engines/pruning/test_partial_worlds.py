"""Worlds built symbol by symbol, against enumeration of all worlds.

The environment variable NESY_PRUNING_PROGRAMS says for how many random programs; 1000 is a run of a minute.
"""

from __future__ import annotations

import os
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from pysat.solvers import Solver

import nesy
from nesy.engines.pruning import Pruner, solving
from nesy.engines.pruning.completions import Completions
from nesy.engines.pruning.partial_worlds import PartialWorlds
from nesy.grounding import ground
from nesy.logic.cnf import encode
from nesy.logic.program import GroundProgram, Symbol
from tests.unit.engines.problems import addition, random_program
from tests.unit.engines.pruning.enumeration import completions, worlds

PROGRAMS = int(os.environ.get("NESY_PRUNING_PROGRAMS", "40"))

World = tuple[int, ...]
Partial = dict[int, frozenset[int]]
"""The values of each symbol that is known: one, or a class."""


def consistent(program: GroundProgram, seed: int) -> list[World]:
    """The worlds of a random program; without any there is nothing to search."""
    every = worlds(program)
    if not every:
        with pytest.raises(nesy.NesyError):
            Pruner(program)
    return every


def fits(world: World, partial: Partial) -> bool:
    return all(world[symbol] in values for symbol, values in partial.items())


def best(
    kept: list[Partial], symbol: int, classes: list[list[int]], scores: np.ndarray, every: list[World], k: int
) -> tuple[list[int], list[Partial]]:
    """The best children that some world completes, and their places; of equals the last."""
    found = []
    for row, partial in enumerate(kept):
        for value, members in enumerate(classes):
            child = {**partial, symbol: frozenset(members)}
            score = float(scores[row, value])
            if score > -np.inf and any(fits(w, child) for w in every):
                found.append((score, row * len(classes) + value, child))
    chosen = sorted(found, key=lambda x: x[:2], reverse=True)[:k]
    return [place for _, place, _ in chosen], [child for *_, child in chosen]


def targets_of(program: GroundProgram, rng: Random) -> tuple[int, ...]:
    return tuple(rng.randrange(len(o.domain)) if rng.random() < 0.4 else -1 for o in program.outputs)


def grouped(size: int, rng: Random) -> list[list[int]]:
    """Values in classes: each alone, or at random."""
    if rng.random() < 0.5:
        return [[value] for value in range(size)]
    classes: dict[int, list[int]] = {}
    for value in range(size):
        classes.setdefault(rng.randrange(size), []).append(value)
    return list(classes.values())


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_the_best_children_that_can_be_completed_are_kept_and_no_others(seed: int) -> None:
    """Scores are few, so that many are equal."""
    program, rng = random_program(seed), Random(seed)
    every = consistent(program, seed)
    pruner = Pruner(program) if every else None
    for _ in range(6 if pruner else 0):
        assert pruner is not None
        target, beam = targets_of(program, rng), rng.choice([1, 2, 3, 50])
        starts = program.offsets
        beliefs = np.array([rng.choice([-np.inf, -2.0, -1.0, -0.5]) for _ in range(program.width)])
        beliefs[[rng.randrange(a, b) for a, b in pairwise(starts)]] = -1.0
        possible = [
            w
            for w in completions(program, every, [-1] * len(program.symbols), target)
            if all(beliefs[starts[s] + v] > -np.inf for s, v in enumerate(w))
        ]
        search = pruner.partial_worlds(beliefs, np.array(target))
        assert len(search) == bool(possible)
        kept: list[Partial] = [{}] if possible else []
        order = list(range(len(program.symbols)))
        rng.shuffle(order)
        for symbol in order:
            classes = grouped(len(program.symbols[symbol].values), rng)
            choices = [starts[symbol] + np.array(members) for members in classes]
            scores = np.array([[rng.choice([-3.0, -1.0, 0.0]) for _ in classes] for _ in kept])
            scores = scores.reshape(len(kept), len(classes))
            places, kept = best(kept, symbol, classes, scores, possible, beam)
            assert search.extend(choices, scores, beam).tolist() == places
            assert len(search) == len(kept)
        assert bool(kept) == bool(possible)


@pytest.mark.parametrize("seed", range(min(PROGRAMS, 20)))
def test_children_that_are_not_wanted_are_not_kept(seed: int) -> None:
    program, rng = random_program(seed), Random(seed)
    every = consistent(program, seed)
    if not every:
        return
    search = Pruner(program).partial_worlds(np.zeros(program.width))
    kept: list[Partial] = [{}]
    for symbol, start in enumerate(program.offsets[:-1]):
        size = len(program.symbols[symbol].values)
        choices = [np.array([start + v]) for v in range(size)]
        scores = np.array([[rng.choice([-np.inf, -1.0, 0.0]) for _ in range(size)] for _ in kept])
        places, kept = best(kept, symbol, [[v] for v in range(size)], scores.reshape(-1, size), every, 4)
        assert search.extend(choices, scores.reshape(-1, size), 4).tolist() == places


class Asked:
    """What solvers are asked, and what they answered."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.witnesses: list[np.ndarray | None] = []
        witness = Completions.witness

        def counted(completions: Completions, *arguments: list[int]) -> np.ndarray | None:
            self.witnesses.append(witness(completions, *arguments))
            return self.witnesses[-1]

        monkeypatch.setattr(Completions, "witness", counted)


def test_what_nothing_depends_on_needs_no_question(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(monkeypatch)
    rules = "0.5::a. 0.2::b; 0.3::c; 0.5::d. q :- a. :- \\+ q. query(q)."
    program = ground(nesy.parse(rules))
    wider = GroundProgram(
        (*program.symbols, Symbol("free", ("x", "y", "z"))), program.graph, program.outputs, program.condition
    )
    start = program.width
    search = Pruner(wider).partial_worlds(np.zeros(wider.width))
    places = search.extend([np.array([start + v]) for v in range(3)], np.array([[0.0, 2.0, 1.0]]), 2)
    assert places.tolist() == [1, 2]
    assert len(search) == 2
    assert len(asked.witnesses) == 1


def test_the_witness_answers_for_its_own_values(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each way to 7 is a world: where the scores want the witness's no other is asked for."""
    asked = Asked(monkeypatch)
    search = Pruner(addition()).partial_worlds(np.zeros(20), np.array([7]))
    (witness,) = asked.witnesses
    assert witness is not None
    for symbol in range(2):
        columns = np.arange(10 * symbol, 10 * symbol + 10)
        search.extend(columns[:, None], witness[None, columns] * 1.0, 1)
    assert len(asked.witnesses) == 1


def test_propagation_answers_before_a_solver_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once one digit is known, and the sum, there is one value for the other."""
    search = Pruner(addition()).partial_worlds(np.zeros(20), np.array([7]))
    search.extend(np.arange(10)[:, None], np.arange(10.0)[None], 8)
    asked = Asked(monkeypatch)
    assert len(search.extend(np.arange(10, 20)[:, None], np.zeros((8, 10)), 80)) == 8
    assert not asked.witnesses


def test_searches_of_one_pruner_do_not_disturb_one_another() -> None:
    pruner, beliefs = Pruner(addition()), np.log(np.full(20, 0.1))
    first = pruner.partial_worlds(beliefs, np.array([3]))
    second = pruner.partial_worlds(beliefs, np.array([17]))
    choices = [np.array([v]) for v in range(10)]
    assert sorted(first.extend(choices, beliefs[None, :10], 10).tolist()) == [0, 1, 2, 3]
    assert sorted(second.extend(choices, beliefs[None, :10], 10).tolist()) == [8, 9]


def test_a_target_that_nothing_gives_leaves_no_partial_world() -> None:
    program = ground(nesy.parse("0.5::a. q :- a. r :- \\+ a. query(q). query(r)."))
    search = Pruner(program).partial_worlds(np.zeros(2), np.array([1, 1]))
    assert len(search) == 0
    assert search.extend([np.array([0]), np.array([1])], np.zeros((0, 2)), 3).tolist() == []


def test_beliefs_are_those_of_one_example() -> None:
    with pytest.raises(nesy.NesyError) as caught:
        Pruner(addition()).partial_worlds(np.zeros((1, 20)))
    assert caught.value.code == "wrong-shape"
    assert caught.value.hint
    with pytest.raises(nesy.NesyError) as caught:
        Pruner(addition()).partial_worlds(np.zeros(20), np.array([19]))
    assert caught.value.code == "value-out-of-range"


def test_there_is_a_score_for_each_child() -> None:
    search = Pruner(addition()).partial_worlds(np.zeros(20))
    for shape in ((10,), (2, 10), (1, 9)):
        with pytest.raises(nesy.NesyError) as caught:
            search.extend(np.arange(10)[:, None], np.zeros(shape), 3)
        assert caught.value.code == "wrong-shape"
        assert caught.value.hint


class Counting(Solver):  # type: ignore[misc]
    """A solver that notes how many there were, of how many variables, and what they were asked."""

    begun = 0
    asked = 0
    largest = 0

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)
        Counting.begun += 1

    def solve(self, assumptions: list[int]) -> bool:
        found = bool(super().solve(assumptions=assumptions))
        Counting.asked += 1
        Counting.largest = max(Counting.largest, self.nof_vars())
        return found


def test_a_solver_does_not_grow_with_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solving, "Solver", Counting)
    monkeypatch.setattr(solving, "QUESTIONS", 10)
    for counter in ("begun", "asked", "largest"):
        monkeypatch.setattr(Counting, counter, 0)
    program = addition()
    pruner, variables = Pruner(program), encode(program, program.outputs[0].literals).variables
    rows = np.array([[-1, -1]])
    for n in range(200):
        left = pruner.possible(rows, np.array([[n % 19]]), exact=True)[0, :10]
        assert np.flatnonzero(left).tolist() == [a for a in range(10) if 0 <= n % 19 - a <= 9]
    assert Counting.asked > 400
    assert 2 <= Counting.begun <= 1 + Counting.asked // 10
    assert Counting.largest <= variables + 10


def test_partial_worlds_are_made_without_a_pruner_too() -> None:
    """As engines do that have literals of their own."""
    program = addition()
    search = PartialWorlds(Completions(program), [], np.array([0, 10]), np.zeros(20, dtype=bool))
    assert len(search) == 1
