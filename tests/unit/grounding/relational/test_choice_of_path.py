"""Which path a program takes when none is asked for, and what that may cost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import nesy
from nesy.grounding import ground_rules, paths
from nesy.logic.flat import FlatGraph
from tests.unit.grounding.relational.paths import agree, outcome

ROOT = Path(nesy.__file__).parents[1]


def markov_chain(steps: int) -> str:
    """A hidden chain of two states, observed at every third step."""
    seen = "".join(f"evidence(out({t}), {'true' if t % 2 else 'false'}).\n" for t in range(3, steps, 3))
    return f"""
        0.4::state(0, 0); 0.6::state(0, 1).
        0.7::move(T, 0, 0); 0.3::move(T, 0, 1).
        0.2::move(T, 1, 0); 0.8::move(T, 1, 1).
        state(T, Y) :- T > 0, S is T - 1, state(S, X), move(S, X, Y).
        0.9::shown(T). 0.1::noise(T).
        out(T) :- state(T, 1), shown(T).
        out(T) :- state(T, 0), noise(T).
        {seen}query(state({steps}, 1)).
    """


STRUCTURED = "p(0, []). p(N, [N|L]) :- N > 0, M is N - 1, p(M, L). 0.5::a. q :- a, p(300, _). query(q)."


def took(text: str) -> str:
    found = ground_rules(nesy.parse(text))
    return "relational" if isinstance(found.graph, FlatGraph) else "tabled"


def patience(monkeypatch: pytest.MonkeyPatch, frames: int) -> None:
    monkeypatch.setattr(paths, "PATIENCE", frames)
    monkeypatch.setattr(paths, "PATIENCE_LOADED", frames)


def test_a_long_recursion_is_taken_over(monkeypatch: pytest.MonkeyPatch) -> None:
    text = markov_chain(200)
    patience(monkeypatch, 10**9)
    assert took(text) == "tabled"
    patience(monkeypatch, 2_000)
    assert took(text) == "relational"
    assert agree(outcome(text, "auto"), outcome(text, "tabled"))
    answer = outcome(text, "auto")
    assert isinstance(answer, dict)
    assert 0.4 < answer["state(200,1)"] < 0.8


@pytest.mark.parametrize("frames", [1, 2, 50, 500, 901])
def test_wherever_resolution_stops_the_answers_are_the_same(
    frames: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = markov_chain(30)
    patience(monkeypatch, frames)
    assert agree(outcome(text, "auto"), outcome(text, "tabled"))


@pytest.mark.parametrize("frames", [1, 100])
def test_what_is_outside_the_fragment_is_not_interrupted(
    frames: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    patience(monkeypatch, frames)
    assert took(STRUCTURED) == "tabled"
    assert outcome(STRUCTURED, "auto") == {"q": pytest.approx(0.5)}


@pytest.mark.parametrize("frames", [1, 7, 40, 90])
def test_resolution_goes_on_where_a_value_leaves_the_fragment(
    frames: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = """
        f(0, 1). f(N, X) :- N > 0, M is N - 1, f(M, Y), X is Y * 16.
        0.5::a. q(X) :- a, f(20, X). query(q(_)).
    """
    patience(monkeypatch, frames)
    assert outcome(text, "relational") == "outside-fragment"
    assert took(text) == "tabled"
    assert outcome(text, "auto") == outcome(text, "tabled") == {f"q({16**20})": pytest.approx(0.5)}


@pytest.mark.parametrize(("steps", "loaded"), [(20, False), (2_000, True)])
def test_numba_is_loaded_for_long_resolution_only(steps: int, loaded: bool) -> None:
    code = (
        "import sys, nesy\nfrom nesy.grounding import ground_rules, paths\npaths.PATIENCE = 5000\n"
        f"ground_rules(nesy.parse('''{markov_chain(steps)}'''))\nprint('numba' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == f"{loaded}\n"


def test_planning_alone_does_not_load_numba() -> None:
    code = "import sys, nesy.grounding.relational.grounder\nprint('numba' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "False\n"
