"""nesy's figures for one work: grounding, compilation and evaluation, each on its own."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import TypeVar

import numpy as np

import nesy
from benchmarks.compile.isolated import Figures
from benchmarks.compile.programs import Clauses, addition
from nesy.circuit.circuit import Circuit
from nesy.compile.relations import compile_joint, compile_values
from nesy.grounding import Template, ground
from nesy.kernels.dispatch import evaluate
from nesy.logic.program import GroundProgram

LOADING = 120.0
"""Seconds beyond the limit of a work for loading compiled code, or making it the first time."""

LONG = 5.0
"""Seconds after which a measurement is not repeated."""

R = TypeVar("R")

COUNT = "weighted count"
"""The name of the answer where nothing but a condition is given."""


def measure(work: str | Clauses, repeat: int, template: tuple[str, str] | None = None) -> Figures:
    """Figures: seconds (from ground program to circuit), ground_seconds, evaluate_seconds, sizes and answers.

    Each the best of some runs; compiled code is loaded before.
    template: a query and its output; then the joint relation is compiled, and the answers are the
    marginals of all outputs, from one pass forward and one backward.
    """
    _load()
    if template is not None:
        return _joint(str(work), repeat, template)
    program, grounding = _grounded(work, repeat)
    circuit, seconds = _best(repeat, lambda: compile_values(program))
    beliefs = _beliefs(program)
    evaluate(circuit, beliefs)
    values, evaluating = _best(repeat, lambda: evaluate(circuit, beliefs))
    answers = _answers(program, np.asarray(values)[:, 0])
    return _figures(circuit, answers, seconds=seconds, ground_seconds=grounding, evaluate_seconds=evaluating)


def _joint(work: str, repeat: int, template: tuple[str, str]) -> Figures:
    import torch  # noqa: PLC0415 - seconds to load, and other works do without

    parsed = nesy.parse(work)
    program, grounding = _best(repeat, lambda: ground(parsed, Template.parse(*template)))
    circuit, seconds = _best(repeat, lambda: compile_joint(program, unobserved=False))
    beliefs = _beliefs(program)
    indicators = np.zeros((circuit.width - len(beliefs), 1))

    def marginals() -> list[float]:
        inputs = torch.tensor(np.concatenate([beliefs, indicators]), requires_grad=True)
        evaluate(circuit, inputs)[0].sum().backward()
        gradient = inputs.grad
        assert gradient is not None, "the relation depends on no input"
        found: list[float] = gradient[len(beliefs) :, 0].tolist()
        return found

    marginals()
    found, evaluating = _best(repeat, marginals)
    names = [f"{o.name[:-1]},{value})" for o in program.outputs for value in o.domain]
    answers = dict(zip(names, found, strict=True))
    return _figures(circuit, answers, seconds=seconds, ground_seconds=grounding, evaluate_seconds=evaluating)


def _figures(circuit: Circuit, answers: Mapping[str, float], **seconds: float) -> Figures:
    return {**seconds, "nodes": circuit.size, "edges": circuit.edges, "answers": answers}


@cache
def _load() -> None:
    """Load compiled code, and compile it where this is the first time on this computer."""
    program = ground(nesy.parse(addition(40)))
    circuit: Circuit = compile_values(program)
    evaluate(circuit, _beliefs(program))


def _grounded(work: str | Clauses, repeat: int) -> tuple[GroundProgram, float]:
    if isinstance(work, Clauses):
        return work.program(), 0.0
    parsed = nesy.parse(work)
    return _best(repeat, lambda: ground(parsed))


def _best(times: int, work: Callable[[], R]) -> tuple[R, float]:
    """A result, and the least of several measurements, fewer where they are long."""
    found: list[float] = []
    while len(found) < times and sum(found) <= LONG:
        gc.collect()
        start = time.perf_counter()
        result = work()
        found.append(time.perf_counter() - start)
    return result, min(found)


def _beliefs(program: GroundProgram) -> np.ndarray:
    priors = [p for s in program.symbols for p in s.prior or ()]
    with np.errstate(divide="ignore"):
        return np.log(np.array(priors, np.float64)).reshape(-1, 1)


def _answers(program: GroundProgram, roots: np.ndarray) -> dict[str, float]:
    """Of each query its probability given the condition; the condition's own where there is no query."""
    if not program.outputs:
        return {COUNT: float(np.exp(roots[-1]))}
    holds = np.exp(roots[1:-1:2] - roots[-1])
    return {o.name: float(p) for o, p in zip(program.outputs, holds, strict=True)}
