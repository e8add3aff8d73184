"""Goals that count, add up and compare, on random programs, against enumeration of all worlds.

The environment variable NESY_COUNTING_PROGRAMS says how many programs there are; 2000 is a run of a minute.
"""

from __future__ import annotations

import os
from collections import Counter
from itertools import product
from random import Random

import numpy as np
import pytest

import nesy
from nesy.grounding import ground
from nesy.kernels.worlds.evaluator import WorldEvaluator
from nesy.logic.graph import Kind
from tests.oracles.counting import RULES, Facts, Goal, expected, program, random_facts, random_goal
from tests.oracles.problog_answers import Answers, problog

PROGRAMS = int(os.environ.get("NESY_COUNTING_PROGRAMS", "60"))
TOLERANCE = 1e-9


def found(text: str) -> dict[str, float]:
    return {str(q): a.probability for q, a in nesy.solve(nesy.parse(text)).items() if a.probability > 1e-12}


def drawn(seed: int) -> tuple[Facts, Goal, Goal]:
    """Facts, a goal, and one that may be a constraint."""
    rng = Random(seed)
    facts, goal = random_facts(rng), random_goal(rng)
    other = random_goal(rng)
    while other.number is not None:
        other = random_goal(rng)
    return facts, goal, other


@pytest.mark.parametrize("part", range(10))
def test_goals_hold_as_enumeration_says(part: int) -> None:
    for seed in range(part, PROGRAMS, 10):
        facts, goal, _ = drawn(seed)
        for negated in (False, True) if goal.number is None else (False,):
            text = program(facts, goal, negated=negated)
            answers = {q: float(p) for q, p in expected(facts, goal, negated=negated).items()}
            assert found(text) == pytest.approx(answers, abs=TOLERANCE), text


@pytest.mark.parametrize("part", range(5))
def test_constraints_leave_the_worlds_that_enumeration_leaves(part: int) -> None:
    for seed in range(part, PROGRAMS, 5):
        facts, goal, other = drawn(seed)
        forbidden = Random(seed).random() < 0.5
        text = program(facts, goal, constraint=other.text if forbidden else f"\\+ {other.text}")
        possible = [world for _, world in facts.worlds() if other.holds(world) != forbidden]
        if not possible:
            with pytest.raises(nesy.NesyError) as caught:
                found(text)
            assert caught.value.code == "inconsistent-evidence"
            continue
        answers = expected(facts, goal, allowed=lambda w, o=other, f=forbidden: o.holds(w) != f)
        assert found(text) == pytest.approx({q: float(p) for q, p in answers.items()}, abs=TOLERANCE), text


def test_what_is_noted_of_nodes_is_true() -> None:
    """The counts beside a graph say what its nodes say, in every world."""
    noted = 0
    for seed in range(PROGRAMS // 2):
        facts, goal, other = drawn(seed)
        made = ground(nesy.parse(program(facts, goal, constraint=other.text)))
        noted += len(made.graph.counts)
        sizes = [len(s.values) for s in made.symbols]
        for node, count in made.graph.counts.items():
            assert made.graph.kinds[node] in (Kind.AND, Kind.OR)
            literals = [node, *(x for _, x in count.terms)]
            truths = WorldEvaluator(made.graph, literals).evaluate(_worlds(sizes))
            sums = sum(w * truths[i + 1].astype(int) for i, (w, _) in enumerate(count.terms))
            low = sums >= count.low if count.low is not None else True
            high = sums <= count.high if count.high is not None else True
            assert ((low & high) == truths[0]).all(), (seed, node)
    assert noted > PROGRAMS / 4


def _worlds(sizes: list[int]) -> np.ndarray:
    return np.array(list(product(*map(range, sizes))))


SPELLED_OUT = [
    (
        "q :- exactly(2, [a(1), a(2), d(1), d(2)]).",
        "g(1) :- a(1). g(2) :- a(2). g(3) :- d(1). g(4) :- d(2).\n"
        "n(0,0). n(I,N) :- between(1,4,I), J is I-1, n(J,M), g(I), N is M+1.\n"
        "n(I,N) :- between(1,4,I), J is I-1, n(J,N), \\+ g(I).\nq :- n(4,2).",
    ),
    ("q :- all_different([v(1), v(2)]).", "same :- v(1,X), v(2,X). q :- \\+ same."),
    (
        "q :- sum_at_most([v(1), 2*v(2), w(3)], 4).",
        "q :- v(1,A), v(2,B), w(3,C), A + 2*B + C =< 4.",
    ),
    (
        "q :- \\+ at_most(1, [v(1,1), v(2,2), a(1)]).",
        "q :- v(1,1), v(2,2). q :- v(1,1), a(1). q :- v(2,2), a(1).",
    ),
]


@pytest.mark.parametrize(("short", "long"), SPELLED_OUT)
def test_problog_agrees_where_the_same_is_spelled_out(short: str, long: str) -> None:
    pytest.importorskip("problog")
    facts = "0.2::v(1,1); 0.3::v(1,2); 0.5::v(1,3).\n0.4::v(2,1); 0.6::v(2,2).\n0.5::v(3,-1); 0.5::v(3,2).\n"
    facts += f"0.3::a(1).\n0.6::a(2).\n{RULES}"
    theirs = problog(f"{facts}{long}\nquery(q).\n")
    assert isinstance(theirs, Answers)
    assert found(f"{facts}{short}\nquery(q).\n") == pytest.approx(theirs.probabilities, abs=TOLERANCE)


def test_the_programs_have_what_makes_counting_hard() -> None:
    seen: Counter[str] = Counter()
    for seed in range(PROGRAMS):
        facts, goal, _ = drawn(seed)
        answers = expected(facts, goal)
        seen["uncertain"] += any(0 < p < 1 for p in answers.values())
        seen["numbers"] += len(answers) > 2
        seen["negated items"] += "\\+" in goal.text
        seen["rules"] += "w(" in goal.text or "d(" in goal.text
        seen[goal.text.partition("(")[0]] += 1
    assert len(seen) == 11
    assert min(seen.values()) > PROGRAMS / 50, seen


def test_a_wrong_answer_is_noticed() -> None:
    facts = random_facts(Random(0))
    goal = Goal("exactly(1, [a(1), a(2)])", lambda _: True)
    answers = {q: float(p) for q, p in expected(facts, goal).items()}
    assert found(program(facts, goal)) != pytest.approx(answers, abs=TOLERANCE)
