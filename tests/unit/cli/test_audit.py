"""`nesy audit`: what it prints for people and for machines, its exit codes, and mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from nesy.cli.main import app

RULES = """\
nn(digit_net, [X], D, 0..4) :: digit(X, D).
addition(X, Y, S) :- digit(X, A), digit(Y, B), S is A + B.
unused(X) :- digit(X, 0).
"""
PAIRS = "a,b,S\n0,0,0\n0,1,1\n2,3,5\n2,4,6\n"


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("rules.nesy").write_text(RULES)
    Path("pairs.csv").write_text(PAIRS)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(
        app, ["audit", "rules.nesy", "--query", "addition(a,b,S)", "--output", "S", *arguments]
    )


def test_labels_that_determine_the_concepts() -> None:
    result = run()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "the labels determine the concepts\n"
        "digit_net: determined: 0, 1, 2, 3, 4\n"
        "rules.nesy:3:1: unused-rule: no proof of what is asked uses unused(X) :- digit(X, 0).\n"
    )


def test_labels_that_do_not() -> None:
    result = run("--examples", "pairs.csv")
    assert (result.exit_code, result.stderr) == (3, "")
    first, second, third, *rest = result.stdout.splitlines()
    assert first.endswith(": 2 wrong concept maps are consistent with them")
    assert second.startswith("one with the fewest changes: digit_net: 2 -> ")
    assert third.startswith("an example it survives: a = ")
    assert rest[0] == "digit_net: determined: 0, 1"


def test_for_machines() -> None:
    result = run("--examples", "pairs.csv", "--json")
    assert (result.exit_code, result.stderr, result.stdout.count("\n")) == (3, "", 1)
    found = json.loads(result.stdout)
    shortcut, (finding,) = found.pop("shortcut"), found.pop("findings")
    assert found == {
        "determined": False,
        "wrong_maps": "2",
        "guarantee": "exact",
        "concepts": ["a", "b"],
        "outputs": ["addition(a,b)"],
        "read_as": {
            "digit_net": {
                "0": ["0"],
                "1": ["1"],
                "2": ["2", "3", "4"],
                "3": ["1", "2", "3"],
                "4": ["2", "3", "4"],
            }
        },
        "unseen": {"digit_net": []},
    }
    assert (finding["code"], finding["line"], finding["severity"]) == ("unused-rule", 3, "warning")
    assert shortcut["fewest"] is True
    read, true = shortcut["example"]["read"], shortcut["example"]["true"]
    changed = shortcut["changed"]["digit_net"]
    assert {name: changed.get(value, value) for name, value in true.items()} == read
    assert sum(map(int, read.values())) == sum(map(int, true.values()))
    assert shortcut["example"]["outputs"] == {"addition(a,b)": str(sum(map(int, true.values())))}
    assert json.loads(run("--json").stdout)["shortcut"] is None


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (("--examples", "none.csv"), "file-not-found", None),
        (("--examples", "wrong.csv"), "unknown-value", 2),
        (("--output", "T"), "output-not-in-query", None),
        (("--budget", "nodes=many"), "malformed-budget", None),
    ],
)
def test_mistakes(arguments: tuple[str, ...], code: str, line: int | None) -> None:
    Path("wrong.csv").write_text("a,b\n0,9\n")
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"error[{code}]")
    machine = run(*arguments, "--json")
    assert machine.exit_code == 1
    error = json.loads(machine.stdout)["error"]
    assert (error["code"], error["line"]) == (code, line)


def test_a_query_is_needed() -> None:
    assert CliRunner().invoke(app, ["audit", "rules.nesy"]).exit_code == 2


def test_counts_are_shown_to_the_last_digit() -> None:
    # Nothing depends on which value is read, so any is as good as the true one.
    networks = "\n".join(f"nn(n{i}, [X], V, 0..9) :: v{i}(X, V). any{i} :- v{i}(a, _)." for i in range(6))
    Path("rules.nesy").write_text(f"{networks}\nout(1) :- {', '.join(f'any{i}' for i in range(6))}.")
    result = CliRunner().invoke(app, ["audit", "rules.nesy", "--query", "out(S)", "--output", "S", "--json"])
    assert result.exit_code == 3
    assert json.loads(result.stdout)["wrong_maps"] == str(10**60 - 1)
