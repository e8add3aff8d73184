"""Any text ends in an answer or in a `NesyError`: never in a traceback, a hang or a crash."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from random import Random

import pytest

import nesy
from tests.fuzz.corpora import numbered
from tests.fuzz.mutations import MUTATIONS, mutated
from tests.fuzz.programs import random_text
from tests.fuzz.running import Ending, ended

PROGRAMS = int(os.environ.get("NESY_FUZZ_PROGRAMS", "2500"))
BLOCK = 250
SECONDS = 5.0
"""For one program. Nearly all take a thousandth of that."""

CRASHES = sorted((Path(__file__).parent / "crashes").glob("*.nesy"))


@pytest.mark.parametrize("start", range(0, PROGRAMS, BLOCK))
def test_numbered_texts_end_well(start: int) -> None:
    seeds = range(start, min(start + BLOCK, PROGRAMS))
    endings = {seed: ended(numbered(seed), SECONDS) for seed in seeds}
    wrong = {seed: e for seed, e in endings.items() if e.kind in ("crash", "late")}
    shown = [f"\nnumber {seed}:\n{numbered(seed)}\n{e.detail}" for seed, e in list(wrong.items())[:3]]
    assert not wrong, f"{len(wrong)} of {BLOCK}: {sorted(wrong)}{''.join(shown)}"


@pytest.mark.parametrize("path", CRASHES, ids=lambda p: p.stem)
def test_what_once_crashed_ends_well(path: Path) -> None:
    ending = ended(path.read_bytes().decode("utf-8"), 10)
    assert ending.kind in ("answer", "error"), ending.detail


def test_the_texts_are_worth_running() -> None:
    """Enough of them are answered, and enough get past the parser to fail later."""
    kinds: Counter[str] = Counter()
    for seed in range(300):
        text = numbered(seed)
        kinds[ended(text, SECONDS).kind] += 1
        kinds["well-formed"] += not any(f.severity == "error" for f in nesy.check(text))
    assert kinds["answer"] >= 30
    assert kinds["well-formed"] >= 45


def test_every_mutation_changes_texts_and_the_same_way_for_the_same_seed() -> None:
    base, other = random_text(Random(1)), random_text(Random(2))
    assert mutated(Random(3), base, other) == mutated(Random(3), base, other)
    assert len({mutated(Random(seed), base, other) for seed in range(50)}) > 40
    for mutation in MUTATIONS:
        assert any("".join(mutation(Random(s), list(base), list(other))) != base for s in range(20))


def test_a_crash_and_a_hang_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def loop(program: object, budget: object) -> None:
        while True:
            pass

    def fail(program: object, budget: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(nesy, "solve", loop)
    assert ended("a. query(a).", 0.1).kind == "late"
    monkeypatch.setattr(nesy, "solve", fail)
    ending = ended("a. query(a).", 1)
    assert ending.kind == "crash"
    assert "RecursionError: too deep" in ending.detail
    monkeypatch.undo()
    assert ended("a. query(a).", 1) == Ending("answer")
    assert ended("a :- b(.", 1).kind == "error"
