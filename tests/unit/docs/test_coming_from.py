"""The pages for people who come from elsewhere: our code does what they say, ProbLog's program is its own."""

from __future__ import annotations

import re
from textwrap import dedent

import pytest
from problog import get_evaluatable
from problog.program import PrologString

import nesy
from tests.unit.pages import ROOT, page, printing

NAMES = sorted(path.stem for path in (ROOT / "docs" / "coming_from").glob("*.md"))
PEERS = ("# ProbLog\n", "# DeepProbLog\n", "# Scallop\n", "# LTN\n")
"""How code begins that is not ours."""
CHAPTERS = ["The same program", "Who does what", "What differs", "What is better here", "What is missing"]


def blocks(name: str, language: str) -> list[str]:
    pattern = re.compile(rf"^ *```{language}\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
    return [dedent(code) for code in pattern.findall(page(f"coming_from/{name}"))]


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("name", NAMES)
def test_our_code_prints_what_stands_below_it(name: str) -> None:
    found = re.findall(
        r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", page(f"coming_from/{name}"), flags=re.DOTALL
    )
    ours = [(code, shown) for code, shown in found if not code.startswith(PEERS)]
    assert len(ours) == 1
    assert len(found) == 2
    printing(ours)


@pytest.mark.parametrize("name", NAMES)
def test_each_page_says_the_same_kinds_of_things(name: str) -> None:
    assert re.findall(r"^## (.+)$", page(f"coming_from/{name}"), re.MULTILINE) == CHAPTERS


@pytest.mark.parametrize("name", NAMES)
def test_all_rules_are_read_without_an_error(name: str) -> None:
    for text in blocks(name, "prolog"):
        assert [found for found in nesy.check(text) if found.severity == "error"] == []


def answers(text: str) -> tuple[dict[str, float], dict[str, float]]:
    """What ProbLog and what nesy give."""
    theirs = get_evaluatable().create_from(PrologString(text)).evaluate()
    ours = nesy.solve(nesy.parse(text))
    return {str(atom): p for atom, p in theirs.items()}, {atom: a.probability for atom, a in ours.items()}


def test_the_program_of_problog_is_problogs() -> None:
    same, different = blocks("problog", "prolog")
    shown = dict(line.split(": ") for line in blocks("problog", "text")[0].splitlines())
    for found in answers(same):
        assert found == pytest.approx({atom: float(p) for atom, p in shown.items()})
    theirs, ours = answers(different)
    assert (theirs["a"], ours["a"]) == (pytest.approx(0.5), pytest.approx(1 / 3))


def test_reachability_is_the_same_on_the_page_about_scallop() -> None:
    (rules,) = blocks("scallop", "prolog")
    assert nesy.solve(nesy.parse(rules))["reach(a,c)"].probability == pytest.approx(0.424)
