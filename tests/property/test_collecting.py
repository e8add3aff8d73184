"""Lists and aggregates of random programs, against enumeration of all worlds."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import product
from random import Random

import pytest

import nesy
from tests.oracles.collecting import (
    COLLECTORS,
    GOALS,
    Collector,
    Goal,
    expected,
    program,
    random_facts,
)

TOLERANCE = 1e-9
ROUNDS = 3
"""How many random programs there are for each goal and way of collecting."""


def found(text: str) -> dict[str, float]:
    return {str(q): a.probability for q, a in nesy.solve(nesy.parse(text)).items() if a.probability > 0}


@pytest.mark.parametrize("seed", range(ROUNDS))
@pytest.mark.parametrize("collector", COLLECTORS, ids=lambda c: c.text.replace(" ", ""))
def test_every_goal_is_collected_as_enumeration_says(collector: Collector, seed: int) -> None:
    for goal in GOALS:
        facts = random_facts(Random(f"{goal.text}{collector.text}{seed}"))
        text = program(facts, goal, collector)
        answers = {q: float(p) for q, p in expected(facts, goal, collector).items()}
        assert found(text) == pytest.approx(answers, abs=TOLERANCE), text


def test_the_programs_have_what_makes_collecting_hard() -> None:
    seen: Counter[str] = Counter()
    for goal, seed in product(GOALS, range(ROUNDS)):
        facts = random_facts(Random(f"{goal.text}{COLLECTORS[0].text}{seed}"))
        worlds = [w for _, w in facts.worlds()]
        seen["repeated"] += any(len(goal.proofs(w)) > len(goal.solutions(w)) for w in worlds)
        seen["none"] += any(not goal.proofs(w) for w in worlds)
        seen["uncertain"] += len(worlds) > 4
        seen["alternatives"] += any(len(c) > 1 for c in facts.clauses)
    assert all(seen[what] > 3 for what in ("repeated", "none", "uncertain", "alternatives")), seen


def test_a_wrong_list_is_noticed() -> None:
    goal = Goal("e(X,Y)", lambda world: [(x, y) for x, y in reversed(world)])
    facts = random_facts(Random(1))
    answers = {q: float(p) for q, p in expected(facts, goal, COLLECTORS[0]).items()}
    assert sum(expected(facts, goal, COLLECTORS[0]).values()) == Fraction(1)
    assert found(program(facts, goal, COLLECTORS[0])) != pytest.approx(answers, abs=TOLERANCE)
