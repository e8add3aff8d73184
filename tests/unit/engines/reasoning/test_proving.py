"""Proofs, checked by unit propagation."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

import nesy
from nesy.engines.reasoning import Proof
from tests.unit.engines.reasoning.rup import read_dimacs, refutes

PIGEONS = """
{choices} :- pigeon(P).
{pigeons}
:- sits(P, H), sits(Q, H), P < Q.
"""


def pigeons(count: int) -> str:
    """More pigeons than holes: what unit propagation alone does not refute."""
    holes = count - 1
    choices = "; ".join(f"1/{holes}::sits(P, {h})" for h in range(holes))
    return PIGEONS.format(choices=choices, pigeons=" ".join(f"pigeon({p})." for p in range(count)))


def checked(proof: Proof | None) -> int:
    """How many steps a proof has, once it is checked."""
    assert proof is not None
    _, clauses = read_dimacs(proof.clauses)
    assert refutes(clauses, list(proof.steps))
    return len(proof.steps)


def test_a_contradiction_is_proved() -> None:
    assert checked(nesy.prove(nesy.parse(pigeons(4)))) > 1
    assert checked(nesy.prove(nesy.parse("0.5::a. b :- a. evidence(a). evidence(b, false)."))) >= 1


def test_a_consequence_is_proved() -> None:
    rules = nesy.parse("0.5::a; 0.5::b. c :- a. c :- b.")
    checked(nesy.prove(rules, "c"))
    checked(nesy.prove(rules, "\\+a", given={"b": True}))
    assert nesy.prove(rules, "a") is None
    assert nesy.prove(rules) is None


def test_values_of_no_probability_are_part_of_the_clauses() -> None:
    rules = nesy.parse("0.0::a; 0.4::b; 0.6::c. d :- b. d :- c.")
    checked(nesy.prove(rules, "d"))


def test_a_wrong_proof_is_noticed() -> None:
    proof = nesy.prove(nesy.parse(pigeons(4)))
    assert proof is not None
    _, clauses = read_dimacs(proof.clauses)
    assert not refutes(clauses, ["0"])
    assert not refutes(clauses, list(proof.steps)[:-1])


@pytest.mark.parametrize("seed", range(30))
def test_random_clauses(seed: int) -> None:
    """Clauses over ten facts, as many as make half of them contradictory."""
    rng = Random(seed)
    facts = "".join(f"0.5::x{i}.\n" for i in range(10))
    signs = ("", "\\+")
    bodies = (", ".join(f"{rng.choice(signs)}x{i}" for i in rng.sample(range(10), 3)) for _ in range(46))
    rules = nesy.parse(facts + "".join(f":- {body}.\n" for body in bodies))
    proof = nesy.prove(rules)
    assert (proof is None) == bool(nesy.satisfiable(rules))
    if proof is not None:
        checked(proof)


def test_files(tmp_path: Path) -> None:
    proof = nesy.prove(nesy.parse(pigeons(3)))
    assert proof is not None
    proof.write(tmp_path / "p.drup")
    _, clauses = read_dimacs((tmp_path / "p.drup.cnf").read_text())
    assert refutes(clauses, (tmp_path / "p.drup").read_text().splitlines())
    assert "sits(0,0)" in (tmp_path / "p.drup.cnf").read_text()
    with pytest.raises(nesy.NesyError, match="file-not-writable"):
        proof.write(tmp_path / "nowhere" / "p.drup")
