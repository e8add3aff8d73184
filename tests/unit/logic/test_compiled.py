"""What is kept on disk of compiled code is never run once a file that it was made of has changed."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

from nesy.logic import compiled

CALLED = "from nesy.logic.compiled import compiled\n\n@compiled\ndef called_amount():\n    return {}\n"
CALLER = (
    "from nesy.logic.compiled import compiled\nfrom called_file import called_amount\n\n"
    "@compiled\ndef caller_amount():\n    return called_amount() + 1\n"
)


def loaded(folder: Path, called: str) -> ModuleType:
    """The caller as another process finds it, once the file it calls is as given."""
    (folder / "called_file.py").write_text(CALLED.format(called))
    (folder / "caller_file.py").write_text(CALLER)
    for name in ("called_file", "caller_file"):
        sys.modules.pop(name, None)
    importlib.invalidate_caches()
    compiled._version.cache_clear()
    return importlib.import_module("caller_file")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return tmp_path


def test_a_caller_is_made_anew_when_another_file_changes(folder: Path) -> None:
    assert loaded(folder, "1").caller_amount() == 2
    assert loaded(folder, "20").caller_amount() == 21


def test_nothing_is_made_twice_of_the_same_files(folder: Path) -> None:
    loaded(folder, "1").caller_amount()
    again = loaded(folder, "1").caller_amount
    assert again() == 2
    assert sum(again.stats.cache_hits.values()) == 1
