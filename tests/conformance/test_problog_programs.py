"""ProbLog programs give ProbLog's answers: those stored in each file, and those of ProbLog itself.

A program that ProbLog refuses, because it lacks the feature, names the error in a line `% problog: KIND`.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

import nesy

PROGRAMS = sorted((Path(__file__).parent / "problog").glob("*.pl"))
TOLERANCE = 1e-9
"""Stored answers have twelve digits; both systems sum float64."""

every_program = pytest.mark.parametrize("path", PROGRAMS, ids=lambda p: p.stem)
needs_problog = pytest.mark.skipif(
    importlib.util.find_spec("problog") is None, reason="the reference implementation is not installed"
)


def atom_key(atom: str) -> str:
    """An atom's text without the layout that ProbLog puts after commas in lists."""
    return re.sub(r"""('[^']*'|"[^"]*")|\s+""", lambda found: found[1] or "", atom)


def stored_answers(text: str) -> dict[str, float]:
    """The `% expect: atom = probability` lines of a program."""
    found = re.findall(r"^% expect: (.*) = (\S+)$", text, re.MULTILINE)
    return {atom_key(atom): float(probability) for atom, probability in found}


def problog_answers(text: str) -> dict[str, float]:
    from problog import get_evaluatable  # noqa: PLC0415 - an optional dependency
    from problog.program import PrologString  # noqa: PLC0415

    answers = get_evaluatable("ddnnf").create_from(PrologString(text)).evaluate()
    return {atom_key(str(atom)): float(p) for atom, p in answers.items()}


def refused_by_problog(text: str) -> str:
    """The name of the error's class."""
    from problog.errors import ProbLogError  # noqa: PLC0415
    from problog.parser import ParseError  # noqa: PLC0415

    with pytest.raises((ProbLogError, ParseError)) as refused:
        problog_answers(text)
    return type(refused.value).__name__


def exact_answers(text: str) -> dict[str, float]:
    solution = nesy.solve(nesy.parse(text), engine="exact")
    return {atom_key(str(atom)): answer.probability for atom, answer in solution.items()}


def assert_same(actual: dict[str, float], expected: dict[str, float]) -> None:
    """Every expected atom has its probability, and no other atom is possible; one left out is not."""
    assert {a: actual.get(a, 0.0) for a in expected} == pytest.approx(expected, rel=0, abs=TOLERANCE)
    others = {a: p for a, p in actual.items() if a not in expected}
    assert others == pytest.approx(dict.fromkeys(others, 0.0), rel=0, abs=TOLERANCE)


@every_program
def test_stored_answers(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    expected = stored_answers(text)
    assert expected, "a program without stored answers tests nothing"
    assert_same(exact_answers(text), expected)


@needs_problog
@every_program
@pytest.mark.filterwarnings("ignore:The use of:UserWarning")  # ProbLog advises against == and the like
def test_answers_of_problog_itself(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    refusal = re.search(r"^% problog: (\w+)$", text, re.MULTILINE)
    if refusal is not None:
        assert refused_by_problog(text) == refusal[1]
        return
    expected = problog_answers(text)
    assert stored_answers(text) == pytest.approx(expected, rel=0, abs=TOLERANCE)
    assert_same(exact_answers(text), expected)


def test_there_are_enough_programs() -> None:
    assert len(PROGRAMS) >= 30


def test_a_wrong_missing_or_extra_answer_is_noticed() -> None:
    assert_same({"a": 0.5, "b": 0.0}, {"a": 0.5})
    for wrong in [{"a": 0.5 + 1e-8}, {}, {"a": 0.5, "b": 0.1}]:
        with pytest.raises(AssertionError):
            assert_same(wrong, {"a": 0.5})
