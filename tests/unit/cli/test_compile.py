"""`nesy compile` and `nesy count`: what they write and print, and how they fail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from nesy.circuit.formats import load_named, read_nnf
from nesy.cli.main import app
from tests.unit.cli.rule_files import BURGLARY, MALFORMED

CNF = "p cnf 3 2\n1 2 0\n-2 3 0\n"
WEIGHTED = "p cnf 2 1\nc p weight 1 0.25 0\nc p weight 2 0.5 0\n1 2 0\n"


def nesy(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "burglary.nesy": BURGLARY,
        "malformed.nesy": MALFORMED,
        "f.cnf": CNF,
        "w.cnf": WEIGHTED,
        "bad.cnf": "p cnf 1 1\n2 0\n",
        "projected.cnf": "c p show 1 0\np cnf 2 1\n1 2 0\n",
        "x.sdd": "sdd 1\nL 0 0 -1\n",
        "x.vtree": "vtree 1\nL 0 1\n",
    }.items():
        Path(name).write_text(text)


def test_rules_to_our_own_format() -> None:
    result = nesy("compile", "burglary.nesy", "--out", "b.nesyc", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    circuit, names = load_named("b.nesyc")
    assert names is not None
    assert names.roots == ("alarm=false", "alarm=true", "burglary=false", "burglary=true", "condition")
    assert json.loads(result.stdout) == {
        "file": "b.nesyc",
        "nodes": circuit.size,
        "edges": circuit.edges,
        "roots": 5,
    }


def test_one_root_of_rules_to_nnf_and_dot() -> None:
    result = nesy("compile", "burglary.nesy", "-o", "b.nnf")
    assert result.exit_code == 1
    assert "several-roots" in result.stderr
    assert "1 (alarm=true)" in result.stderr
    assert not Path("b.nnf").exists()
    assert nesy("compile", "burglary.nesy", "-o", "b.nnf", "--root", "1").exit_code == 0
    assert read_nnf(Path("b.nnf").read_text()).edges > 2
    assert nesy("compile", "burglary.nesy", "-o", "b.dot", "--root", "1").exit_code == 0
    text = Path("b.dot").read_text()
    assert "alarm=true" in text
    assert "condition" not in text


def test_clauses_and_circuits_of_others() -> None:
    for source, target in [
        ("f.cnf", "f.nnf"),
        ("f.nnf", "g.nesyc"),
        ("g.nesyc", "g.dot"),
        ("x.sdd", "x.nesyc"),
    ]:
        result = nesy("compile", source, "--out", target)
        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout.startswith(f"{target}: ")
    circuit, _ = load_named("x.nesyc")
    assert circuit.domains.tolist() == [2]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["malformed.nesy"], None),
        (["nothing.cnf"], "file-not-found"),
        (["bad.cnf"], "malformed-cnf"),
        (["f.cnf", "--compiler", "d5"], "unknown-compiler"),
        (["f.cnf", "--root", "3"], "unknown-root"),
    ],
)
def test_mistakes(arguments: list[str], code: str | None) -> None:
    result = nesy("compile", *arguments, "--out", "out.nesyc", "--json")
    assert (result.exit_code, result.stderr) == (1, "")
    found = json.loads(result.stdout)["error"]["code"]
    assert code in (None, found)
    assert not Path("out.nesyc").exists()


def test_an_ending_that_cannot_be_written_is_wrong_usage() -> None:
    result = nesy("compile", "f.cnf", "--out", "f.png")
    assert result.exit_code == 2
    assert ".nesyc" in result.stderr


def test_counts() -> None:
    assert nesy("count", "f.cnf").stdout == "4\n"
    assert nesy("count", "w.cnf").stdout == "0.625\n"
    found = json.loads(nesy("count", "w.cnf", "--json").stdout)
    assert found == {"count": "0.625", "weighted": True, "variables": 2}
    Path("large.cnf").write_text("p cnf 20000 0\n")
    assert nesy("count", "large.cnf").stdout.strip().isdecimal()
    assert len(nesy("count", "large.cnf").stdout.strip()) == 6021


def test_what_cannot_be_counted() -> None:
    result = nesy("count", "projected.cnf")
    assert result.exit_code == 1
    assert "projected-cnf" in result.stderr
    assert "projected.cnf:1:1" in result.stderr
