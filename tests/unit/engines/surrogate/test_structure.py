"""How programs fall into modules, and which of these are one kind."""

from __future__ import annotations

import torch

from nesy.engines.surrogate import Surrogate
from nesy.engines.surrogate.groups import arranged
from nesy.engines.surrogate.local import Shapes
from nesy.engines.surrogate.modules import structure
from nesy.engines.surrogate.separators import separators
from nesy.logic.program import GroundProgram
from tests.unit.engines.surrogate.programs import constrained, grounded, latin, sums

LARGEST = 4096


def kinds(program: GroundProgram) -> list[object]:
    """A number for each module, equal where modules are isomorphic."""
    shapes = Shapes()
    keys = [shapes.key(m.local) for m in structure(program, LARGEST).modules]
    return [keys.index(key) for key in keys]


def test_carries_separate_the_digits_of_sums() -> None:
    found = structure(sums(4), LARGEST)
    assert [m.symbols for m in found.modules] == [(0, 1), (2, 3), (4, 5), (6, 7)]
    assert [len(m.takes) for m in found.modules] == [0, 1, 1, 1]
    assert [m.outputs for m in found.modules] == [(0,), (1,), (2,), (3, 4)]
    assert found.derived == (2, 2, 2), "a carry is 0 or 1, and never anything else"


def test_modules_that_do_the_same_share_what_they_learn() -> None:
    assert kinds(sums(5)) == [0, 1, 1, 1, 1], "the first takes no carry, the last hands on none"


def test_numbers_of_modules_do_not_multiply_what_is_learnt() -> None:
    program = sums(6)
    found = arranged(program, structure(program, LARGEST), Surrogate(), torch.Generator())
    assert len(found.learners) == 2
    assert found.counts == [1, 5]


def test_what_two_paths_join_is_one_module() -> None:
    """Both the sum and the product of two digits reach the answer: neither separates."""
    text = """
    nn(net, [X], D, 0..2) :: digit(X, D).
    low(S) :- digit(a, X), digit(b, Y), S is X + Y.
    high(P) :- digit(a, X), digit(b, Y), P is X * Y.
    both(A) :- low(S), high(P), A is S + 10 * P.
    """
    program = grounded(text, "both(A)", "A")
    assert separators(program) == []
    assert [m.symbols for m in structure(program, LARGEST).modules] == [(0, 1)]


def test_what_may_have_several_values_does_not_separate() -> None:
    text = """
    nn(net, [X], D, 0..2) :: digit(X, D).
    seen(D) :- digit(a, D).
    seen(D) :- digit(b, D).
    shown(S) :- seen(D), digit(c, E), S is D + E.
    """
    program = grounded(text, "shown(S)", "S")
    assert separators(program) == []
    (module,) = structure(program, LARGEST).modules
    assert [read.exclusive for read in module.local.reads] == [False]
    assert set(module.local.domains) == {2}, "each value is true or false on its own"


def test_parts_that_share_nothing_are_modules() -> None:
    text = """
    nn(net, [X], D, 0..2) :: digit(X, D).
    pair(I, S) :- between(1, 3, I), digit(a(I), X), digit(b(I), Y), S is X + Y.
    """
    assert kinds(grounded(text, "pair(I, S)", "S")) == [0, 0, 0]


def test_large_conjunctions_are_taken_apart() -> None:
    found = structure(latin(), 100)
    (conjunction,) = found.conjunctions
    assert not found.modules
    assert conjunction.holds == 1
    assert len(conjunction.conjuncts) == 6
    assert {c.local.sizes for c in conjunction.conjuncts} == {(3, 3, 3)}
    shapes = Shapes()
    assert len({shapes.key(c.local) for c in conjunction.conjuncts}) == 1


def test_values_that_a_conjunct_does_not_tell_apart_are_one() -> None:
    (conjunction,) = structure(latin(), 10).conjunctions
    assert len(conjunction.conjuncts) == 18, "a row or column, and a value"
    assert {c.local.sizes for c in conjunction.conjuncts} == {(2, 2, 2)}


def test_small_conjunctions_stay_whole() -> None:
    assert not structure(latin(), 3**9).conjunctions


def test_a_condition_is_the_first_dimension() -> None:
    (module,) = structure(constrained(), LARGEST).modules
    assert module.local.met == 0
    assert module.local.domains[0] == 2
