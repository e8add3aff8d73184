"""One text, from reading to answers, within a time: how it ended."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from typing import Literal

import nesy
from nesy.language.printer import program_text
from tests.time_limit import LateError, limited

BUDGET = nesy.Budget(nodes=100_000, seconds=0.5)
"""Of a program whose grounding is infinite: past it, grounding ends in an error."""

Kind = Literal["answer", "error", "late", "crash"]


@dataclass(frozen=True)
class Ending:
    """detail: the error's code, where the time ran out, or the traceback of a crash."""

    kind: Kind
    detail: str = ""


def ended(text: str, seconds: float) -> Ending:
    """What became of a text. Everything a user would see is also rendered."""
    try:
        with limited(seconds):
            return _run(text)
    except LateError:
        return Ending("late", traceback.format_exc())
    except Exception:
        return Ending("crash", traceback.format_exc())


def _run(text: str) -> Ending:
    findings = nesy.check(text)
    for finding in findings:
        finding.render().encode()
    errors = [f.code for f in findings if f.severity == "error"]
    try:
        program = nesy.parse(text)
    except nesy.NesyError as error:
        str(error).encode()
        return _same(error.code, errors)
    assert not errors, f"check says {errors}, parse says nothing"
    assert nesy.parse(program_text(program)).statements == program.statements, "printing changed the program"
    try:
        solution = nesy.solve(program, budget=BUDGET)
    except nesy.NesyError as error:
        str(error).encode()
        return Ending("error", error.code)
    assert all(0 <= answer.probability <= 1 for answer in solution.values()), repr(solution)
    return Ending("answer")


def _same(code: str, errors: list[str]) -> Ending:
    assert code in errors, f"parse says {code}, check says {errors}"
    return Ending("error", code)
