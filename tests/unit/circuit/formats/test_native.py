"""Our own files: what goes in comes out, and nothing that is damaged does."""

from __future__ import annotations

import json
import os
import pickle
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nesy
from nesy.circuit.circuit import Circuit
from nesy.circuit.formats import Names, load, load_named, names_of_values, save
from nesy.compile.relations import compile_values
from nesy.errors import DataError
from nesy.grounding import ground
from tests.unit.circuit.generate import arbitrary_circuit, carry_circuit

Change = Callable[[Any, Any], object]
FIELDS = ("kinds", "columns", "offsets", "children", "roots", "domains")


def assert_equal(a: Circuit, b: Circuit) -> None:
    for field in FIELDS:
        left, right = getattr(a, field), getattr(b, field)
        assert left.dtype == right.dtype
        assert left.tolist() == right.tolist()


def code_of(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        load(path)
    assert str(path) in caught.value.message
    return caught.value.code


def rewritten(path: Path, change: Change) -> None:
    """The archive with another header and other entries."""
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    header = json.loads(entries["header.json"])
    change(header, entries)
    entries["header.json"] = entries.get("raw", json.dumps(header).encode())
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)


@given(st.integers(0, 2**32))
@settings(max_examples=30, deadline=None)
def test_what_goes_in_comes_out(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    path = tmp_path_factory.mktemp("circuits") / "c.nesyc"
    circuit = arbitrary_circuit(Random(seed))
    save(circuit, path)
    assert_equal(load(path), circuit)


def test_files_are_small_and_always_the_same(tmp_path: Path) -> None:
    circuit = carry_circuit(20)
    save(circuit, tmp_path / "a")
    save(circuit, tmp_path / "b")
    content = (tmp_path / "a").read_bytes()
    assert content == (tmp_path / "b").read_bytes()
    assert len(content) < 2 * circuit.edges + 6 * circuit.size + 3000
    assert_equal(load(tmp_path / "a"), circuit)


def test_names_are_kept(tmp_path: Path) -> None:
    program = ground(nesy.parse("0.3::a. 0.2::b; 0.5::c. d :- a, b. query(d). query(c)."))
    circuit, names = compile_values(program), names_of_values(program)
    assert names.roots == ("d=false", "d=true", "c=false", "c=true", "condition")
    save(circuit, tmp_path / "c", names)
    found, kept = load_named(tmp_path / "c")
    assert kept == names
    assert_equal(found, circuit)


def test_names_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="variables are named"):
        save(carry_circuit(1), tmp_path / "c", Names((), (), ()))
    assert not list(tmp_path.iterdir())


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "c"
    save(carry_circuit(1), path)
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DataError) as caught:
        save(carry_circuit(2), path)
    assert caught.value.code == "file-not-writable"
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        save(carry_circuit(1), tmp_path / "no" / "c")
    assert caught.value.code == "file-not-writable"
    assert code_of(tmp_path / "c") == "file-not-found"


