"""The page of errors: each example gives its code, and every code of the rule language stands there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import nesy
from tests.unit.pages import ROOT, page

PAGE = page("errors")
EXAMPLES = re.findall(r"^### `(\S+)`\n\n[^\n]+\n\n```(\w+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
HEADINGS = re.findall(r"^### `(\S+)`$", PAGE, re.MULTILINE)

RAISING = {"Diagnostic", "Malformed", "LanguageError", "GroundingError", "SemanticsError", "_warning"}
CODE = re.compile(r"[a-z]+(-[a-z]+)+")


def code_of(text: str) -> set[str]:
    """The codes of everything found in a text; where nothing is wrong with it, that of running it."""
    found = nesy.check(text)
    codes = {f.code for f in found}
    if any(f.severity == "error" for f in found):
        return codes
    try:
        nesy.solve(nesy.parse(text))
    except nesy.NesyError as error:
        codes.add(error.code)
    return codes


def codes_in(folder: Path) -> Iterator[str]:
    """The codes that the files of a folder raise, wherever they are written out as first arguments."""
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                code = getattr(node.args[0], "value", None)
                if name in RAISING and isinstance(code, str) and CODE.fullmatch(code):
                    yield code


def code_of_call(text: str) -> str | None:
    try:
        exec(text, {"nesy": nesy})
    except nesy.NesyError as error:
        return error.code
    return None


PROGRAMS = [(code, text) for code, language, text in EXAMPLES if language == "prolog"]
CALLS = [(code, text) for code, language, text in EXAMPLES if language == "python"]


@pytest.mark.parametrize(("code", "text"), PROGRAMS, ids=[c for c, _ in PROGRAMS])
def test_each_program_gives_its_code(code: str, text: str) -> None:
    assert code in code_of(text)


@pytest.mark.parametrize(("code", "text"), CALLS, ids=[c for c, _ in CALLS])
def test_each_call_gives_its_code(
    code: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert code_of_call(text) == code


def test_each_code_stands_once_and_has_an_example() -> None:
    assert [code for code, _, _ in EXAMPLES] == HEADINGS
    assert len(set(HEADINGS)) == len(HEADINGS)
    assert len(PROGRAMS) > 50
    assert len(CALLS) > 20


def test_codes_of_the_checks_are_all_there() -> None:
    found = set(codes_in(ROOT / "nesy" / "language" / "checks"))
    assert len(found) > 15
    assert found <= set(HEADINGS)
