"""Proofs of what is too hard to search: from the most probable worlds, no larger than they need be."""

from __future__ import annotations

from itertools import chain, combinations
from math import prod
from random import Random

import pytest

import nesy
from nesy.engines.explaining import best


@pytest.mark.parametrize("seed", range(8))
def test_they_are_proofs_and_ask_for_nothing_that_can_be_spared(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(best, "SMALL", -1)
    monkeypatch.setattr(best, "COMPILED_EFFORT", 1)
    rng = Random(seed)
    count = rng.randint(3, 6)
    chances = [rng.randint(1, 19) / 20 for _ in range(count)]
    bodies = [rng.sample(range(count), rng.randint(1, 3)) for _ in range(rng.randint(2, 5))]
    lines = [f"{p}::f({i})." for i, p in enumerate(chances)]
    lines += [f"p({n}) :- {', '.join(f'f({i})' for i in body)}." for n, body in enumerate(bodies)]
    lines += [f"q :- p({n})." for n in range(len(bodies))]
    found = nesy.explain_probability(nesy.parse("\n".join(lines)), "q", proofs=3)
    sets = [set(s) for s in chain.from_iterable(combinations(range(count), n) for n in range(count + 1))]
    enough = [s for s in sets if any(s >= set(body) for body in bodies)]
    minimal = {
        frozenset(f"f({i})" for i in s): prod(chances[i] for i in s)
        for s in enough
        if not any(other < s for other in enough)
    }
    told = {frozenset(f.name for f in p.facts): p.probability for p in found.proofs}
    assert told
    assert len(told) == len(found.proofs)
    assert all(told[facts] == pytest.approx(minimal[facts]) for facts in told)
    assert not found.optimal or len(told) == min(3, len(minimal))


def test_the_best_ways_through_a_grid(monkeypatch: pytest.MonkeyPatch) -> None:
    places = [(i, j) for i in range(3) for j in range(3)]
    steps = [((i, j), to) for i, j in places for to in ((i, j + 1), (i + 1, j)) if to in places]
    rules = "\n".join(f"0.{5 + sum(a) % 4}::e(p{a}, p{b})." for a, b in steps)
    rules += "\nlink(X, Y) :- e(X, Y). link(X, Y) :- e(Y, X)."
    rules += "\nway(X, Y) :- link(X, Y). way(X, Y) :- way(X, Z), link(Z, Y)."
    program = nesy.parse(rules)
    expected = nesy.explain_probability(program, "way(p(0,0), p(2,2))")
    assert expected.optimal
    monkeypatch.setattr(best, "SMALL", -1)
    monkeypatch.setattr(best, "COMPILED_EFFORT", 1)
    found = nesy.explain_probability(program, "way(p(0,0), p(2,2))")
    assert not found.optimal
    assert not found.exhaustive
    assert len(found.proofs) == 3
    assert found.proofs[0].probability == pytest.approx(expected.proofs[0].probability)
    assert "its proofs, some of them:" in str(found)
