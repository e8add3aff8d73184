"""What both paths of the grounder make of a program, in a form that can be compared."""

from __future__ import annotations

import numpy as np

import nesy
from nesy.engines.exact import Exact
from nesy.engines.solve import prior_beliefs
from nesy.grounding import ground_rules
from nesy.grounding.paths import Path

Outcome = dict[str, float] | str
"""The probability of every answer, or the code of the refusal."""


def outcome(text: str, path: Path) -> Outcome:
    """The answers to the queries of a text, grounded along one path."""
    try:
        return program_outcome(nesy.parse(text), path)
    except nesy.NesyError as error:
        return error.code


def program_outcome(program: nesy.Program, path: Path) -> Outcome:
    """The answers to a program's queries, grounded along one path."""
    try:
        grounded = ground_rules(program, None, path).acyclic()
        inference = Exact().prepare(grounded)
        marginals = inference.marginals(prior_beliefs(grounded)) if grounded.outputs else []
    except nesy.NesyError as error:
        return error.code
    return {
        output.name: float(np.exp(marginal.log_probs[0, 1]))
        for output, marginal in zip(grounded.outputs, marginals, strict=True)
    }


def agree(a: Outcome, b: Outcome) -> bool:
    """Whether two outcomes are the same: the same answers in the same order, equal but for rounding."""
    if isinstance(a, str) or isinstance(b, str):
        return a == b
    return list(a) == list(b) and all(abs(a[k] - b[k]) < 1e-12 for k in a)
