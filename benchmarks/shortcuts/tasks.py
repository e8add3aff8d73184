"""The two tasks, by the sums that training sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import final

import nesy
from nesy.language.syntax import Program

Pair = tuple[int, int]

QUERY, OUTPUT = "addition(a, b, S)", "S"
"""What is asked: the sum of two pictures."""


@final
@dataclass(frozen=True)
class ShortcutTask:
    """A task whose labels underdetermine its concepts.

    values: how many digits there are, from 0. sums: the pairs that are shown, in one order of the two.
    """

    name: str
    rules: Path
    values: int
    sums: tuple[Pair, ...]

    @cached_property
    def seen(self) -> tuple[Pair, ...]:
        """The pairs of training, in both orders."""
        return tuple(sorted({*self.sums, *((b, a) for a, b in self.sums)}))

    @cached_property
    def unseen(self) -> tuple[Pair, ...]:
        """All other pairs of these digits: out of distribution."""
        digits = range(self.values)
        return tuple((a, b) for a in digits for b in digits if (a, b) not in self.seen)

    def program(self) -> Program:
        """The rules."""
        return nesy.load(self.rules)

    def audit(self) -> nesy.Audit:
        """What the labels of the seen pairs determine. Cost: under a second."""
        return nesy.audit(self.program(), QUERY, OUTPUT, labels=[(pair, sum(pair)) for pair in self.seen])

    def determined(self, found: nesy.Audit) -> frozenset[int]:
        """The digits that every reading consistent with the labels gets right."""
        (read_as,) = found.read_as.values()
        return frozenset(int(value) for value, images in read_as.items() if len(images) == 1)


_HERE = Path(__file__).parent

TASKS: Mapping[str, ShortcutTask] = {
    "half": ShortcutTask("half", _HERE / "half.nesy", 5, ((0, 0), (0, 1), (2, 3), (2, 4))),
    "even-odd": ShortcutTask(
        "even-odd",
        _HERE / "even_odd.nesy",
        10,
        ((0, 6), (2, 8), (4, 6), (4, 8), (1, 5), (3, 7), (1, 9), (3, 9)),
    ),
}
"""MNIST-Half and MNIST-Even-Odd (Marconato et al. 2023, 2024)."""
