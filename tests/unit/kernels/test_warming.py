"""Whether compiled code is on disk: each real part, and a small one whose source changes."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import pytest

from nesy.kernels import warming
from nesy.kernels.warming import CompiledPart, compiled_parts

SOURCE = "from numba import njit\n\n@njit(cache=True)\ndef twice(x):\n    return {}\n"


def loaded(file: Path):
    spec = importlib.util.spec_from_file_location("twice_compiled", file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module.twice


def part_of(function) -> CompiledPart:
    return CompiledPart("twice", lambda: function(1.0), lambda: (function,))


@pytest.mark.parametrize("part", compiled_parts(), ids=lambda part: part.name)
def test_every_part_is_warm_once_it_was_exercised(part):
    assert part.warm() > 0
    assert part.is_warm()
    assert Path(part.folder()).is_dir()


def test_exercises_reach_all_ways_in():
    for part in compiled_parts():
        part.warm()
        names = {"grounding": "evaluate", "compiling": "go_on", "evaluation": "backward", "sampling": "guide"}
        name = names[part.name]
        (entry,) = [e for e in part.entries() if e.__name__.startswith(name)]
        assert entry.signatures, f"{part.name} does not run {name}"


def test_code_is_warm_after_its_first_use_until_its_source_changes(tmp_path):
    file = tmp_path / "twice.py"
    file.write_text(SOURCE.format("x + x"))
    part = part_of(loaded(file))
    assert not part.is_warm()
    part.warm()
    assert part.is_warm()
    assert part_of(loaded(file)).is_warm(), "another process finds it"
    file.write_text(SOURCE.format("2 * x"))
    os.utime(file, (1, 1))
    assert not part_of(loaded(file)).is_warm()


def test_code_for_another_processor_is_none(tmp_path, monkeypatch):
    file = tmp_path / "twice.py"
    file.write_text(SOURCE.format("x + x"))
    part = part_of(loaded(file))
    part.warm()
    codegen = type(part.entries()[0].targetctx.codegen())
    monkeypatch.setattr(codegen, "magic_tuple", lambda _: ("another", "processor", ""))
    assert not part.is_warm()


def test_all_are_warmed_at_once(monkeypatch):
    done = []
    parts = tuple(CompiledPart(name, lambda n=name: done.append(n), tuple) for name in ("a", "b"))
    monkeypatch.setattr(warming, "compiled_parts", lambda: parts)
    assert list(warming.warm()) == done == ["a", "b"]
