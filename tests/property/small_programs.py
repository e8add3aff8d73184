"""Random propositional programs small enough to leave out any of their statements; many contradict."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

from tests.oracles.program import Atom, Clause, Constraint, Head, Literal, Program

HALF = Fraction(1, 2)


def small_program(rng: Random) -> Program:
    """At most 11 statements and 12 worlds; the first query is one of the derived atoms."""
    facts = [Atom(n) for n in ("f", "g")[: rng.randint(1, 2)]]
    clauses = [Clause((Head(a, HALF),)) for a in facts]
    if rng.random() < 0.4:
        alternatives = [Atom("r"), Atom("s")]
        chance = rng.choice([HALF, Fraction(1, 4)])
        clauses.append(Clause(tuple(Head(a, chance) for a in alternatives)))
        facts += alternatives
    if rng.random() < 0.4:
        facts.append(Atom("c"))
        clauses.append(Clause((Head(Atom("c")),)))
    derived = [Atom(n) for n in ("p", "q", "t")[: rng.randint(1, 3)]]
    for atom in derived:
        bodies = [_body(rng, facts, derived) for _ in range(rng.randint(1, 2))]
        clauses += [Clause((Head(atom),), body) for body in bodies]
    every = [*facts, *derived]
    constraints = [Constraint(_literals(rng, every)) for _ in range(rng.randint(0, 2))]
    evidence = [Literal(a, rng.random() < 0.6) for a in rng.sample(every, rng.randint(0, 2))]
    return Program(tuple(clauses), (rng.choice(derived), *facts), tuple(evidence), tuple(constraints))


def _body(rng: Random, facts: list[Atom], derived: list[Atom]) -> tuple[Literal, ...]:
    """Facts of either sign, and derived atoms, cycles included, that are not negated."""
    literals = []
    for _ in range(rng.randint(1, 2)):
        if rng.random() < 0.4:
            literals.append(Literal(rng.choice(derived)))
        else:
            literals.append(Literal(rng.choice(facts), rng.random() < 0.7))
    return tuple(literals)


def _literals(rng: Random, atoms: list[Atom]) -> tuple[Literal, ...]:
    return tuple(
        Literal(a, rng.random() < 0.6) for a in rng.sample(atoms, min(len(atoms), rng.randint(1, 2)))
    )


def without_evidence(program: Program) -> tuple[Program, dict[str, bool]]:
    """The program, and its evidence as a caller gives it."""
    return replace(program, evidence=()), {str(x.atom): x.positive for x in program.evidence}
