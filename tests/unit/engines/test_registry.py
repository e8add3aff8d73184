from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from typing import ClassVar

import pytest

from nesy.engines.inference import Engine, Inference
from nesy.engines.registry import ENGINES, names, resolve
from nesy.engines.sat import Sat
from nesy.errors import EngineError
from nesy.logic.program import GroundProgram
from tests.unit.installed import install


@dataclass(frozen=True)
class Lazy(Engine):
    name: ClassVar[str] = "lazy"

    def build(self, program: GroundProgram) -> Inference:
        raise AssertionError("never built here")


def install_engines(monkeypatch: pytest.MonkeyPatch, *entries: tuple[str, str]) -> None:
    install(monkeypatch, "nesy.engines.registry:ENGINES", *entries)


@pytest.mark.parametrize("name", ["sat", "sampling"])
def test_a_name_gives_the_engine_of_that_name(name: str) -> None:
    engine = resolve(name)
    assert engine.name == name
    assert f"{type(engine).__module__}:{type(engine).__name__}" == ENGINES.built_in[name]


def test_an_engine_is_kept_with_its_options() -> None:
    engine = Sat(scale=7.0)
    assert resolve(engine) is engine


def test_an_unknown_name_gets_the_nearest_and_the_list() -> None:
    with pytest.raises(EngineError) as caught:
        resolve("smapling")
    assert caught.value.code == "unknown-engine"
    assert "did you mean sampling?" in str(caught.value.hint)
    assert all(name in str(caught.value.hint) for name in ENGINES.built_in)


@pytest.mark.parametrize("engine", [3, None, Sat, ["sat"]], ids=str)
def test_what_is_no_engine_is_refused(engine: object) -> None:
    with pytest.raises(EngineError, match="neither the name of an engine") as caught:
        resolve(engine)  # type: ignore[arg-type]
    assert caught.value.code == "invalid-engine"
    assert "calling its class" in str(caught.value.hint)


def test_other_packages_add_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    install_engines(monkeypatch, ("lazy", f"{__name__}:Lazy"))
    assert isinstance(resolve("lazy"), Lazy)
    assert "lazy" in names()


@pytest.mark.parametrize(
    "entries",
    [[("sat", "elsewhere:Sat")], [("mine", "one:Engine"), ("mine", "two:Engine")]],
)
def test_a_name_taken_twice_is_refused(
    monkeypatch: pytest.MonkeyPatch, entries: list[tuple[str, str]]
) -> None:
    install_engines(monkeypatch, *entries)
    with pytest.raises(EngineError) as caught:
        resolve("sat")
    assert caught.value.code == "duplicate-engine"
    assert entries[-1][1] in caught.value.message


@pytest.mark.parametrize("place", ["no_such_module_anywhere:X", f"{__name__}:Missing", "builtins:dict"])
def test_an_entry_point_that_gives_no_engine_is_refused(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    install_engines(monkeypatch, ("broken", place))
    with pytest.raises(EngineError) as caught:
        resolve("broken")
    assert caught.value.code == "invalid-engine"
    assert place in caught.value.message


def test_engines_load_on_first_use() -> None:
    code = (
        "import sys; from nesy.engines.registry import resolve; "
        "loaded = [m for m in ('torch', 'pysat') if m in sys.modules]; "
        "resolve('sat'); print(loaded, 'pysat' in sys.modules, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] True False"
