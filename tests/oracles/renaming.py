"""The same program under other names and in another order: nothing that should change an answer."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.oracles.program import Argument, Atom, Clause, Constraint, Literal, Program, Var


def shuffled(rng: Random, program: Program) -> Program:
    """Clauses, alternatives, evidence and constraints in another order; positive literals come first."""
    return Program(
        tuple(
            Clause(tuple(_mixed(rng, c.heads)), _mixed_body(rng, c.body))
            for c in _mixed(rng, program.clauses)
        ),
        tuple(_mixed(rng, program.queries)),
        tuple(_mixed(rng, program.evidence)),
        tuple(Constraint(_mixed_body(rng, k.body)) for k in _mixed(rng, program.constraints)),
    )


def renamed(rng: Random, program: Program) -> Program:
    """Predicates and named constants under random new names; queries keep their order."""
    names: dict[str, str] = {}

    def name(old: str) -> str:
        return names.setdefault(old, f"{rng.choice('abcxyz')}{rng.randrange(10**6)}_{len(names)}")

    def argument(old: Argument) -> Argument:
        return name(f"constant {old}") if isinstance(old, str) else old

    def variable(old: Argument) -> Argument:
        return Var(f"V{old.name}x") if isinstance(old, Var) else argument(old)

    def atom(old: Atom) -> Atom:
        return Atom(name(old.predicate), tuple(variable(a) for a in old.args))

    def body(old: tuple[Literal, ...]) -> tuple[Literal, ...]:
        return tuple(replace(x, atom=atom(x.atom)) for x in old)

    return Program(
        tuple(
            Clause(tuple(replace(h, atom=atom(h.atom)) for h in c.heads), body(c.body))
            for c in program.clauses
        ),
        tuple(atom(q) for q in program.queries),
        body(program.evidence),
        tuple(Constraint(body(k.body)) for k in program.constraints),
    )


def _mixed(rng: Random, items: tuple) -> list:  # type: ignore[type-arg]
    return rng.sample(items, len(items))


def _mixed_body(rng: Random, body: tuple[Literal, ...]) -> tuple[Literal, ...]:
    return tuple(sorted(_mixed(rng, body), key=lambda x: not x.positive))
