"""The oracle against answers worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from tests.oracles.enumeration import InconsistentError, NotStratifiedError, probabilities
from tests.oracles.generator import MOST_WORLDS, random_program
from tests.oracles.instances import instantiate
from tests.oracles.program import Atom, Clause, Constraint, Head, Literal, Program, Var, text
from tests.oracles.renaming import renamed, shuffled
from tests.oracles.shrinking import smallest

A, B, C = Atom("a"), Atom("b"), Atom("c")
HALF, THIRD = Fraction(1, 2), Fraction(1, 3)


def fact(atom: Atom, p: Fraction | None = None) -> Clause:
    return Clause((Head(atom, p),))


def rule(head: Atom, *body: Literal, p: Fraction | None = None) -> Clause:
    return Clause((Head(head, p),), body)


def no(atom: Atom) -> Literal:
    return Literal(atom, False)


def yes(atom: Atom) -> Literal:
    return Literal(atom)


def test_two_ways_to_hold_are_not_counted_twice() -> None:
    program = Program((fact(A, HALF), fact(B, THIRD), rule(C, yes(A)), rule(C, yes(B))), (C,))
    assert probabilities(program) == {"c": Fraction(2, 3)}


def test_alternatives_exclude_one_another() -> None:
    disjunction = Clause((Head(A, HALF), Head(B, THIRD)))
    program = Program(
        (disjunction, rule(C, no(A), no(B)), rule(Atom("d"), yes(A), yes(B))), (A, C, Atom("d"))
    )
    assert probabilities(program) == {"a": HALF, "c": Fraction(1, 6), "d": 0}


def test_evidence_conditions() -> None:
    program = Program((fact(A, HALF), fact(B, HALF), rule(C, yes(A)), rule(C, yes(B))), (A,), (yes(C),))
    assert probabilities(program) == {"a": Fraction(2, 3)}


def test_constraint_conditions_as_evidence_does() -> None:
    program = Program((fact(A, HALF), fact(B, THIRD)), (A,), (), (Constraint((yes(A), no(B))),))
    assert probabilities(program) == {"a": Fraction(1, 4)}


def test_atoms_that_only_support_each_other_are_false() -> None:
    program = Program((fact(C, THIRD), rule(A, yes(B)), rule(B, yes(A)), rule(B, yes(C))), (A,))
    assert probabilities(program) == {"a": THIRD}
    assert probabilities(replace(program, clauses=program.clauses[:3])) == {"a": 0}


def test_a_probabilistic_rule_chooses_once_per_binding_of_all_its_variables() -> None:
    x, y = Var("X"), Var("Y")
    clauses = (
        fact(Atom("e", (1, 2))),
        fact(Atom("e", (1, 3))),
        rule(Atom("h", (x,)), yes(Atom("e", (x, y))), p=HALF),
    )
    assert probabilities(Program(clauses, (Atom("h", (1,)),))) == {"h(1)": Fraction(3, 4)}


def test_reachability_on_a_triangle() -> None:
    x, y, z = Var("X"), Var("Y"), Var("Z")
    clauses = (
        *(fact(Atom("e", e), HALF) for e in [(1, 2), (2, 3), (1, 3), (3, 2)]),
        rule(Atom("p", (x, y)), yes(Atom("e", (x, y)))),
        rule(Atom("p", (x, y)), yes(Atom("p", (x, z))), yes(Atom("e", (z, y)))),
    )
    assert probabilities(Program(clauses, (Atom("p", (1, 3)),))) == {"p(1,3)": Fraction(5, 8)}


def test_negation_through_a_cycle_is_refused_only_where_it_matters() -> None:
    clauses = (fact(C, HALF), rule(A, yes(C), no(B)), rule(B, yes(A)))
    with pytest.raises(NotStratifiedError):
        probabilities(Program(clauses, (A,)))
    assert probabilities(Program(clauses, (C,))) == {"c": HALF}


def test_impossible_evidence_is_refused() -> None:
    with pytest.raises(InconsistentError):
        probabilities(Program((fact(A, HALF),), (A,), (yes(A), no(A))))


def test_text_is_rule_text() -> None:
    program = Program(
        (Clause((Head(A, THIRD), Head(B, HALF)), (yes(C), no(Atom("e", (1, Var("X")))))), fact(C)),
        (A,),
        (no(B),),
        (Constraint((yes(C),)),),
    )
    assert text(program).splitlines() == [
        "1/3::a; 0.5::b :- c, \\+e(1,X).",
        "c.",
        ":- c.",
        "evidence(b, false).",
        "query(a).",
    ]


@pytest.mark.parametrize("seed", range(40))
def test_names_and_order_do_not_matter_to_the_oracle(seed: int) -> None:
    program = random_program(Random(seed))
    assert instantiate(program).worlds <= MOST_WORLDS
    assert random_program(Random(seed)) == program
    try:
        expected = probabilities(program)
    except (InconsistentError, NotStratifiedError) as refusal:
        with pytest.raises(type(refusal)):
            probabilities(shuffled(Random(seed), program))
        return
    assert probabilities(shuffled(Random(seed), program)) == expected
    assert list(probabilities(renamed(Random(seed), program)).values()) == list(expected.values())


def test_shrinking_keeps_only_what_makes_a_program_fail() -> None:
    program = Program((fact(A, HALF), fact(B, HALF), rule(C, yes(A), no(B))), (C,))
    small = smallest(program, lambda p: any(no(B) in c.body for c in p.clauses))
    assert text(small).splitlines() == ["0.5::b.", "c :- \\+b.", "query(c)."]
