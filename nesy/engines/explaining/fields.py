"""An explanation as machines read it: nothing but dictionaries, lists, texts and numbers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from nesy.engines.explaining.explanation import ProbabilityExplanation
from nesy.engines.explaining.influences import Influence
from nesy.engines.explaining.parts import Fact, ProbableProof
from nesy.engines.explaining.steps import Step

Fields = dict[str, Any]


def fields(explanation: ProbabilityExplanation) -> Fields:
    """All of an explanation. Cost: O(its size)."""
    return {
        "atom": explanation.atom,
        "probability": explanation.probability,
        "given": list(explanation.given),
        "contrary": explanation.contrary,
        "exhaustive": explanation.exhaustive,
        "optimal": explanation.optimal,
        "proofs": [_proof(p) for p in explanation.proofs],
        "influences": [_influence(i) for i in explanation.influences],
        "observations": [{"name": o.name, "without": o.without} for o in explanation.observations],
        "changes": [asdict(c) for c in explanation.changes],
    }


def _proof(proof: ProbableProof) -> Fields:
    return {
        "probability": proof.probability,
        "facts": [_fact(f) for f in proof.facts],
        "supposed": [_fact(f) for f in proof.supposed],
        "roots": list(proof.roots),
        "steps": [_step(s) for s in proof.steps],
        "conditions_left_out": proof.conditions_left_out,
    }


def _fact(fact: Fact) -> Fields:
    return {"name": fact.name, "probability": fact.probability, "posterior": fact.posterior}


def _step(step: Step) -> Fields:
    return {
        "kind": step.kind,
        "text": step.text,
        "file": None if step.span is None else step.span.source.name,
        "line": None if step.span is None else step.span.line,
        "probability": step.probability,
        "below": list(step.below),
    }


def _influence(influence: Influence) -> Fields:
    return {
        "name": influence.name,
        "probability": influence.probability,
        "posterior": influence.posterior,
        "derivative": influence.derivative,
        "if_true": influence.if_true,
        "if_false": influence.if_false,
        "flips_at": influence.flips_at,
    }
