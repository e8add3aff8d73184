"""The cache of circuits: what is found again, what is not, and what no damage or neighbour can break."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

from nesy.circuit.circuit import Circuit
from nesy.circuit.formats import load, save
from nesy.compile import cache
from nesy.compile.cache import cache_folder, cache_size, cached
from nesy.compile.cache_key import cache_key
from nesy.errors import CompilationError
from nesy.logic.flat import FlatGraph
from nesy.logic.program import GroundProgram
from tests.unit.circuit.generate import carry_circuit
from tests.unit.compile.programs import random_program

CIRCUIT = carry_circuit(3)
OTHER = carry_circuit(2)


class Builder:
    """Builds a circuit and counts how often."""

    def __init__(self, circuit: Circuit = CIRCUIT) -> None:
        self.calls = 0
        self.circuit = circuit

    def __call__(self) -> Circuit:
        self.calls += 1
        return self.circuit


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache that keeps everything, in a folder that is not there yet."""
    place = tmp_path / "deep" / "circuits"
    monkeypatch.setenv("NESY_CACHE", str(place))
    monkeypatch.setattr(cache, "SMALL", 0)
    monkeypatch.setattr(cache, "WORTH_KEEPING", 0.0)
    return place


def program(seed: int = 0) -> GroundProgram:
    return random_program(Random(seed), conditioned=True)


def same(a: Circuit, b: Circuit) -> bool:
    return a.children.tolist() == b.children.tolist() and a.kinds.tolist() == b.kinds.tolist()


def test_the_second_time_nothing_is_built(folder: Path) -> None:
    build = Builder()
    for _ in range(3):
        assert same(cached(program(), "values", "native", build), CIRCUIT)
    assert build.calls == 1
    assert len(list(folder.iterdir())) == 1


def test_another_task_compiler_or_program_is_another_circuit(folder: Path) -> None:
    build = Builder()
    cached(program(), "values", "native", build)
    cached(program(), "joint", "native", build)
    cached(program(), "values", "d4", build)
    cached(program(1), "values", "native", build)
    assert build.calls == 4


def test_keys_tell_apart_what_matters_and_nothing_else() -> None:
    base = program()
    key = cache_key(base, "values", "native")
    assert len(key) == 64
    renamed = tuple(replace(s, name="other", prior=None) for s in base.symbols)
    assert cache_key(replace(base, symbols=renamed), "values", "native") == key
    outputs = base.outputs
    changed = [
        replace(base, condition=()),
        replace(base, condition=base.condition[::-1]),
        replace(base, outputs=outputs[:-1]),
        replace(base, outputs=(replace(outputs[0], literals=outputs[0].literals[:-1]), *outputs[1:])),
        replace(base, symbols=(replace(base.symbols[0], values=("a",) * 9), *base.symbols[1:])),
        replace(base, families=((base.condition[0], base.condition[0]),)),
    ]
    keys = {cache_key(p, "values", "native") for p in changed} | {cache_key(base, "value", "snative"), key}
    assert len(keys) == len(changed) + 2


def test_flat_graphs_have_keys_too() -> None:
    def keyed(literals: list[int]) -> str:
        graph = FlatGraph(
            np.array([0, 0, 1, 1, 2], np.int8), np.array([0, 0, 0, 2, 4, 6]), np.array(literals)
        )
        return cache_key(replace(program(), graph=graph), "values", "native")  # type: ignore[arg-type]

    assert keyed([0, 0, 0, 1, 2, 3]) == keyed([0, 0, 0, 1, 2, 3])
    assert keyed([0, 0, 0, 1, 2, 3]) != keyed([0, 0, 0, 1, 2, -3])


