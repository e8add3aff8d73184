"""Python files that rules use: never without leave, and whether ProbLog is installed or not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.unit.language.modules.folders import answers, folder, place, refused

OURS = """
import nesy

@nesy.foreign("+int", "-int")
def double(x):
    return 2 * x
"""
PROBLOG = """
from problog.extern import problog_export, problog_export_nondet, problog_export_raw
import problog.extern

@problog_export("+int", "+int", "-int")
def total(a, b):
    return a + b

@problog_export_nondet("+int", "-int")
def below(n):
    return list(range(n))

@problog_export("+str", "-str", "-int", functor="measured")
def measure(text):
    return text.upper(), len(text)

@problog.extern.problog_export("+int")
def fine(n):
    return ()

@problog_export_raw("+term", "+int")
def pairs(name, number):
    rows = [("a", 1), ("a", 2), ("b", 3)]
    return [r for r in rows if number in (None, r[1])]
"""
RULES = """:- use_module('functions.py').
t(X) :- total(1, 2, X).
b(X) :- below(3, X).
m(X, N) :- measured(abc, X, N).
f :- fine(1).
one(N) :- pairs(a, N).
all(X, N) :- pairs(X, N).
query(t(_)). query(b(_)). query(m(_, _)). query(f). query(one(_)). query(all(b, _)).
"""


def test_a_rule_file_runs_no_python_by_itself(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    files = {
        "main.pl": ":- use_module('code.py').\nquery(a).\na.",
        "code.py": f"open({str(marker)!r}, 'w').close()",
    }
    error = refused(folder(tmp_path, files))
    assert place(error) == ("python-not-allowed", "main.pl", 1, 15)
    assert not marker.exists()
    assert answers(tmp_path / "main.pl", allow_python=True) == {"a": 1.0}
    assert marker.exists()


def test_functions_of_a_file(tmp_path: Path) -> None:
    files = {"main.pl": ":- use_module(code).\nq(Y) :- double(4, Y).\nquery(q(_)).", "code.py": OURS}
    assert answers(folder(tmp_path, files), allow_python=True) == {"q(8)": 1.0}


def test_functions_that_a_file_imports_are_not_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder(tmp_path, {"elsewhere_for_this_test.py": OURS})
    monkeypatch.syspath_prepend(tmp_path)
    text = ":- use_module('rules/code.py').\n:- dynamic double/2.\nq(Y) :- double(4, Y).\nquery(q(_))."
    files = {"main.pl": text, "rules/code.py": "from elsewhere_for_this_test import double"}
    assert answers(folder(tmp_path, files), allow_python=True) == {}


@pytest.mark.parametrize("installed", [True, False])
def test_files_for_problog_run_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: bool
) -> None:
    if not installed:
        monkeypatch.setitem(sys.modules, "problog", None)
        monkeypatch.setitem(sys.modules, "problog.extern", None)
    path = folder(tmp_path, {"main.pl": RULES, "functions.py": PROBLOG})
    assert set(answers(path, allow_python=True)) == {
        "t(3)", "b(0)", "b(1)", "b(2)", "m('ABC',3)", "f", "one(1)", "one(2)", "all(b,3)"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("def broken(:", "SyntaxError"),
        ("1 / 0", "ZeroDivisionError"),
        ("import no_such_module_anywhere", "ModuleNotFoundError"),
        ("from problog.extern import problog_export_class", "ImportError"),
    ],
)
def test_a_file_that_fails_says_why(tmp_path: Path, code: str, message: str) -> None:
    files = {"main.pl": ":- use_module('code.py').\nquery(a).\na.", "code.py": code}
    error = refused(folder(tmp_path, files), allow_python=True)
    assert place(error) == ("python-file", "main.pl", 1, 15)
    assert message in error.message


def test_a_malformed_predicate_of_a_file_is_shown(tmp_path: Path) -> None:
    files = {"main.pl": ":- use_module('code.py').", "code.py": 'import nesy\nnesy.foreign("int")'}
    assert place(refused(folder(tmp_path, files), allow_python=True)) == (
        "malformed-foreign",
        "main.pl",
        1,
        15,
    )


def test_python_outside_the_folder_needs_both_permissions(tmp_path: Path) -> None:
    files = {
        "in/main.pl": ":- use_module('../code.py').\nq(Y) :- double(4, Y).\nquery(q(_)).",
        "code.py": OURS,
    }
    path = folder(tmp_path, files)
    assert refused(path, allow_python=True).code == "file-outside-folder"
    assert refused(path, allow_files=[tmp_path]).code == "python-not-allowed"
    assert answers(path, allow_python=True, allow_files=[tmp_path]) == {"q(8)": 1.0}
