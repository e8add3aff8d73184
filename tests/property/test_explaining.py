"""Explanations of probabilities against looking at every world, and against a checker of proofs.

The environment variable NESY_EXPLAIN_PROGRAMS says how many programs are taken; 1000 is a run of minutes,
the default one of seconds.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache
from itertools import chain, combinations, pairwise
from math import isclose
from random import Random

import numpy as np
import pytest

import nesy
from nesy.engines.explaining import ProbabilityExplanation, ProbableProof, explain_probability
from nesy.engines.reasoning.asking import Claim, asking
from nesy.errors import SemanticsError
from nesy.grounding.recorded import ground_recorded
from nesy.logic.program import GroundProgram
from tests.oracles.enumeration import InconsistentError, NotStratifiedError, probabilities
from tests.oracles.generator import random_program
from tests.oracles.ground import Assignments, Booleans
from tests.oracles.program import Program, text
from tests.property.proof_checker import check_proof

PROGRAMS = int(os.environ.get("NESY_EXPLAIN_PROGRAMS", "20"))
ALL = 10_000
CLOSE = {"rel_tol": 1e-8, "abs_tol": 1e-9}
"""Sums of up to 4,096 products in double precision."""


@cache
def numbered(seed: int) -> Program:
    program = random_program(Random(f"explain {seed}"))
    return replace(program, queries=program.queries[:1])


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_explanations(seed: int) -> None:
    program = numbered(seed)
    rules = nesy.parse(text(program))
    atom = str(program.queries[0])
    try:
        expected = probabilities(program)[atom]
    except (NotStratifiedError, InconsistentError) as error:
        code = "negative-cycle" if isinstance(error, NotStratifiedError) else "inconsistent-evidence"
        with pytest.raises(SemanticsError, match=code):
            explain_probability(rules, atom)
        return
    for claim in (atom, f"\\+{atom}"):
        found = explain_probability(rules, claim, proofs=3)
        answer = expected if claim == atom else 1 - expected
        assert isclose(found.probability, answer, **CLOSE)
        every = explain_probability(rules, claim, proofs=ALL)
        assert every.exhaustive
        assert found.proofs == every.proofs[:3]
        check_figures(Worlds(rules, claim), every)
        check_boxes(Worlds(rules, claim), every)
        check_observations(program, claim, every)
        for proof in found.proofs:
            check_proof(program, claim if not every.contrary else _negated(claim), proof)


def _negated(claim: str) -> str:
    return claim.removeprefix("\\+") if claim.startswith("\\+") else f"\\+{claim}"


class Worlds:
    """All worlds of what an explanation is about, and where the evidence and the claim hold."""

    def __init__(self, rules: nesy.language.syntax.Program, claim: str) -> None:
        said = Claim.parse(claim)
        recorded = ground_recorded(asking(rules, [said.atom], None))
        self.program: GroundProgram = recorded.rules.acyclic()
        self.every = Assignments(self.program)
        priors = [np.array(s.prior) for s in self.program.symbols]
        self.priors = priors
        self.accepted: Booleans = self.every.accepted
        self.holds: Booleans = self.every.truths[0][1 if said.holds else 0]

    def probability(self, symbol: int | None = None, prior: object = None) -> float | None:
        """P(claim | evidence), with another distribution of one symbol; None where P(evidence) is 0."""
        priors = [prior if i == symbol else p for i, p in enumerate(self.priors)]
        weights = np.ones(len(self.every.values))
        for place, p in enumerate(priors):
            weights = weights * np.asarray(p)[self.every.values[:, place]]
        total = float(weights @ self.accepted)
        return float(weights @ (self.accepted & self.holds)) / total if total > 0.0 else None

    def at(self, symbol: int, value: int, chance: float) -> float | None:
        """P(claim | evidence) were a value as probable as that, the others keeping their proportions."""
        prior = self.priors[symbol].copy()
        prior[value] = 0.0
        prior = (
            prior / prior.sum() if prior.sum() > 0.0 else (np.arange(len(prior)) != value) / (len(prior) - 1)
        )
        prior = prior * (1 - chance)
        prior[value] = chance
        return self.probability(symbol, prior)


def check_figures(worlds: Worlds, found: ProbabilityExplanation) -> None:
    """What would be otherwise, by changing the probabilities; derivatives, by differences."""
    listed = {(i.choice, i.value) for i in found.influences}
    assert len(listed) == len(found.influences)
    assert {symbol for symbol, _ in listed} == set(range(len(worlds.program.symbols)))
    for influence in found.influences:
        symbol, value, p = influence.choice, influence.value, influence.probability
        assert isclose(p, worlds.priors[symbol][value], **CLOSE)
        for chance, told in ((1.0, influence.if_true), (0.0, influence.if_false)):
            expected = worlds.at(symbol, value, chance)
            assert (told is None) == (expected is None)
            assert told is None or isclose(told, expected or 0.0, **CLOSE)
        step = 1e-5
        if step < p < 1 - step:
            after, before = worlds.at(symbol, value, p + step), worlds.at(symbol, value, p - step)
            assert after is not None
            assert before is not None
            slope = (after - before) / (2 * step)
            assert isclose(influence.derivative, slope, rel_tol=1e-3, abs_tol=1e-3 * max(1, abs(slope)))
    for change in found.changes:
        (influence,) = (i for i in found.influences if i.name == change.name and i.flips_at == change.to)
        assert isclose(worlds.at(influence.choice, influence.value, change.to) or 0.0, 0.5, **CLOSE)
    for influence in found.influences:
        ends = [p for p in (influence.if_true, influence.if_false) if p is not None]
        if len(ends) == 2 and min(ends) < 0.5 - 1e-6 and max(ends) > 0.5 + 1e-6:
            assert influence.flips_at is not None


def check_observations(program: Program, claim: str, found: ProbabilityExplanation) -> None:
    """What the answer would be without a piece of evidence, or a constraint."""
    for observation in found.observations:
        less = replace(
            program,
            evidence=tuple(x for x in program.evidence if str(x) != observation.name),
            constraints=tuple(c for c in program.constraints if str(c) != f"{observation.name}."),
        )
        # Evidence that is written twice is not left out by leaving out one of the two.
        less = program if [str(x) for x in program.evidence].count(observation.name) > 1 else less
        expected = probabilities(less)[claim.removeprefix("\\+")]
        assert isclose(observation.without, 1 - expected if claim.startswith("\\+") else expected, **CLOSE)


def check_boxes(worlds: Worlds, found: ProbabilityExplanation) -> None:
    """Proofs hold in all of their worlds, are all there, and come in order; none is inside another."""
    holds = worlds.holds if not found.contrary else ~worlds.holds
    wanted = worlds.accepted & holds
    weights = np.ones(len(worlds.every.values))
    for place, p in enumerate(worlds.priors):
        weights = weights * p[worlds.every.values[:, place]]
    total = float(weights @ worlds.accepted)
    covered = np.zeros(len(weights), dtype=bool)
    boxes = []
    for proof in found.proofs:
        box = in_box(worlds, proof) & (weights > 0.0)
        assert not (box & worlds.accepted & ~holds).any()
        assert isclose(proof.probability, float(weights @ (box & worlds.accepted)) / total, **CLOSE)
        covered |= box
        boxes.append(box)
    assert not (wanted & (weights > 0.0) & ~covered).any()
    chances = [p.probability for p in found.proofs]
    # Where the evidence were broken in such a box, the order by weight would not be that by probability.
    assert all(a >= b - 1e-12 for a, b in pairwise(chances))
    for one, other in combinations(boxes, 2):
        assert (one & ~other).any()
        assert (other & ~one).any()


def in_box(worlds: Worlds, proof: ProbableProof) -> Booleans:
    found = np.ones(len(worlds.every.values), dtype=bool)
    for fact in proof.facts:
        assert fact.choice is not None
        found &= np.isin(worlds.every.values[:, fact.choice], fact.values)
    return found


@pytest.mark.parametrize("seed", range(max(10, PROGRAMS // 4)))
def test_the_best_proofs_of_monotone_programs_are_minimal_sets_of_facts(seed: int) -> None:
    """Without negation the proofs are the minimal sets of facts that do, the most probable first."""
    rng = Random(f"monotone {seed}")
    count = rng.randint(3, 6)
    chances = [rng.randint(1, 19) / 20 for _ in range(count)]
    bodies = [rng.sample(range(count), rng.randint(1, 3)) for _ in range(rng.randint(1, 5))]
    lines = [f"{p}::f({i})." for i, p in enumerate(chances)]
    lines += [f"p({n}) :- {', '.join(f'f({i})' for i in body)}." for n, body in enumerate(bodies)]
    lines += [f"q :- p({n})." for n in range(len(bodies))]
    found = explain_probability(nesy.parse("\n".join(lines)), "q", proofs=ALL)
    sets = [set(s) for s in chain.from_iterable(combinations(range(count), n) for n in range(count + 1))]
    enough = [s for s in sets if any(s >= set(body) for body in bodies)]
    minimal = [s for s in enough if not any(other < s for other in enough)]
    expected = sorted((float(np.prod([chances[i] for i in s])) for s in minimal), reverse=True)
    assert np.allclose([p.probability for p in found.proofs], expected)
    named = [frozenset(f.name for f in p.facts) for p in found.proofs]
    assert set(named) == {frozenset(f"f({i})" for i in s) for s in minimal}
