"""`nesy new`: the project is whole, is the documented one, trains, and passes its own test."""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner, Result

import nesy
from nesy.cli.main import app
from nesy.cli.new_project.writing import TEMPLATES

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "train_addition"
MODULES = ("data", "networks")


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One is in an empty folder; the project's modules have plain names, and are forgotten afterwards."""
    for name in MODULES:
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
    for name in MODULES:
        sys.modules.pop(name, None)


def new(name: str) -> Result:
    return CliRunner().invoke(app, ["new", name])


def test_the_project_is_whole_and_named() -> None:
    result = new("digit-sums")
    assert result.exit_code == 0
    assert result.stdout.endswith("next:\n  cd digit-sums\n  nesy train config.toml\n")
    assert {path.name for path in Path("digit-sums").iterdir()} == set(TEMPLATES)
    assert [path.name for path in Path().iterdir()] == ["digit-sums"]
    readme = Path("digit-sums/README.md").read_text()
    assert readme.startswith("# digit-sums\n")
    assert "{" not in readme.replace('{ name = "sampling" }', "")
    for name in TEMPLATES:
        assert name in readme or name in ("README.md", ".gitignore")
    assert os.stat("digit-sums").st_mode & 0o777 == 0o777 & ~_umask()
    assert nesy.check(Path("digit-sums/rules.nesy").read_text()) == ()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.parametrize("path", sorted(p for p in EXAMPLE.iterdir() if p.is_file()), ids=lambda p: p.name)
def test_the_project_is_the_documented_one(path: Path) -> None:
    """But for the order of imports: in the example nesy is at home."""
    new("sums")
    lines = [line for line in Path("sums", path.name).read_text().splitlines() if line]
    assert sorted(lines) == sorted(line for line in path.read_text().splitlines() if line)


def test_the_project_passes_its_own_test(tmp_path: Path) -> None:
    new("sums")
    project = runpy.run_path("sums/test_project.py")
    project["test_the_rules_add"]()
    project["test_training_learns"](tmp_path)
    assert not Path("sums/run").exists()


def test_the_commands_of_the_readme_work() -> None:
    new("sums")
    os.chdir("sums")
    config = Path("config.toml")
    config.write_text(config.read_text().replace("epochs = 15", "epochs = 1"))
    commands = [
        line.split() for line in Path("README.md").read_text().splitlines() if line.startswith("    nesy")
    ]
    assert [words[1] for words in commands] == ["check", "train", "eval", "predict"]
    for _, *words in commands:
        result = CliRunner().invoke(app, words)
        assert result.exit_code == 0, result.output
    assert Path("run/checkpoints/best.pt").is_file()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("there", "folder-exists"),
        ("empty", "folder-exists"),
        ("link", "folder-exists"),
        (".", "unusable-name"),
        ("..", "unusable-name"),
        ("a b", "unusable-name"),
        ("none/sums", "unusable-folder"),
    ],
)
def test_nothing_is_overwritten_and_nothing_is_left(name: str, code: str) -> None:
    Path("there").write_text("precious")
    Path("empty").mkdir()
    Path("link").symlink_to("nowhere")
    before = sorted(Path().iterdir())
    result = new(name)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"error[{code}]: ")
    assert sorted(Path().iterdir()) == before
    assert Path("there").read_text() == "precious"


def test_a_failure_on_the_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, text: str, encoding: str) -> None:
        if self.name == "config.toml":
            raise OSError(28, "No space left on device")
        self.write_bytes(text.encode(encoding))

    monkeypatch.setattr(Path, "write_text", full)
    result = new("sums")
    assert "error[unusable-folder]: `sums` cannot be written: no space left on device" in result.stderr
    assert list(Path().iterdir()) == []
