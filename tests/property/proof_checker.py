r"""Checks a written proof line by line against the ground clauses of a program. Imports nothing of nesy.

A line `h :- a, \+b.` has to be a ground clause, and each goal of it what a line below it says. Where `\+x`
stands, each clause that could give x has to be refuted by a line below.
"""

from __future__ import annotations

import re
from typing import Any

from tests.oracles.enumeration import enumerate_worlds, perfect_models, stratify
from tests.oracles.instances import Instance, instantiate
from tests.oracles.program import Literal, Program

NOT = "\\+"


def check_proof(program: Program, claim: str, proof: Any) -> None:
    """proof: has steps and roots, facts and suppositions, as explanations do."""
    clauses = _usable(program)
    taken = {plain(f.name) for f in (*proof.facts, *proof.supposed)}
    steps = proof.steps
    assert concluded(steps[proof.roots[0]]) == claim
    for step in steps:
        below = [steps[n] for n in step.below]
        if step.text.endswith("."):
            _check_rule(step, below, clauses, taken)
        elif step.kind == "negation" or (step.kind == "observation" and step.text.startswith(NOT)):
            _check_negation(step, below, clauses)
        elif step.kind == "choice":
            assert plain(step.text) in taken, (step.text, taken)
    _check_order(steps)


def _usable(program: Program) -> list[tuple[str, Instance, int]]:
    """Heads with their clauses, but for those that certain atoms or impossible choices rule out."""
    ground = instantiate(program)
    worlds = enumerate_worlds(ground)
    holds = perfect_models(ground, stratify(ground), worlds)
    possible = sum(1 << i for i, weight in enumerate(worlds.weights) if weight)
    return [
        (str(head), clause, place)
        for clause in ground.clauses
        for place, head in enumerate(clause.heads)
        if clause.probabilities is None or clause.probabilities[place] > 0
        if not any(_is_never(x, holds.get(x.atom, 0) & possible, possible) for x in clause.body)
    ]


def _is_never(literal: Literal, holds: int, possible: int) -> bool:
    return holds == 0 if literal.positive else holds == possible


def plain(name: str) -> str:
    """A name without the number that tells choices of one name apart."""
    return re.sub(r"#\d+", "", name)


def concluded(step: Any) -> str:
    """What a line says: the head of a clause, or itself."""
    return _parsed(step.text)[0] if step.text.endswith(".") else step.text


def _parsed(text: str) -> tuple[str, list[str]]:
    head, _, body = text.removesuffix(".").partition(" :- ")
    return head.rpartition("::")[2], body.split(", ") if body else []


def _check_rule(
    step: Any, below: list[Any], clauses: list[tuple[str, Instance, int]], taken: set[str]
) -> None:
    head, body = _parsed(step.text)
    found = [c for h, c, _ in clauses if h == head and [str(x) for x in c.body] == body]
    assert found, step.text
    shown = [concluded(b) for b in below]
    assert sorted(set(shown)) == sorted(set(body)), (step.text, shown)
    if "::" in step.text:
        assert any(c.probabilities is not None for c in found)
        # A choice of a single value of positive probability is asked of nobody.
        certain = any(
            sum(p > 0 for p in c.probabilities or ()) == sum(c.probabilities or ()) == 1 for c in found
        )
        assert head in taken or certain, (step.text, taken)


def _check_negation(step: Any, below: list[Any], clauses: list[tuple[str, Instance, int]]) -> None:
    denied = step.text.removeprefix(NOT)
    for head, clause, _ in clauses:
        if head == denied:
            assert any(_refutes(b, clause, head) for b in below), (step.text, clause, [b.text for b in below])


def _refutes(step: Any, clause: Instance, head: str) -> bool:
    said = concluded(step)
    if any(said == (str(x.atom) if not x.positive else NOT + str(x.atom)) for x in clause.body):
        return True
    if clause.probabilities is None:
        return False
    heads = [str(h) for h in clause.heads]
    values = said.split(" or ")
    others = all(v in heads or v.startswith("none of ") for v in values)
    return said == NOT + head or (others and head not in values)


def _check_order(steps: Any) -> None:
    """No atom is shown by itself: what holds can be found from the facts up."""
    found: set[int] = {n for n, s in enumerate(steps) if not s.text.endswith(".")}
    while True:
        more = {n for n, s in enumerate(steps) if all(b in found for b in s.below)} - found
        if not more:
            break
        found |= more
    assert len(found) == len(steps)
