"""A ground program has the answers of the program that it comes from."""

from __future__ import annotations

import os
from dataclasses import replace
from random import Random

import pytest

import nesy
from nesy.engines.solve import probabilities
from nesy.grounding import ground, ground_rules
from nesy.grounding.written import ground_program, written
from nesy.language.printer import program_text
from nesy.language.syntax import Clause, Program
from nesy.language.traversal import body_of, calls, variables
from tests.oracles.generator import random_program
from tests.oracles.program import text
from tests.property.agreement import expected_outcome

PROGRAMS = int(os.environ.get("NESY_GROUND_PROGRAMS", "25"))


def outcome(program: Program) -> dict[str, float] | str:
    try:
        solution = nesy.solve(program)
    except nesy.NesyError as error:
        return error.code
    return {atom: answer.probability for atom, answer in solution.items()}


def read_again(program: Program) -> Program:
    """The ground program as its text is read."""
    return nesy.parse(program_text(ground_program(program, evaluate=probabilities)))


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_random_programs_keep_their_answers(seed: int) -> None:
    program = random_program(Random(seed))
    expected = expected_outcome(program)
    found = outcome(read_again(nesy.parse(text(program))))
    if isinstance(expected, str):
        assert found == expected
    else:
        assert found == {atom: pytest.approx(p, abs=1e-9) for atom, p in expected.items()}


SOURCES = {
    "choices used twice": """
        0.3::col(X,red); 0.5::col(X,blue) :- hears(X).  0.6::hears(1). hears(2).
        0.9::a :- col(1,red). 0.8::a :- \\+ col(2,blue).
        many(N) :- findall(X, col(X,_), L), length(L, N).
        query(a). query(col(1,_)). query(many(_)).
    """,
    "evidence, constraints and disjunctions": """
        0.4::a. 0.5::b. 0.6::c(1); 0.4::c(2).
        p :- (a ; b), \\+ (a, c(1)).
        :- p, c(2), \\+ a.
        evidence(\\+ q). q :- a, c(2).
        query(p). query(a). query(c(_)).
    """,
    "certain and impossible": "0.5::a. p. q(1) :- a. query(p). query(q(1)). query(q(2)). query(a).",
    "one thing under two names": "0.5::a. p :- a. q :- p. query(q). query(p). query(a).",
    "names that are taken": "0.5::aux(1). 0.5::choice(1). "
    "p :- (aux(1) ; choice(1)), \\+ (aux(1), choice(1)). query(p).",
    "odd names": "0.5::'Not plain'(\"a\", 'b c', [1|x], 2.5). 0.5::(a + 1). "
    "p :- 'Not plain'(_,_,_,_), \\+ (a + 2). query(p). query('Not plain'(_,_,_,_)).",
    "uniform choices": "p(X) :- select_uniform(1, [a,b,c], X, _). query(p(_)).",
    "sub-queries": "0.5::a. 0.3::b. P::c :- subquery(a, P). query(c).",
}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
def test_programs_keep_their_answers(source: str) -> None:
    program = nesy.parse(source)
    expected = outcome(program)
    assert isinstance(expected, dict)
    found = outcome(read_again(program))
    assert found == {atom: pytest.approx(p, abs=1e-12) for atom, p in expected.items()}
    assert list(found) == list(expected)


def test_the_program_is_ground() -> None:
    program = read_again(nesy.parse(SOURCES["choices used twice"]))
    for clause in program.clauses:
        terms = [head.atom for head in clause.heads] + [atom for atom, _ in calls(body_of(clause))]
        assert list(variables(*terms)) == []


def test_clauses_keep_their_probabilities_on_their_heads() -> None:
    program = nesy.parse("""
        0.1::burglary. 0.3::col(red); 0.5::col(blue) :- burglary.
        0.7::alarm :- burglary. 0.2::alarm :- \\+burglary.
        query(alarm). query(col(_)).
    """)
    assert program_text(ground_program(program)).splitlines() == [
        "0.1::burglary.",
        "0.7::alarm :- burglary.",
        "0.2::alarm :- \\+burglary.",
        "0.3::col(red); 0.5::col(blue) :- burglary.",
        "query(alarm).",
        "query(col(blue)).",
        "query(col(red)).",
    ]


def test_both_paths_of_grounding() -> None:
    program = nesy.parse("""
        0.1::burglary. 0.2::earthquake. 0.7::hears(X) :- person(X). person(1). person(2).
        alarm :- burglary. alarm :- earthquake. calls(X) :- alarm, hears(X).
        0.4::edge(1,2). 0.5::edge(2,1). path(X,Y) :- edge(X,Y). path(X,Y) :- edge(X,Z), path(Z,Y).
        query(calls(_)). query(path(1,_)). evidence(alarm).
    """)
    expected = outcome(program)
    assert isinstance(expected, dict)
    for path in ("tabled", "relational"):
        ground_text = program_text(written(ground_rules(program, path=path)))
        assert outcome(nesy.parse(ground_text)) == {a: pytest.approx(p) for a, p in expected.items()}
        assert {"0.5::edge(2,1).", "0.1::burglary.", "alarm :- burglary."} <= {*ground_text.splitlines()}


def test_random_programs_of_the_relational_path() -> None:
    taken = 0
    for seed in range(20):
        program = nesy.parse(text(random_program(Random(seed))))
        expected = outcome(program)
        refused = None
        try:
            rules = ground_rules(program, path="relational")
        except nesy.NesyError as error:
            refused = error.code
        if refused is not None:
            assert refused in ("outside-fragment", expected)
            continue
        taken += 1
        found = outcome(nesy.parse(program_text(written(rules))))
        if isinstance(expected, str):
            assert found == expected
        else:
            assert found == {atom: pytest.approx(p, abs=1e-9) for atom, p in expected.items()}
    assert taken > 10


def test_networks_are_asked_the_same() -> None:
    source = """
        nn(enc,[X],T)::enc(X,T).
        nn(digit_net,[T],D,0..2)::digit(X,D) :- enc(X,T).
        nn(kinds,[X,7],D,[a,'B c',"s"])::kind(X,D).
        nn(coin,[X])::heads(X) :- kind(X,a).
        addition(X,Y,S) :- digit(X,A), digit(Y,B), S is A+B.
        many(N) :- findall(D, (kind(i(2),D)), L), length(L,N).
        query(addition(i(1),b,_)). query(heads('Q x')). query(many(_)).
    """
    program = nesy.parse(source)
    again = read_again(program)
    symbols = [{(s.values, s.call) for s in ground(p).symbols} for p in (program, again)]
    assert symbols[0] == symbols[1]
    assert [o.name for o in ground(program).outputs] == [o.name for o in ground(again).outputs]
    assert "nn(enc,[b],T2)::features(2,T2)." in program_text(again)


def test_learnable_probabilities_stay_so() -> None:
    found = program_text(ground_program(nesy.parse("t(0.3)::a; t(0.5)::b. t(_)::c. p :- a, c. query(p).")))
    assert found.count("t(") == 3


def test_a_long_chain() -> None:
    source = "0.5::p(0). p(N) :- N > 0, M is N - 1, p(M). query(p(2000))."
    program = ground_program(nesy.parse(source))
    assert len(program.clauses) == 2001
    assert isinstance(program.statements[-2], Clause)


def test_a_program_without_queries_is_empty() -> None:
    program = nesy.parse("0.5::a.")
    assert ground_program(program) == replace(program, statements=())
