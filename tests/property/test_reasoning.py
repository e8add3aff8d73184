"""Reasoning against looking at every world, and at every way to leave out statements.

The environment variable NESY_REASON_PROGRAMS says how many programs are taken; 1000 is a run of minutes,
the default one of seconds.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from random import Random

import pytest

import nesy
from nesy.errors import SemanticsError
from nesy.grounding import ground
from nesy.language.syntax import Program as SyntaxProgram
from tests.oracles.enumeration import NotStratifiedError
from tests.oracles.generator import random_program
from tests.oracles.ground import Assignments
from tests.oracles.program import Literal, Program, text
from tests.oracles.reasoning import Parts, parts, possible
from tests.property.small_programs import small_program, without_evidence

PROGRAMS = int(os.environ.get("NESY_REASON_PROGRAMS", "40"))


@cache
def numbered(seed: int) -> Program:
    return random_program(Random(f"reason {seed}"))


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_worlds(seed: int) -> None:
    """Models projected on the queries, whether there are any, and what follows from all."""
    program = numbered(seed)
    rules = nesy.parse(text(program))
    try:
        worlds = possible(program)
    except NotStratifiedError:
        with pytest.raises(SemanticsError, match="negative-cycle"):
            list(nesy.models(rules))
        return
    expected = worlds.truths(program.queries)
    asked = [str(q) for q in program.queries]
    found = [tuple(m[a] for a in asked) for m in nesy.models(rules, project=asked)]
    assert len(found) == len(set(found))
    assert set(found) == expected
    assert bool(nesy.satisfiable(rules)) == bool(expected)
    assert nesy.count(rules, project=asked).value == len(expected)
    check_choices(rules)
    for place, atom in enumerate(asked):
        if expected:
            assert nesy.entails(rules, atom) == all(t[place] for t in expected)
            assert nesy.entails(rules, f"\\+{atom}") == (not any(t[place] for t in expected))
        else:
            with pytest.raises(SemanticsError, match="inconsistent-evidence"):
                nesy.entails(rules, atom)


def check_choices(rules: SyntaxProgram) -> None:
    """Without a projection every combination of choices is listed, with the truths it leads to."""
    grounded = ground(rules)
    every = Assignments(grounded)
    expected: Counter[object] = Counter()
    for place, values in enumerate(every.values.tolist()):
        priors = [s.prior[v] for s, v in zip(grounded.symbols, values, strict=True)]
        if every.accepted[place] and min(priors, default=1) > 0:
            chosen = tuple(s.values[v] for s, v in zip(grounded.symbols, values, strict=True))
            # Alternatives of one name are told apart by their number only.
            expected[chosen, tuple(bool(t[1][place]) for t in every.truths)] += 1
    found = Counter((tuple(m.choices.values()), tuple(m.values())) for m in nesy.models(rules))
    assert found == expected
    assert nesy.count(rules).value == expected.total()


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_optimum(seed: int) -> None:
    program = numbered(seed)
    try:
        truths = possible(program).truths(program.queries)
    except NotStratifiedError:
        return
    rng = Random(seed)
    weights = {str(q): rng.choice([-3, -1, 0, 1, 2, 0.5, -0.1]) for q in program.queries}
    rules = nesy.parse(text(program))
    if not truths:
        with pytest.raises(SemanticsError, match="inconsistent-evidence"):
            nesy.optimize(rules, minimise=weights)
        return
    exact = [Fraction(str(weights[str(q)])) for q in program.queries]
    values = [sum(w for w, holds in zip(exact, t, strict=True) if holds) for t in truths]
    assert nesy.optimize(rules, minimise=weights).value == float(min(values))
    best = nesy.optimize(rules, maximise=weights)
    assert best.value == float(max(values))
    assert tuple(best.world[str(q)] for q in program.queries) in truths


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_explanations(seed: int) -> None:
    """What is named forces the answer, none of it can be spared, and the smallest is."""
    program = small_program(Random(f"explain {seed}"))
    every = parts(program)
    rules, given = without_evidence(program)
    rules = nesy.parse(text(rules))
    atom = program.queries[0]
    all_parts = range(every.count)
    impossible = every.force(all_parts, None)
    forced = [x for x in (Literal(atom), Literal(atom, False)) if every.force(all_parts, x)]
    for smallest in (False, True):
        found = nesy.explain(rules, str(atom), given=given, smallest=smallest)
        if not forced:
            assert found is None
            continue
        assert found is not None
        claim = None if impossible else forced[0]
        assert found.conclusion == (None if claim is None else str(claim))
        assert_minimal(every, places(program, found.parts), claim, smallest=smallest)
    conflict = nesy.explain(rules, given=given)
    assert (conflict is None) == (not impossible)


def assert_minimal(every: Parts, named: list[int], claim: Literal | None, *, smallest: bool) -> None:
    assert every.force(named, claim)
    for spared in named:
        assert not every.force([p for p in named if p != spared], claim)
    if smallest and named:
        assert not any(every.force(subset, claim) for subset in every.subsets(len(named) - 1))


def places(program: Program, named: Sequence[nesy.Part]) -> list[int]:
    """Which statements of the text, which has one a line, some parts are."""
    first = len(program.clauses) + len(program.constraints)
    given = {str(x): first + i for i, x in enumerate(program.evidence)}
    return [given[p.text] if p.span is None else p.span.line - 1 for p in named]


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_repairs(seed: int) -> None:
    """All minimal sets without which there is a world, the smallest first."""
    program = small_program(Random(f"repair {seed}"))
    every = parts(program)
    expected: list[set[int]] = []
    for size in range(every.count + 1):
        for subset in map(set, every.subsets(size)):
            if not any(known <= subset for known in expected) and every.consistent_without(subset):
                expected.append(subset)
    rules, given = without_evidence(program)
    found = [places(program, r.parts) for r in nesy.repair(nesy.parse(text(rules)), given=given)]
    assert [len(f) for f in found] == [len(e) for e in expected]
    assert sorted(map(sorted, found)) == sorted(map(sorted, expected))


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_cores_of_random_clauses(seed: int) -> None:
    """Of some thirty constraints that contradict, ten or so that do, none of which can be spared."""
    rng = Random(f"core {seed}")
    clauses: list[dict[int, bool]] = []
    while excluded(clauses) != EVERYWHERE:
        clauses.append({fact: rng.random() < 0.5 for fact in rng.sample(range(FACTS), 3)})
    rules = "".join(f"0.5::x{i}.\n" for i in range(FACTS))
    for clause in clauses:
        rules += f":- {', '.join(f'x{i}' if holds else NOT + f'x{i}' for i, holds in clause.items())}.\n"
    found = nesy.explain(nesy.parse(rules), smallest=seed % 4 == 0)
    assert found is not None
    core = [clauses[p.span.line - 1 - FACTS] for p in found.parts if p.span is not None]
    assert len(core) == len(found.parts)
    assert excluded(core) == EVERYWHERE
    for spared in range(len(core)):
        assert excluded(core[:spared] + core[spared + 1 :]) != EVERYWHERE


FACTS = 6
EVERYWHERE = 2 ** (2**FACTS) - 1
NOT = "\\+"


def excluded(clauses: list[dict[int, bool]]) -> int:
    """The assignments, as bits, in which all that some constraint forbids holds at once."""
    found = 0
    for clause in clauses:
        here = EVERYWHERE
        for fact, holds in clause.items():
            here &= TRUE[fact] if holds else ~TRUE[fact]
        found |= here
    return found


TRUE = [sum(1 << world for world in range(2**FACTS) if world >> fact & 1) for fact in range(FACTS)]
"""The assignments in which each fact holds."""


def test_the_programs_are_worth_explaining() -> None:
    """Many of them contradict, many force an answer, and explanations are long and short."""
    seen: Counter[str] = Counter()
    for seed in range(60):
        program = small_program(Random(f"explain {seed}"))
        rules, given = without_evidence(program)
        found = nesy.explain(nesy.parse(text(rules)), str(program.queries[0]), given=given)
        seen["open" if found is None else "contradiction" if found.conclusion is None else "forced"] += 1
        seen[f"{0 if found is None else len(found.parts)} parts"] += 1
    rare = {
        name
        for name, least in {"open": 3, "contradiction": 10, "forced": 10, "3 parts": 3}.items()
        if seen[name] < least
    }
    assert not rare, seen


def test_a_set_that_is_not_minimal_is_noticed() -> None:
    """The comparison itself can fail, both ways."""
    program = next(p for s in range(100) if contradicts(p := small_program(Random(f"explain {s}"))))
    every = parts(program)
    with pytest.raises(AssertionError):
        assert_minimal(every, [], None, smallest=False)
    with pytest.raises(AssertionError):
        assert_minimal(every, list(range(every.count)), None, smallest=False)


def contradicts(program: Program) -> bool:
    every = parts(program)
    return every.force(range(every.count), None)
