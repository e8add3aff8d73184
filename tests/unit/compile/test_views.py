"""Borrowed sequences are those they are borrowed from, in compiled code as in interpreted."""

from __future__ import annotations

import weakref
from typing import Any, NamedTuple

import numpy as np
import pytest

from nesy.compile.jit import Ints, borrowed, compiled, inner, ints


class Pair(NamedTuple):
    left: Ints
    right: Ints


class Nested(NamedTuple):
    pair: Pair
    alone: Ints


@inner
def _mixed(given: Nested) -> int:
    total = len(given.pair.right)
    for i in range(len(given.pair.left)):
        given.alone[i] += given.pair.left[i] * i
        total += given.alone[i]
    return total


def lent(given: Nested, both: Any) -> Any:
    """Write through views, of nested tuples, of plain ones and of a view; return what was made here."""
    given, (first, second) = borrowed(borrowed(given)), borrowed(both)
    made = ints(2, 7)
    made[0] = _mixed(given)
    first[0], second[-1 + len(second)] = made[0], True
    return made


def example(as_sequence: Any) -> tuple[Nested, Any]:
    pair = Pair(as_sequence([1, 2, 3]), as_sequence([4, 5]))
    return Nested(pair, as_sequence([10, 20, 30])), (as_sequence([0]), as_sequence([0, 0]))


@pytest.mark.parametrize("fast", [False, True])
def test_what_is_written_to_a_view_is_written(fast: bool) -> None:
    given, both = example(np.array if fast else list)
    made = (compiled(lent) if fast else lent)(given, both)
    assert list(made) == [2 + 10 + 22 + 36, 7]
    assert list(given.alone) == [10, 22, 36]
    assert [list(x) for x in both] == [[70], [0, 1]]


def test_borrowing_does_not_keep_the_owner() -> None:
    given, both = example(np.array)
    compiled(lent)(given, both)
    owner = weakref.ref(given.alone)
    del given
    assert owner() is None
