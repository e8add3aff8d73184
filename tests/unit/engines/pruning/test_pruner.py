"""What can be completed, against enumeration of all worlds.

The environment variable NESY_PRUNING_PROGRAMS says for how many random programs; 1000 is a run of a minute.
"""

from __future__ import annotations

import copy
import os
import pickle
import re
from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
import torch

import nesy
from nesy.engines.pruning import Pruner
from nesy.grounding import ground
from nesy.grounding.template import Template
from nesy.logic.program import GroundProgram
from tests.unit.engines.problems import addition, gives, random_program
from tests.unit.engines.pruning.enumeration import completions, worlds
from tests.unit.pages import page, printing

PROGRAMS = int(os.environ.get("NESY_PRUNING_PROGRAMS", "40"))


def expected(program: GroundProgram, found: Sequence[tuple[int, ...]]) -> np.ndarray:
    """(V,): the values that some of the worlds have."""
    possible = np.zeros(program.width, dtype=bool)
    for world in found:
        possible[[start + v for start, v in zip(program.offsets, world, strict=False)]] = True
    return possible


def questions(program: GroundProgram, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows that know nothing, all, and something; and targets alike."""
    rng = Random(seed)

    def rows(sizes: list[int], count: int) -> np.ndarray:
        known = (0.0, 0.2, 0.5, 0.8, 1.0)
        made = [
            [rng.randrange(n) if rng.random() < known[i % 5] else -1 for n in sizes] for i in range(count)
        ]
        return np.array(made, dtype=np.int64).reshape(count, len(sizes))

    targets = rows([len(o.domain) for o in program.outputs], 15)
    targets[:5] = -1
    return rows([len(s.values) for s in program.symbols], 15), targets


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_what_is_pruned_has_no_completion_and_exactly_that_where_asked(seed: int) -> None:
    program = random_program(seed)
    every = worlds(program)
    if not every:
        with pytest.raises(nesy.NesyError) as caught:
            Pruner(program)
        assert caught.value.code == "inconsistent-evidence"
        return
    pruner = Pruner(program)
    rows, targets = questions(program, seed)
    left, exact = pruner.possible(rows, targets), pruner.possible(rows, targets, exact=True)
    outputs = pruner.possible_outputs(rows, targets, exact=True)
    maybe = pruner.possible_outputs(rows, targets)
    for place, (row, target) in enumerate(zip(rows.tolist(), targets.tolist(), strict=True)):
        found = completions(program, every, row, tuple(target))
        true = expected(program, found)
        assert (exact[place] == true).all()
        assert (left[place] >= true).all()
        if -1 not in row:
            assert (left[place] == true).all()
        for index, output in enumerate(program.outputs):
            for value in range(len(output.domain)):
                wanted = tuple(value if i == index else t for i, t in enumerate(target))
                can = target[index] in (-1, value) and any(gives(program, w, wanted) for w in found)
                assert outputs[index][place, value] == can
                assert maybe[index][place, value] >= can


def test_answers_do_not_depend_on_the_questions_before() -> None:
    program = random_program(3)
    rows, targets = questions(program, 1)
    pruner, fresh = Pruner(program), Pruner(program)
    pruner.possible(rows, targets, exact=True)
    again = copy.deepcopy(pickle.loads(pickle.dumps(pruner)))
    for exact in (False, True):
        there = pruner.possible(rows[::-1].copy(), targets[::-1].copy(), exact=exact)[::-1]
        here = fresh.possible(rows, targets, exact=exact)
        assert (there == here).all()
        assert (again.possible(rows, targets, exact=exact) == here).all()


def test_a_sum_prunes_digits() -> None:
    pruner = Pruner(addition())
    nothing = np.array([[-1, -1]])
    left = pruner.possible(nothing, np.array([[3]]), exact=True).reshape(2, 10)
    assert [np.flatnonzero(row).tolist() for row in left] == [[0, 1, 2, 3], [0, 1, 2, 3]]
    (sums,) = pruner.possible_outputs(np.array([[4, -1]]))
    assert np.flatnonzero(sums[0]).tolist() == list(range(4, 14))
    assert not pruner.possible(np.array([[9, -1]]), np.array([[3]])).any()


def test_what_nothing_depends_on_can_have_any_value() -> None:
    text = "0.5::a. 0.2::b; 0.3::c; 0.5::d. q :- a. r :- c. :- \\+ q. query(q). query(r)."
    program = ground(nesy.parse(text))
    pruner = Pruner(program)
    for exact in (False, True):
        left = pruner.possible(np.array([[-1, 2], [0, -1], [1, -1]]), exact=exact)
        assert left.tolist() == [[False, True, False, False, True], [False] * 5, [False, True] + [True] * 3]


SUDOKU = """
nn(digit, [board(R,C)], D, 1..4) :: cell(R,C,D) :- between(1,4,R), between(1,4,C).
line(L) :- between(1,4,R), findall(cell(R,C), between(1,4,C), L).
line(L) :- between(1,4,C), findall(cell(R,C), between(1,4,R), L).
line([cell(R,C), cell(R,D), cell(S,C), cell(S,D)]) :- member(R, [1,3]), member(C, [1,3]), S is R+1, D is C+1.
:- line(L), \\+ all_different(L).
"""


def test_a_sudoku_is_solved_by_pruning() -> None:
    program = ground(nesy.parse(SUDOKU), Template.parse("cell(R,C,D)", "D"))
    pruner = Pruner(program)
    names = [s.name for s in program.symbols]
    row = np.full((1, 16), -1)
    for cell, value in {"1,1": 1, "1,2": 2, "2,3": 1, "3,4": 4, "4,1": 4}.items():
        (place,) = (i for i, name in enumerate(names) if f"{cell})" in name or f"({cell}" in name)
        row[0, place] = value - 1
    left = pruner.possible(row).reshape(16, 4)
    assert (left.sum(axis=1) >= 1).all()
    exact = pruner.possible(row, exact=True).reshape(16, 4)
    assert (exact <= left).all()
    assert exact[row[0] >= 0, row[0, row[0] >= 0]].all()


def test_the_page_of_engines_shows_what_happens() -> None:
    chapter = page("engines").partition("\n## Pruning\n")[2].partition("\n## ")[0]
    examples = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", chapter, flags=re.DOTALL)
    assert len(examples) == 2
    printing(examples)


def test_tensors_give_tensors() -> None:
    pruner = Pruner(addition())
    left = pruner.possible(torch.tensor([[-1, 4]]), torch.tensor([[5]]))
    assert isinstance(left, torch.Tensor)
    assert left.dtype == torch.bool
    assert left.shape == (1, 20)
    (sums,) = pruner.possible_outputs(torch.tensor([[1, 1]], dtype=torch.int32))
    assert sums.nonzero().tolist() == [[0, 2]]


def test_batches_may_be_empty() -> None:
    pruner = Pruner(addition())
    assert pruner.possible(np.zeros((0, 2), int), exact=True).shape == (0, 20)
    assert pruner.possible_outputs(np.zeros((0, 2), int))[0].shape == (0, 19)


MISTAKES = [
    (np.zeros((3, 4), int), None, "wrong-shape"),
    (np.zeros(2, int), None, "wrong-shape"),
    (np.zeros((1, 2)), None, "wrong-dtype"),
    (np.array([[0, 10]]), None, "value-out-of-range"),
    (np.array([[0, -2]]), None, "value-out-of-range"),
    (np.array([[0, 1]]), np.array([[19]]), "value-out-of-range"),
    (np.array([[0, 1]]), np.array([[1], [2]]), "wrong-shape"),
    (np.array([[0, 1]]), np.array([[1, 2]]), "wrong-shape"),
]


@pytest.mark.parametrize(("rows", "targets", "code"), MISTAKES)
def test_mistakes_are_named(rows: np.ndarray, targets: np.ndarray | None, code: str) -> None:
    with pytest.raises(nesy.NesyError) as caught:
        Pruner(addition()).possible(rows, targets)
    assert caught.value.code == code
    assert caught.value.hint
