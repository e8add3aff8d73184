"""Texts to mutate, and the numbered texts of the fuzz test."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

from tests.fuzz.mutations import mutated
from tests.fuzz.programs import random_text
from tests.oracles.generator import random_program
from tests.oracles.program import text

ROOT = Path(__file__).parents[2]


@cache
def corpus() -> tuple[str, ...]:
    """All rule files of the repository that are meant to be read, and those that are not."""
    files = [
        *sorted((ROOT / "grammar" / "corpus").glob("*/*.nesy")),
        *sorted((ROOT / "tests" / "conformance" / "problog").glob("*.pl")),
        *sorted((ROOT / "benchmarks").glob("*/rules.nesy")),
    ]
    return tuple(f.read_text(encoding="utf-8") for f in files)


def numbered(seed: int) -> str:
    """The text of a number: half are mutations, a third random programs, the rest mutations of those."""
    rng = Random(seed)
    draw = rng.random()
    if draw < 0.5:
        return mutated(rng, rng.choice(corpus()), rng.choice(corpus()))
    if draw < 0.85:
        return random_text(rng)
    base = random_text(rng) if rng.random() < 0.7 else text(random_program(rng))
    return mutated(rng, base, rng.choice(corpus()))
