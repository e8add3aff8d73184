"""`nesy solve`: what it prints for people and for machines, its files, and which options go together."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import nesy
from nesy.cli.main import app
from tests.unit.cli.documents import document
from tests.unit.cli.rule_files import CONTRADICTION, MALFORMED
from tests.unit.engines.reasoning.rup import read_dimacs, refutes

RULES = """\
0.1::burglary.
0.2::earthquake.
alarm :- burglary.
alarm :- earthquake.
item(coin, 1). item(bell, 5).
0.5::take(X) :- item(X, _), alarm.
cost(X, C) :- take(X), item(X, C).
query(alarm).
query(burglary).
"""
CONTRADICTING = ["--given", "burglary", "--given-not", "alarm"]


def solve(*arguments: str, file: str = "rules.nesy") -> Result:
    return CliRunner().invoke(app, ["solve", file, *arguments])


def text(*arguments: str) -> list[str]:
    result = solve(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout.splitlines()


def found(*arguments: str) -> dict[str, Any]:
    return document(solve(*arguments, "--json"))


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("rules.nesy").write_text(RULES)


def test_the_example_of_the_help_runs() -> None:
    shown = CliRunner().invoke(app, ["solve", "--help"])
    assert shown.exit_code == 0
    (example,) = [line.strip() for line in shown.stdout.splitlines() if "Example:" in line]
    Path("burglary.nesy").write_text(RULES)
    command = example.removeprefix("Example: nesy ").split()
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0
    assert result.stdout == "burglary holds in some possible worlds, and in others it does not\n"


def test_worlds() -> None:
    assert text()[0] == "world 1:"
    assert text()[-1] == "and more"
    listed = text("--models", "0", "--given", "burglary")
    assert listed == ["world 1:", "  alarm burglary", "world 2:", "  alarm burglary", "  with earthquake"]
    document = found("--models", "0", "--given", "burglary")
    assert document == {
        "task": "models",
        "satisfiable": True,
        "worlds": [
            {
                "atoms": {"alarm": True, "burglary": True},
                "choices": {"burglary": "true", "earthquake": quake},
            }
            for quake in ("false", "true")
        ],
        "complete": True,
    }
    assert found("--models", "2")["complete"] is False


def test_projected_worlds() -> None:
    assert text("--models", "0", "--project", "alarm", "--given", "earthquake") == ["world 1:", "  alarm"]
    assert len(found("--models", "0", "--project", "alarm", "--project", "cost/2")["worlds"]) == 5


def test_worlds_without_atoms_show_their_choices() -> None:
    Path("rules.nesy").write_text("nn(net, [X], D, [a, b])::kind(X, D). :- kind(x, a).")
    assert text() == ["world 1:", "  kind(x,_) = b"]


def test_unsatisfiable_is_an_answer() -> None:
    assert text(*CONTRADICTING) == [
        "unsatisfiable",
        "there is no possible world, because of",
        "  rule         alarm :- burglary.  rules.nesy:3",
        "  observation  burglary            given",
        "  observation  \\+alarm             given",
    ]
    explanation = {
        "conclusion": None,
        "smallest": True,
        "parts": [
            {"kind": "rule", "text": "alarm :- burglary.", "file": "rules.nesy", "line": 3, "column": 1},
            {"kind": "observation", "text": "burglary", "file": None, "line": None, "column": None},
            {"kind": "observation", "text": "\\+alarm", "file": None, "line": None, "column": None},
        ],
    }
    assert found(*CONTRADICTING) == {"task": "models", "satisfiable": False, "explanation": explanation}
    for task in (["--entails", "alarm"], ["--maximise", "alarm"], ["--explain", "alarm"]):
        assert "there is no possible world" in "\n".join(text(*CONTRADICTING, *task))
    assert found(*CONTRADICTING, "--entails", "alarm")["satisfiable"] is False
    assert text(*CONTRADICTING, "--count", "exact") == ["0"]
    assert text(*CONTRADICTING, "--minimal", "--among", "rule")[2:] == [
        "  rule  alarm :- burglary.  rules.nesy:3"
    ]


def test_contradictions_of_the_file_itself() -> None:
    Path("rules.nesy").write_text(CONTRADICTION)
    assert text()[:2] == ["unsatisfiable", "there is no possible world, because of"]
    assert text("--background", "b/0")[-1].split()[0] == "observation"


def test_entailment() -> None:
    assert text("--entails", "alarm", "--given", "burglary") == ["alarm holds in every possible world"]
    assert text("--entails", "alarm") == ["alarm does not hold in every possible world"]
    assert found("--entails", "\\+alarm") == {"task": "entails", "atom": "\\+alarm", "entails": False}


def test_explanations() -> None:
    assert text("--explain", "alarm", "--given", "burglary") == [
        "alarm holds in every possible world, because of",
        "  rule         alarm :- burglary.  rules.nesy:3",
        "  observation  burglary            given",
    ]
    document = found("--explain", "alarm", "--given", "burglary", "--background", "alarm/0")
    assert document["explanation"]["conclusion"] == "alarm"
    assert [p["text"] for p in document["explanation"]["parts"]] == ["burglary"]
    assert found("--explain", "alarm") == {"task": "explain", "atom": "alarm", "explanation": None}


def test_repairs() -> None:
    assert text("--repair") == ["nothing needs repair"]
    listed = text(*CONTRADICTING, "--repair")
    assert listed.count("leave out") == 3
    assert text(*CONTRADICTING, "--repair", "--limit", "2")[-1] == "and more"
    assert text(*CONTRADICTING, "--repair", "--among", "fact") == [
        "leaving out what is in question does not help"
    ]
    document = found(*CONTRADICTING, "--repair", "--among", "observation")
    assert sorted(r[0]["text"] for r in document["repairs"]) == ["\\+alarm", "burglary"]
    assert document["complete"] is True


def test_optima() -> None:
    assert text("--maximise", "C*cost(X, C) - 2*alarm")[0] == "4:"
    assert text("--optimize", "0.5*take(coin)")[0] == "0.5:"
    document = found("--minimise", "3*alarm - take(bell)", "--seconds", "60")
    assert (document["value"], document["bound"]) == (0, 0)
    assert document["world"]["atoms"]["alarm"] is False


def test_counts() -> None:
    assert text("--count", "exact") == ["4"]
    assert found("--count", "exact", "--project", "alarm") == {
        "task": "count",
        "count": "2",
        "guarantee": "exact",
    }


def test_proofs() -> None:
    assert text(*CONTRADICTING, "--proof", "p.drup")[-1] == "proof: p.drup, of the clauses in p.drup.cnf"
    _, clauses = read_dimacs(Path("p.drup.cnf").read_text())
    assert refutes(clauses, Path("p.drup").read_text().splitlines())
    assert found("--entails", "alarm", "--given", "earthquake", "--proof", "q.drup")["proof"] == "q.drup"
    assert "proof" not in found("--proof", "r.drup")
    assert not Path("r.drup").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--entails", "alarm", "--explain", "alarm"],
        ["--repair", "--count", "exact"],
        ["--project", "alarm/0", "--entails", "alarm"],
        ["--limit", "3"],
        ["--seconds", "3"],
        ["--repair", "--proof", "p"],
        ["--given", "alarm", "--given-not", "alarm"],
        ["--models", "-1"],
        ["--count", "some"],
    ],
)
def test_what_does_not_go_together(arguments: list[str]) -> None:
    result = solve(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--entails", "nothing"], "unknown-predicate"),
        (["--entails", "take(X)"], "not-ground"),
        (["--explain", "take("], "unclosed-bracket"),
        (["--given", "take(X)"], "non-ground-evidence"),
        (["--maximise", "alarm*burglary"], "invalid-objective"),
        (["--repair", "--among", "rules"], "unknown-kind"),
        (["--budget", "nodes=many"], "malformed-budget"),
        ([*CONTRADICTING, "--proof", "nowhere/p"], "file-not-writable"),
    ],
)
def test_mistakes(arguments: list[str], code: str) -> None:
    result = solve(*arguments)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"error[{code}]: ")
    assert json.loads(solve(*arguments, "--json").stdout)["error"]["code"] == code


def test_mistakes_in_the_file() -> None:
    Path("rules.nesy").write_text(MALFORMED)
    assert solve().exit_code == 1
    assert solve(file="nowhere.nesy").exit_code == 1


def test_no_torch_is_loaded() -> None:
    code = (
        "import sys\nfrom nesy.cli.main import app\n"
        "try:\n    app()\nexcept SystemExit:\n"
        "    print([m for m in ('torch', 'numba', 'pandas', 'pyarrow') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "solve", "rules.nesy", *CONTRADICTING, "--repair"],
        env={**os.environ, "PYTHONPATH": str(Path(nesy.__file__).parents[1])},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.endswith("\n[]\n"), done.stderr


HOLES = "; ".join(f"1/12::sits(P, {hole})" for hole in range(12))
CROWDED = f"{HOLES} :- between(0, 12, P).\n:- sits(P, H), sits(Q, H), P < Q.\n"
"""That thirteen cannot sit on twelve seats takes a solver very long to find."""


STARTED = """
import importlib, pathlib, signal, sys
from nesy.cli.main import main

# Whoever starts the tests may have it ignored, as shells do for what runs in the background.
signal.signal(signal.SIGINT, signal.default_int_handler)
owner, name = importlib.import_module(sys.argv[1]), sys.argv[2]
del sys.argv[1:3]
original = getattr(owner, name)

def started(*arguments, **options):
    pathlib.Path("started").touch()
    return original(*arguments, **options)

setattr(owner, name, started)
main()
"""
"""Leaves a file when some function is called, just before the solver is."""


@pytest.mark.parametrize(
    ("arguments", "place", "name"),
    [
        ([], "nesy.engines.reasoning.listing", "listed"),
        (["--repair", "--among", "rule"], "nesy.engines.reasoning.repairing", "_repairs"),
    ],
)
def test_interrupts(arguments: list[str], place: str, name: str) -> None:
    Path("rules.nesy").write_text(CROWDED)
    with subprocess.Popen(
        [sys.executable, "-c", STARTED, place, name, "solve", "rules.nesy", *arguments],
        env={**os.environ, "PYTHONPATH": str(Path(nesy.__file__).parents[1])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while not Path("started").exists() and process.poll() is None:
            time.sleep(0.05)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (130, "")
    assert "Traceback" not in errors
