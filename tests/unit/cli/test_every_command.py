"""What holds of every command, whichever there are: examples that run, exit codes, JSON, completion."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from typer.main import get_command
from typer.testing import CliRunner, Result

import nesy
from nesy.cli import completions
from nesy.cli.main import app
from nesy.kernels import warming
from nesy.nn.training import train
from tests.unit.cli.rule_files import BURGLARY
from tests.unit.installed import install
from tests.unit.nn.training.points_task import write_task

ROOT = Path(nesy.__file__).parents[1]
COMMANDS = getattr(get_command(app), "commands", {})
CONVERSATIONS = {"lsp", "repl"}
"""These talk with whoever called them, in a language of their own."""

MISTAKEN = {
    "audit": ["absent.nesy", "--query", "q(S)"],
    "compile": ["absent.nesy", "--out", "absent.nnf"],
    "doctor": [],
    "explain": ["absent.nesy", "alarm"],
    "lsp": [],
    "new": ["rules"],
    "predict": ["absent.toml", "--out", "predictions.csv"],
    "viz": ["absent.nesy", "--out", "absent.svg"],
}
"""Arguments that hold a mistake; of other commands, a file that is not there."""


def examples(name: str) -> list[list[str]]:
    """The words of each example in a command's help, `nesy` and the command's name left out."""
    lines = re.findall(r"Example: nesy (.*?)\.?$", COMMANDS[name].help or "", re.MULTILINE)
    words = [shlex.split(line) for line in lines]
    assert all(example[0] == name for example in words)
    return [[part for word in example[1:] for part in expanded(word)] for example in words]


def expanded(word: str) -> list[str]:
    """A word as a shell passes it on."""
    return sorted(map(str, Path().glob(word))) if "*" in word else [word]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a configuration, trained for an epoch."""
    config = write_task(tmp_path_factory.mktemp("project"), epochs=1)
    with open(config.parent / "rules.nesy", "a") as rules:
        rules.write("addition(X, Y, S) :- sum(X, Y, S).\n")
    threads, path = torch.get_num_threads(), list(sys.path)
    torch.set_num_threads(1)
    train(config)
    yield config.parent
    torch.set_num_threads(threads)
    sys.path[:] = path


@pytest.fixture
def folder(tmp_path: Path, trained: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with all that examples speak of: rules, clauses, labels, a trained project."""
    place = tmp_path / "project"
    shutil.copytree(trained, place)
    monkeypatch.chdir(place)
    monkeypatch.setattr(sys, "path", list(sys.path))
    for module in Path().glob("points_*.py"):
        monkeypatch.delitem(sys.modules, module.stem, raising=False)
    Path("burglary.nesy").write_text(BURGLARY)
    Path("pairs.csv").write_text('"addition(a,b)"\n' + "".join(f"{n}\n" for n in range(7)))
    Path("formula.cnf").write_text("p cnf 3 2\n1 -3 0\n2 3 -1 0\n")
    Path("rules").mkdir()
    Path("rules", "a.nesy").write_text("a.\n")
    # What compiles everything ahead takes a minute on a new machine.
    monkeypatch.setattr(warming, "compiled_parts", tuple)
    return place


def invoke(name: str, *arguments: str) -> Result:
    # A conversation hears one thing, or nothing.
    return CliRunner().invoke(app, [name, *arguments], input="?- alarm.\n" if name == "repl" else "")


def undo(name: str) -> None:
    """What an example leaves behind that keeps it from being run again."""
    if name == "new":
        shutil.rmtree("digit_sums")
    if name == "train":
        shutil.rmtree("run")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_examples_of_its_help_run(name: str, folder: Path) -> None:
    told = examples(name)
    assert told, f"the help of `nesy {name}` has no line `Example: nesy {name} ...`"
    if name == "train":
        shutil.rmtree("run")
    if name == "lsp":
        served = subprocess.run(
            [sys.executable, "-c", "from nesy.cli.main import main; main()", "lsp", *told[0]],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert (served.returncode, served.stdout) == (0, b""), "an editor that says nothing hears nothing"
        return
    for arguments in told:
        result = invoke(name, *arguments)
        assert result.exit_code == 0, result.output
        undo(name)
        if name not in CONVERSATIONS and "--json" not in arguments:
            machine = invoke(name, *arguments, "--json")
            assert machine.exit_code == 0
            assert isinstance(json.loads(machine.stdout), dict)
            undo(name)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_mistake_exits_1_and_says_its_code(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "doctor":
        monkeypatch.setenv("NESY_CACHE_SIZE", "plenty")
        monkeypatch.setenv("NESY_CACHE", str(folder))
    if name == "lsp":
        monkeypatch.setitem(sys.modules, "pygls", None)
    arguments = MISTAKEN.get(name, ["absent.nesy"])
    result = invoke(name, *arguments)
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    assert re.match(r"error\[[a-z]+(-[a-z]+)+\]: ", result.stderr)
    assert "Traceback" not in result.output
    if name not in CONVERSATIONS:
        machine = invoke(name, *arguments, "--json")
        assert machine.exit_code == 1
        codes = re.findall(r'"code": "([a-z]+(?:-[a-z]+)+)"', machine.stdout)
        assert codes
        assert f"error[{codes[0]}]" in result.stderr
        json.loads(machine.stdout)


@pytest.mark.parametrize("name", COMMANDS)
def test_wrong_usage_exits_2(name: str) -> None:
    result = invoke(name, "--frob")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "--frob" in result.stderr


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where a shell finds `nesy`: completion goes by the name that the command is called by."""
    place = tmp_path_factory.mktemp("bin")
    (place / "nesy").write_text(f"#!{sys.executable}\nfrom nesy.cli.main import main\n\nmain()\n")
    (place / "nesy").chmod(0o755)
    return os.pathsep.join([str(place), os.environ["PATH"]])


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(
    ("words", "completed"),
    [
        (["c"], {name for name in COMMANDS if name.startswith("c")}),
        (["run", "rules.nesy", "--engine", "sa"], {"sampling", "sat"}),
    ],
)
def test_bash_completes(words: list[str], completed: set[str], path: str) -> None:
    script = (
        'eval "$(_NESY_COMPLETE=source_bash nesy)"; '
        f"COMP_WORDS=(nesy {' '.join(words)}); COMP_CWORD={len(words)}; "
        f'$(complete -p nesy | sed "s/.*-F \\([^ ]*\\).*/\\1/") nesy {words[-1]}; '
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", script],
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert set(done.stdout.split()) == completed, done.stderr


def test_names_that_packages_add_are_completed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert completions.algebras("max-") == ["max-log", "max-min", "max-product"]
    assert completions.compilers("n") == ["native"]
    install(monkeypatch, "nesy.engines.registry:ENGINES", ("sausage", "food:Sausage"))
    assert completions.engines("sa") == ["sampling", "sat", "sausage"]
    twice = (("sausage", "food:Sausage"), ("sausage", "dogs:Sausage"))
    install(monkeypatch, "nesy.engines.registry:ENGINES", *twice)
    assert completions.engines("sa") == []