@pytest.mark.parametrize("content", [b"", b"hello", b"PK", pickle.dumps([1, 2])])
def test_foreign_files(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "c"
    path.write_bytes(content)
    assert code_of(path) == "not-a-circuit"


def test_foreign_archives(tmp_path: Path) -> None:
    path = tmp_path / "c"
    np.savez(path.with_suffix(".npz"), a=np.arange(3))
    assert code_of(path.with_suffix(".npz")) == "not-a-circuit"
    np.savez_compressed(path.with_suffix(".npz"), a=np.arange(3))
    assert code_of(path.with_suffix(".npz")) == "not-a-circuit"
    save(carry_circuit(1), path)
    rewritten(path, lambda header, _: header.update(format="other"))
    assert code_of(path) == "not-a-circuit"


def test_newer_files(tmp_path: Path) -> None:
    path = tmp_path / "c"
    save(carry_circuit(1), path)
    rewritten(path, lambda header, _: header.update(version=2))
    assert code_of(path) == "newer-circuit"


def header_with(array: str, **changes: object) -> Change:
    return lambda header, _: header["arrays"][array].update(changes)


def header_of(**changes: object) -> Change:
    return lambda header, _: header.update(changes)


def entry(name: str, content: bytes) -> Change:
    return lambda _, entries: entries.update({name: content})


NO_VALUES = {"variables": ["x"], "values": [["a"]], "roots": []}
CORRUPT = {
    # A good circuit, but not the one that was saved.
    "a checksum": entry("domains", bytes([11, 10, 10, 2])),
    "a hostile length": header_with("kinds", length=2**60),
    "no array": lambda _, entries: entries.pop("roots"),
    "no description": lambda header, _: header["arrays"].pop("roots"),
    "a strange type": header_with("roots", type="|O"),
    "no version": header_of(version=None),
    "no arrays": header_of(arrays=[]),
    "odd names": header_of(names={"variables": [1], "values": [], "roots": []}),
    "wrong names": header_of(names=NO_VALUES),
    "no JSON": entry("raw", b"{"),
    "nested JSON": entry("raw", b"[" * 100_000),
}


@pytest.mark.parametrize("change", CORRUPT.values(), ids=CORRUPT.keys())
def test_corrupt_files(tmp_path: Path, change: Change) -> None:
    path = tmp_path / "c"
    save(carry_circuit(1), path)
    rewritten(path, change)
    assert code_of(path) == "corrupt-circuit"


BROKEN: dict[str, dict[str, Any]] = {
    "an unknown kind": {"kinds": np.array([2, 2, 9], np.int8)},
    "a child after its parent": {"children": np.array([0, 2])},
    "a child below none": {"children": np.array([0, -1])},
    "offsets that fall": {"offsets": np.array([0, 1, 0, 2])},
    "offsets that wrap around": {"offsets": np.array([0, 2**62, -(2**62), 2])},
    "offsets too few": {"offsets": np.array([0, 0, 2])},
    "children of an input": {"offsets": np.array([0, 0, 1, 2])},
    "a column that is not there": {"columns": np.array([0, 7, -1])},
    "a column of a sum": {"columns": np.array([0, 1, 1])},
    "a root that is not there": {"roots": np.array([3])},
    "an enormous variable": {"domains": np.array([2**40])},
    "enormous variables": {"domains": np.array([10**8] * 9)},
    "a variable of less than nothing": {"domains": np.array([-2])},
}


@pytest.mark.parametrize("wrong", BROKEN.values(), ids=BROKEN.keys())
def test_arrays_that_make_no_circuit(tmp_path: Path, wrong: dict[str, Any]) -> None:
    good: dict[str, Any] = {
        "kinds": np.array([2, 2, 3], np.int8),
        "columns": np.array([0, 1, -1]),
        "offsets": np.array([0, 0, 0, 2]),
        "children": np.array([0, 1]),
        "roots": np.array([2]),
        "domains": np.array([2]),
    }
    save(Circuit(**good), tmp_path / "c")
    load(tmp_path / "c")
    save(Circuit(**{**good, **wrong}), tmp_path / "c")
    assert code_of(tmp_path / "c") == "corrupt-circuit"


def test_any_damage_is_an_error_or_harmless(tmp_path: Path) -> None:
    """Cut anywhere, or one byte changed anywhere: a `DataError`, or the same circuit."""
    path = tmp_path / "c"
    circuit = arbitrary_circuit(Random(3))
    save(circuit, path)
    whole = path.read_bytes()
    random = Random(0)
    cuts = [whole[: random.randrange(len(whole))] for _ in range(100)]
    flips = [
        whole[:at] + bytes([whole[at] ^ (1 << random.randrange(8))]) + whole[at + 1 :]
        for at in random.choices(range(len(whole)), k=600)
    ]
    harmless = 0
    for content in cuts + flips:
        path.write_bytes(content)
        code = outcome(path, circuit)
        assert code in ("harmless", "not-a-circuit", "newer-circuit", "corrupt-circuit")
        harmless += code == "harmless"
    # Dates, flags and the header's own letters carry no content; most bytes do.
    assert harmless < 250


def outcome(path: Path, circuit: Circuit) -> str:
    try:
        assert_equal(load(path), circuit)
    except DataError as error:
        return error.code
    return "harmless"


def test_entries_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    """A thousand entries of the same bytes would be read into a thousand times the file's size."""
    path = tmp_path / "c"
    save(carry_circuit(1), path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.filelist += archive.filelist * 1000
        archive.comment = b"so that the directory is written again"
    with pytest.raises(DataError, match="claim to be larger"):
        load(path)


def test_a_bomb_does_not_go_off(tmp_path: Path) -> None:
    path = tmp_path / "c"
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("header.json", b"{}")
        archive.writestr("kinds", bytes(50_000_000))
    path.write_bytes(buffer.getvalue())
    assert path.stat().st_size < 100_000
    assert code_of(path) == "not-a-circuit"
