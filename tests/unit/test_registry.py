"""Names that packages add by entry points: what is refused, and what is not looked at."""

from __future__ import annotations

import sys
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from nesy import registry
from nesy.errors import EngineError
from nesy.registry import EntryPoints

TOOLS = EntryPoints(
    "tool", "tests.tools", {"hammer": "builtins:list", "saw": "builtins:dict"}, default="hammer"
)


def two_needed(first: object, second: object) -> None: ...


def tools(monkeypatch: pytest.MonkeyPatch, *entries: tuple[str, str]) -> EntryPoints:
    """The tools, where packages add these."""
    asked: list[str] = []

    def installed(*, group: str) -> list[EntryPoint]:
        asked.append(group)
        assert asked == ["tests.tools"], "packages are looked at once, for their own group"
        return [EntryPoint(name, place, group) for name, place in entries]

    monkeypatch.setattr(registry, "entry_points", installed)
    return replace(TOOLS)


def test_names_are_those_built_in_and_those_added(monkeypatch: pytest.MonkeyPatch) -> None:
    found = tools(monkeypatch, ("drill", "builtins:set"), ("awl", "nesy.nowhere:X"))
    assert found.names() == ["awl", "drill", "hammer", "saw"]
    assert "drill" in found
    assert "dril" not in found
    assert found.load("drill") is set
    assert found.made("drill") == set()
    assert found.made("saw") == {}


def test_the_default_needs_no_look_at_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(**_: str) -> list[EntryPoint]:
        raise AssertionError("packages were looked at")

    monkeypatch.setattr(registry, "entry_points", never)
    fresh = replace(TOOLS)
    assert fresh.made("hammer") == []
    with pytest.raises(AssertionError, match="were looked at"):
        fresh.made("saw")


def test_nothing_is_imported_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "tool_chest.py").write_text("PLANE = 7")
    monkeypatch.syspath_prepend(tmp_path)
    found = tools(monkeypatch, ("plane", "tool_chest:PLANE"))
    assert "plane" in found
    assert "tool_chest" not in sys.modules
    assert found.load("plane") == 7


def test_the_same_place_twice_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tools(monkeypatch, ("drill", "builtins:set"), ("drill", "builtins:set")).load("drill") is set
    assert tools(monkeypatch, ("saw", "builtins:dict")).load("saw") is dict


@pytest.mark.parametrize(
    "entries", [[("saw", "builtins:set")], [("drill", "builtins:set"), ("drill", "builtins:dict")]]
)
def test_duplicates_are_refused(monkeypatch: pytest.MonkeyPatch, entries: list[tuple[str, str]]) -> None:
    found = tools(monkeypatch, *entries)
    with pytest.raises(EngineError) as caught:
        found.names()
    assert caught.value.code == "duplicate-tool"
    assert repr(entries[-1][0]) in caught.value.message
    assert "builtins:set" in caught.value.message
    assert "builtins:dict" in caught.value.message
    assert "tests.tools" in str(caught.value.hint)


def test_the_unknown_is_told_the_nearest_and_all(monkeypatch: pytest.MonkeyPatch) -> None:
    found = tools(monkeypatch, ("drill", "builtins:set"))
    with pytest.raises(EngineError) as caught:
        found.load("dril")
    assert caught.value.code == "unknown-tool"
    assert caught.value.message == "there is no tool named 'dril'"
    assert caught.value.hint == "did you mean drill? the tools are drill, hammer, saw"
    assert found.unknown("x", ["saw"]).hint == "the tools are saw"


BROKEN = {
    "absent": "from nesy import nowhere",
    "misspelt": "def f(:",
    "nameless": "nowhere",
    "mistyped": "len(1)",
    "misvalued": "int('one')",
    "empty": "",
}


@pytest.mark.parametrize("module", BROKEN)
def test_what_cannot_be_loaded_is_refused(
    module: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / f"tool_{module}.py").write_text(BROKEN[module])
    monkeypatch.syspath_prepend(tmp_path)
    place = f"tool_{module}:Tool"
    with pytest.raises(EngineError) as caught:
        tools(monkeypatch, ("broken", place)).load("broken")
    assert caught.value.code == "invalid-tool"
    assert caught.value.message.startswith(f"tool 'broken' cannot be loaded from {place}: ")
    assert caught.value.__cause__ is not None


@pytest.mark.parametrize("place", ["math:pi", f"{__name__}:two_needed"])
def test_what_cannot_be_called_without_arguments_is_refused(
    monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    with pytest.raises(EngineError) as caught:
        tools(monkeypatch, ("broken", place)).made("broken")
    assert caught.value.code == "invalid-tool"
    assert caught.value.message.startswith(f"{place}, registered as tool 'broken', cannot be called ")
