"""Both worlds of the compiler make the same circuit; and it keeps within its memory."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import TypeVar

import numpy as np
import pytest

import nesy
from nesy.compile import compiler
from nesy.compile.relations import compile_joint, compile_values
from nesy.errors import CompilationError
from nesy.grounding import ground
from nesy.logic.program import GroundProgram
from tests.time_limit import limited
from tests.unit.compile.programs import addition, network, random_program

T = TypeVar("T")


def hard() -> GroundProgram:
    """Overlapping pairs of thirty coins: far from decomposable."""
    coins = "".join(f"0.5::c({i}).\n" for i in range(30))
    pairs = "".join(f"p :- c({i}), c({(7 * i + 3) % 30}), c({(11 * i + 5) % 30}).\n" for i in range(30))
    return ground(nesy.parse(f"{coins}{pairs}query(p).\n"))


@pytest.mark.parametrize("seed", range(25))
def test_interpreted_and_compiled_code_make_the_same_circuit(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = addition(2) if seed == 0 else random_program(Random(seed), conditioned=bool(seed % 2))
    interpreted, compiled = in_both_worlds(monkeypatch, lambda: compile_joint(program, unobserved=True))
    for field in ("kinds", "columns", "offsets", "children", "roots", "domains"):
        assert np.array_equal(getattr(compiled, field), getattr(interpreted, field))


def in_both_worlds(monkeypatch: pytest.MonkeyPatch, work: Callable[[], T]) -> list[T]:
    """What some work gives in interpreted code, then compiled."""
    found = []
    for small in (1 << 60, -1):
        for limit in ("SMALL", "TINY", "PATIENCE"):
            monkeypatch.setattr(compiler, limit, small)
        found.append(work())
    return found


def test_a_bound_on_memory_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    in_both_worlds(monkeypatch, keeps_its_bound)


def keeps_its_bound() -> None:
    with pytest.raises(CompilationError, match="more than 20,000 bytes") as caught:
        compile_values(hard(), memory=20_000)
    assert caught.value.code == "out-of-memory"
    assert compile_values(hard()).size > 100


def test_a_large_table_is_taken_apart_for_the_decomposition() -> None:
    # Each value is a disjunction of 64 rows: joined to the value alone, they would not tell their parents
    # from one another, and the search takes hundreds of times as long.
    with limited(60):
        assert compile_joint(network(8, 4, 3), unobserved=False).edges < 10_000
