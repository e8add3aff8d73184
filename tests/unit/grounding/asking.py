"""Small ways to ask the grounder things, and ProbLog the same things."""

from __future__ import annotations

import numpy as np
import pytest

import nesy
from nesy.grounding import Template, ground
from nesy.logic.program import GroundProgram, Output
from tests.oracles.ground import Assignments


def grounded(
    rules: str, query: str | None = None, output: str | tuple[str, ...] | None = None
) -> GroundProgram:
    template = None if query is None else Template.parse(query, output)
    return ground(nesy.parse(rules), template)


def probabilities(rules: str) -> dict[str, float]:
    """Each query's probability, by enumerating the assignments of the ground program's symbols."""
    program = grounded(rules)
    priors = [p for s in program.symbols for p in s.prior or ()]
    with np.errstate(divide="ignore"):
        beliefs = np.log(np.array([priors], dtype=float))
    found = Assignments(program).marginals(beliefs)
    return {o.name: float(m[0, 1]) for o, m in zip(program.outputs, found, strict=True)}


def answers(rules: str, query: str) -> list[str]:
    """The names of the query's answers that hold in every world, sorted."""
    found = probabilities(f"{rules}\nquery({query}).")
    assert all(p == 1.0 for p in found.values())
    return sorted(found)


def refusal(
    rules: str, query: str | None = None, output: str | tuple[str, ...] | None = None
) -> nesy.NesyError:
    with pytest.raises(nesy.NesyError) as caught:
        grounded(rules, query, output)
    return caught.value


def place(error: nesy.NesyError) -> tuple[str, str | None]:
    """An error's code and the text it points at."""
    return error.code, None if error.span is None else error.span.text


def outputs(program: GroundProgram) -> dict[str, Output]:
    return {o.name: o for o in program.outputs}


def by_problog(rules: str) -> dict[str, float]:
    """ProbLog's answer, or a skipped test where it is not installed."""
    problog = pytest.importorskip("problog", reason="pip install problog to compare with it")
    strings = pytest.importorskip("problog.program")
    text = ":- use_module(library(lists)).\n" + rules
    result = problog.get_evaluatable().create_from(strings.PrologString(text)).evaluate()
    return {str(atom).replace(", ", ","): float(p) for atom, p in result.items()}
