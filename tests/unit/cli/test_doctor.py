"""`nesy doctor`: what it reports, and that it reports what the kernels do."""

from __future__ import annotations

import json
import re
from ast import literal_eval
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import pytest
import torch
from typer.testing import CliRunner, Result

import nesy
from nesy.cli.doctor import optional_parts
from nesy.cli.main import app
from nesy.kernels import backends, torch_devices, warming
from nesy.kernels.torch_devices import Accelerator
from nesy.kernels.warming import CompiledPart
from tests.unit.circuit.generate import carry_circuit
from tests.unit.installed import install

ROOT = Path(nesy.__file__).parents[1]
PARTS = ("grounding", "compiling", "evaluation", "sampling")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["doctor", *arguments])


def report(*arguments: str) -> dict:
    result = run("--json", *arguments)
    assert result.exit_code == 0
    return json.loads(result.stdout)


class Part:
    """A part that is compiled when it is exercised."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.compiled = False
        monkeypatch.setattr(CompiledPart, "is_warm", lambda _: self.compiled)
        monkeypatch.setattr(CompiledPart, "folder", lambda _: "somewhere")
        part = CompiledPart("part", lambda: setattr(self, "compiled", True), tuple)
        monkeypatch.setattr(warming, "compiled_parts", lambda: (part,))


def test_versions_are_those_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_pysdd(name: str) -> str:
        if name == "pysdd":
            raise PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr(optional_parts, "version", without_pysdd)
    found = report()["versions"]
    assert found["nesy"] == nesy.__version__
    assert found["torch"] == version("torch")
    assert found["pysdd"] is None
    shown = run().stdout
    assert re.search(r"\n  pysdd +not installed\n", shown)
    assert re.search(r"\n  other compilers +without pysdd: pip install 'nesy\[compilers\]'\n", shown)


def test_every_optional_part_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(name: str) -> str:
        if name in {package for part in optional_parts.PARTS for package in part.packages}:
            raise PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr(optional_parts, "version", nothing)
    declared = (ROOT / "pyproject.toml").read_text()
    for part, shown in zip(optional_parts.PARTS, report()["parts"], strict=True):
        assert shown["part"] == part.purpose
        assert shown["missing"] == list(part.packages)
        if part.extra is None:
            assert shown["install"] == part.otherwise
        else:
            assert shown["install"] == f"pip install 'nesy[{part.extra}]'"
            found = re.search(rf"^{part.extra} = (\[.*?\])$", declared, re.MULTILINE | re.DOTALL)
            assert found is not None
            assert set(part.packages) <= {re.split(r"[<>=; ]", line)[0] for line in literal_eval(found[1])}


def test_people_see_every_section() -> None:
    result = run()
    assert result.exit_code == 0
    titles = [line for line in result.stdout.splitlines() if line and not line.startswith(" ")]
    assert titles == [
        "versions",
        "optional parts",
        "added by packages",
        "devices",
        "kernels",
        "threads",
        "compiled code",
        "compiled circuits",
    ]
    for name in PARTS:
        assert f"\n  {name} " in result.stdout


def chosen() -> dict[str, str]:
    return {entry["inputs"]: entry["backend"] for entry in report()["backends"]}


def test_backends_are_those_that_large_circuits_take(monkeypatch: pytest.MonkeyPatch) -> None:
    large = carry_circuit(30)
    assert large.edges > backends.WORTH_LOADING
    for has_numba in (True, False):
        for has_triton in (True, False):
            monkeypatch.setattr(backends, "has_numba", lambda has=has_numba: has)
            monkeypatch.setattr(backends, "has_triton", lambda has=has_triton: has)
            assert chosen() == {
                "numpy arrays": backends.for_arrays(large),
                "tensors on cpu": backends.for_tensors(large, "cpu"),
                "tensors on cuda": backends.for_tensors(large, "cuda"),
                "tensors elsewhere": backends.for_tensors(large, "mps"),
            }


def test_threads_are_those_in_use() -> None:
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        assert report()["threads"]["numba kernels"] == 1
    finally:
        torch.set_num_threads(before)


def test_the_processor_is_always_there() -> None:
    first = report()["devices"][0]
    assert first["device"] == "cpu"
    assert first["cores"] >= 1
    assert first["name"]


def test_accelerators_are_listed_with_their_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        torch_devices, "accelerators", lambda: [Accelerator("cuda:0", "Some Device", 80 << 30)]
    )
    assert report()["devices"][1] == {"device": "cuda:0", "name": "Some Device", "memory": 80 << 30}
    shown = run().stdout
    assert "\n  cuda:0  Some Device, 80.0 GiB\n" in shown
    assert "no such device" not in shown


def test_warming_compiles_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    Part(monkeypatch)
    code = [entry for entry in report()["code"] if entry["part"] == "part"]
    assert code == [{"part": "part", "warm": False, "folder": "somewhere", "bytes": 0}]
    assert "not yet (nesy doctor --warm): somewhere" in run().stdout
    (warmed,) = [entry for entry in report("--warm")["code"] if entry["part"] == "part"]
    assert warmed["warm"] is True
    assert warmed["seconds"] >= 0
    assert "on disk" in run().stdout


def test_what_packages_add_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert report()["added"] == {"engines": [], "algebras": [], "compilers": []}
    install(monkeypatch, "nesy.engines.registry:ENGINES", ("guessing", "guesses:Guessing"))
    assert "\n  engines    guessing\n  algebras   none\n" in run().stdout
    twice = (("guessing", "guesses:Guessing"), ("guessing", "others:Guessing"))
    install(monkeypatch, "nesy.engines.registry:ENGINES", *twice)
    result = run()
    assert result.exit_code == 1
    assert result.stderr.startswith("error[duplicate-engine]: ")


def test_compiled_code_has_a_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Part(monkeypatch)
    monkeypatch.setattr(CompiledPart, "folder", lambda _: str(tmp_path))
    for name, size in {"a.nbi": 100, "a.1.nbc": 3000, "a.pyc": 7}.items():
        (tmp_path / name).write_bytes(bytes(size))
    (entry,) = [entry for entry in report()["code"] if entry["part"] == "part"]
    assert entry["bytes"] == 3100
    assert f"not yet (nesy doctor --warm), 3 KiB: {tmp_path}" in run().stdout


def test_kept_circuits_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NESY_CACHE", str(tmp_path))
    monkeypatch.setenv("NESY_CACHE_SIZE", "2M")
    (tmp_path / "one.nesyc").write_bytes(np.zeros(300, np.int8).tobytes())
    (tmp_path / "other.txt").write_text("not a circuit")
    assert report()["circuits"] == {"folder": str(tmp_path), "limit": 2 << 20, "entries": 1, "bytes": 300}
    assert f"1 circuits, 300 B of 2 MiB: {tmp_path}" in run().stdout
    monkeypatch.setenv("NESY_CACHE", "off")
    assert report()["circuits"]["folder"] is None
    assert "NESY_CACHE is off" in run().stdout


def test_a_malformed_setting_is_a_diagnostic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NESY_CACHE", str(tmp_path))
    monkeypatch.setenv("NESY_CACHE_SIZE", "plenty")
    result = run("--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"]["code"] == "malformed-cache-size"
