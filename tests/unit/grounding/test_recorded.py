"""Grounding that remembers its derivations makes the same program, and says what gave each atom."""

from __future__ import annotations

import pytest

import nesy
from nesy.grounding import Template, ground
from nesy.grounding.budget import Budget
from nesy.grounding.recorded import ground_recorded
from nesy.grounding.syntax_terms import atom_text
from nesy.logic.program import GroundProgram

RULES = """
0.5::e(1,2). 0.4::e(2,3). 0.3::e(3,1). n(1). n(2). n(3).
p(X,Y) :- e(X,Y).
p(X,Y) :- p(X,Z), e(Z,Y).
apart(X,Y) :- n(X), n(Y), \\+ p(X,Y).
:- e(1,2), e(2,3), e(3,1).
evidence(\\+ apart(1,2)).
query(p(1,3)). query(apart(2,1)).
"""


def likeness(program: GroundProgram) -> object:
    symbols = {(s.name, s.values, s.prior) for s in program.symbols}
    return symbols, [(o.name, o.domain) for o in program.outputs], len(program.condition)


def test_the_program_is_the_same() -> None:
    rules = nesy.parse(RULES)
    recorded = ground_recorded(rules)
    assert likeness(recorded.rules.acyclic()) == likeness(ground(rules))
    template = Template.parse("p(1, Y)", "Y")
    assert likeness(ground_recorded(rules, template).rules.acyclic()) == likeness(ground(rules, template))


def test_each_instance_of_a_rule_is_there_once_with_what_it_rests_on() -> None:
    recorded = ground_recorded(
        nesy.parse("0.5::a(1). 0.4::a(2). b(X) :- a(X). c :- b(_), \\+ a(1). query(c).")
    )
    told = [
        (atom_text(recorded.store, c.plan.rule.predicate.name, c.plan.build_head(c.env)), len(c.literals))
        for c in recorded.conclusions
    ]
    assert sorted(told) == [("b(1)", 1), ("b(2)", 1), ("c", 2), ("c", 2)]


def test_what_was_observed_has_its_place() -> None:
    evidence, constraint = ground_recorded(nesy.parse(RULES)).conditions
    assert (evidence.holds, evidence.is_constraint, constraint.is_constraint) == (False, False, True)
    assert evidence.span is not None
    assert evidence.span.text == "evidence(\\+ apart(1,2))."


def test_a_budget_is_kept() -> None:
    rules = nesy.parse("p(0). p(N) :- N > 0, M is N - 1, p(M). query(p(10000)).")
    with pytest.raises(nesy.NesyError, match="budget-exceeded"):
        ground_recorded(rules, budget=Budget(nodes=1000))