@pytest.mark.parametrize("damage", ["empty", "cut", "flipped", "foreign", "folder"])
def test_what_is_damaged_is_built_again(folder: Path, damage: str, caplog: pytest.LogCaptureFixture) -> None:
    build = Builder()
    cached(program(), "values", "native", build)
    entry = next(folder.iterdir())
    content = entry.read_bytes()
    match damage:
        case "empty":
            entry.write_bytes(b"")
        case "cut":
            entry.write_bytes(content[: len(content) // 2])
        case "flipped":
            middle = len(content) // 2
            entry.write_bytes(content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :])
        case "foreign":
            entry.write_text("not a circuit")
        case _:
            entry.unlink()
            entry.mkdir()
    with caplog.at_level(logging.INFO, "nesy.cache"):
        assert same(cached(program(), "values", "native", build), CIRCUIT)
    assert build.calls == 2
    assert caplog.records
    if damage != "folder":
        assert same(load(entry), CIRCUIT)
        cached(program(), "values", "native", build)
        assert build.calls == 2


def test_small_and_quick_programs_touch_no_disk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build = Builder()
    monkeypatch.setattr(cache, "WORTH_KEEPING", 60.0)
    cached(program(), "values", "native", build)
    assert not folder.exists()
    monkeypatch.setattr(cache, "SMALL", 10_000)
    monkeypatch.setattr("nesy.compile.cache_key.cache_key", None)
    cached(program(), "values", "native", build)
    assert build.calls == 2


def test_off_and_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NESY_CACHE", "OFF")
    assert cache_folder() is None
    monkeypatch.delenv("NESY_CACHE")
    place = cache_folder()
    assert place is not None
    assert place.name == "circuits"
    assert "nesy" in str(place)


def test_a_folder_that_cannot_be_used_costs_nothing_but_time(folder: Path) -> None:
    folder.parent.write_text("a file where a folder should be")
    build = Builder()
    assert same(cached(program(), "values", "native", build), CIRCUIT)
    assert same(cached(program(), "values", "native", build), CIRCUIT)
    assert build.calls == 2


def test_mistakes_of_building_are_the_callers(folder: Path) -> None:
    def fails() -> Circuit:
        raise CompilationError("too-large", "it grew")

    with pytest.raises(CompilationError, match="it grew"):
        cached(program(), "values", "native", fails)
    assert not folder.exists()


def test_the_oldest_go_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir(parents=True)
    save(CIRCUIT, folder / "size.nesyc")
    size = (folder / "size.nesyc").stat().st_size
    (folder / "size.nesyc").unlink()
    monkeypatch.setenv("NESY_CACHE_SIZE", str(3 * size + 10))
    build = Builder()
    for age, seed in enumerate(range(3)):
        cached(program(seed), "values", "native", build)
        entry = folder / f"{cache_key(program(seed), 'values', 'native')}.nesyc"
        os.utime(entry, (time.time() - 1000 + age, time.time() - 1000 + age))
    cached(program(0), "values", "native", build)  # used again, so no longer the oldest
    cached(program(3), "values", "native", build)
    assert build.calls == 4
    left = {p.stem for p in folder.iterdir()}
    assert left == {cache_key(program(seed), "values", "native") for seed in (0, 2, 3)}


def test_what_crashed_processes_left_goes_and_what_others_write_stays(folder: Path) -> None:
    folder.mkdir(parents=True)
    abandoned, fresh = folder / ".a.nesyc.x1", folder / ".b.nesyc.x2"
    abandoned.write_bytes(b"half")
    fresh.write_bytes(b"half")
    (folder / "notes.txt").write_text("mine")
    os.utime(abandoned, (0, 0))
    os.utime(folder / "notes.txt", (0, 0))
    cached(program(), "values", "native", Builder())
    assert not abandoned.exists()
    assert fresh.exists()
    assert (folder / "notes.txt").exists()


@pytest.mark.parametrize(("text", "size"), [("", 1 << 30), ("12", 12), ("3k", 3072), (" 2G ", 2 << 30)])
def test_sizes(monkeypatch: pytest.MonkeyPatch, text: str, size: int) -> None:
    monkeypatch.setenv("NESY_CACHE_SIZE", text)
    assert cache_size() == size


def test_a_size_that_is_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NESY_CACHE_SIZE", "much")
    with pytest.raises(CompilationError) as caught:
        cached(program(), "values", "native", Builder())
    assert caught.value.code == "malformed-cache-size"


WORKER = """
import sys
from random import Random
from nesy.compile import cache
from nesy.compile.cache_key import cache_key
from tests.unit.circuit.generate import carry_circuit
from tests.unit.compile.programs import random_program
cache.SMALL, cache.WORTH_KEEPING = 0, 0.0
for turn in range(40):
    seed = turn % 4
    program = random_program(Random(seed), conditioned=True)
    expected = carry_circuit(seed + 1)
    found = cache.cached(program, "values", "native", lambda: expected)
    assert found.children.tolist() == expected.children.tolist(), "another circuit"
    if turn % 5 == int(sys.argv[1]) % 5:
        # One that damages what others read.
        key = cache_key(program, "values", "native")
        (cache.cache_folder() / f"{key}.nesyc").write_bytes(b"PK\\3\\4 damaged")
"""


def test_processes_share_a_folder(folder: Path) -> None:
    """Four at once, under a bound that makes them throw away what others have, each damaging files."""
    root = Path(__file__).parents[3]
    environment = {**os.environ, "NESY_CACHE_SIZE": "20000", "PYTHONPATH": str(root)}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, str(number)], env=environment, stderr=subprocess.PIPE, text=True
        )
        for number in range(4)
    ]
    for process in running:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said
    assert not [p for p in folder.iterdir() if not p.name.endswith(".nesyc")]
