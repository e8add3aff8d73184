"""Program sketches: networks in the place of parts of a program, given numbers of the rules' own."""

from __future__ import annotations

from itertools import permutations

import pytest
import torch
from torch import Tensor, nn

import nesy
from nesy import Model
from tests.conformance.deepproblog.worlds import CORPUS, answers, assert_same, distributions, enumerated


class Lookup(nn.Module):
    """A table by whole numbers, which keeps what it was asked."""

    def __init__(self, table: Tensor) -> None:
        super().__init__()
        self.table = nn.Parameter(table)
        self.asked: list[tuple[Tensor, ...]] = []

    def forward(self, *numbers: Tensor) -> Tensor:
        self.asked.append(numbers)
        return self.table[numbers]


def adding(digits: Tensor, carries: Tensor) -> Model:
    program = nesy.load(CORPUS / "deepproblog_sketch_adding.nesy")
    networks = {"digit_hole": Lookup(digits), "carry_hole": Lookup(carries)}
    return Model(program, networks, "add([7,2], [5,9], 0, Sum)", "Sum")


def test_adding_with_holes() -> None:
    digits, carries = distributions(10, 10, 2, 10, seed=1), distributions(10, 10, 2, 2, seed=2)
    (found,) = answers(adding(digits, carries))
    tables = [digits[7, 5, 0], carries[7, 5, 0], digits[2, 9, 0], carries[2, 9, 0]]
    tables += [digits[2, 9, 1], carries[2, 9, 1]]

    def add(d0: int, c0: int, d1: int, c1: int, d1c: int, c1c: int) -> list[str]:
        return [f"[{d0},{d1c},{c1c}]" if c0 else f"[{d0},{d1},{c1}]"]

    assert_same(found, enumerated([t.tolist() for t in tables], add))


def test_adding_with_the_right_tables() -> None:
    x, y, carry = torch.meshgrid(torch.arange(10), torch.arange(10), torch.arange(2), indexing="ij")
    sums = x + y + carry
    digits = nn.functional.one_hot(sums % 10, 10).double()
    carries = nn.functional.one_hot(sums // 10, 2).double()
    (found,) = answers(adding(digits, carries))
    assert {v: p for v, p in found.items() if p > 0} == {"[2,2,1]": pytest.approx(1)}  # 27 + 95 = 122


def test_numbers_are_given_as_whole_numbers_and_learned_through() -> None:
    digits, carries = distributions(10, 10, 2, 10, seed=3), distributions(10, 10, 2, 2, seed=4)
    asked = adding(digits, carries)
    (output,) = asked.outputs
    asked.loss(torch.tensor([output.domain.index("[2,2,1]")])).backward()
    hole = asked.networks["digit_hole"]
    assert isinstance(hole, Lookup)
    (given,) = hole.asked
    assert all(g.dtype == torch.int64 and g.ndim == 1 for g in given)
    assert hole.table.grad is not None
    touched = hole.table.grad.abs().sum(-1).nonzero().tolist()
    assert touched == [[2, 9, 0], [2, 9, 1], [7, 5, 0]]


def sorting(table: Tensor, numbers: str) -> Model:
    program = nesy.load(CORPUS / "deepproblog_sketch_sorting.nesy")
    return Model(program, {"swap_hole": Lookup(table)}, f"sorted({numbers}, Sorted)", "Sorted")


def bubble_sorted(numbers: list[int], swaps: dict[tuple[int, int], int]) -> str:
    numbers = list(numbers)
    for _ in range(len(numbers) - 1):
        for i in range(len(numbers) - 1):
            if swaps[numbers[i], numbers[i + 1]]:
                numbers[i], numbers[i + 1] = numbers[i + 1], numbers[i]
    return f"[{','.join(map(str, numbers))}]"


def test_sorting_with_a_hole() -> None:
    table = distributions(4, 4, 2, seed=5)
    (found,) = answers(sorting(table, "[3,1,2]"))
    pairs = list(permutations([1, 2, 3], 2))
    expected = enumerated(
        [table[pair].tolist() for pair in pairs],
        lambda *said: [bubble_sorted([3, 1, 2], dict(zip(pairs, said, strict=True)))],
    )
    assert_same(found, expected)


def test_sorting_with_the_right_comparison() -> None:
    x, y = torch.meshgrid(torch.arange(10), torch.arange(10), indexing="ij")
    table = nn.functional.one_hot((x > y).long(), 2).double()
    (found,) = answers(sorting(table, "[9,3,7,1]"))
    assert {v: p for v, p in found.items() if p > 0} == {"[1,3,7,9]": pytest.approx(1)}
