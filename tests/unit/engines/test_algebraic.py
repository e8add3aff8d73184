"""Queries in algebras, against sums over all worlds; and in fuzzy logics, against the rules by hand."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from math import inf, log
from random import Random

import numpy as np
import pytest
import torch

import nesy
from nesy.algebra import BUILTIN, GODEL, LOGICS, PRODUCT, REAL, Algebra, algebras, residual_negation, top_k
from nesy.circuit.builder import CircuitBuilder
from nesy.engines.algebraic import circuit_values, evaluate
from nesy.engines.fuzzy import formulas
from nesy.engines.labels import labelled
from nesy.errors import EngineError, NesyError
from nesy.grounding import ground
from nesy.grounding.ground import ground_rules
from tests.oracles.ground import Assignments

ALARM = """
0.1::burglary. 0.2::earthquake. 0.5::colour(red); 0.3::colour(blue).
alarm :- burglary. alarm :- earthquake.
odd :- alarm, \\+colour(red). odd :- colour(blue), earthquake.
query(alarm). query(odd). query(colour(_)).
"""


def random_program(seed: int) -> str:
    """Some facts, a disjunction, rules that negate what stands before, evidence half of the time."""
    random = Random(seed)
    atoms = ["a", "b", "c", "d(1)", "d(2)"]
    text = [f"{random.choice([0.0, 0.3, 0.7, 1.0])}::{x}." for x in "abc"] + ["0.2::d(1); 0.5::d(2)."]
    for i in range(4):
        for _ in range(random.randint(1, 2)):
            body = [random.choice(["", "\\+"]) + x for x in random.sample(atoms, random.randint(1, 3))]
            text.append(f"r{i} :- {', '.join(body)}.")
        atoms.append(f"r{i}")
    text += [f"query({x})." for x in ("r1", "r2", "r3")]
    if random.random() < 0.5:
        text.append(f"evidence({random.choice(['r0', 'd(1)'])}).")
    return "\n".join(text)


def by_worlds(program, algebra, labels=None):
    """The sum over accepted worlds where each query holds, and over all accepted ones."""
    grounded = ground(program)
    worlds = Assignments(grounded)
    elements = labelled(grounded.symbols, algebra, labels)[:, 0]
    offsets = np.array(grounded.offsets[:-1], dtype=np.int64)
    zero, one = (np.asarray(c, dtype=algebra.dtype)[()] for c in (algebra.zero, algebra.one))
    weights = [reduce(algebra.times, [elements[c] for c in row + offsets], one) for row in worlds.values]
    found = [truth[1] & worlds.accepted for truth in worlds.truths]
    return [
        reduce(algebra.plus, [w for w, holds in zip(weights, where, strict=True) if holds], zero)
        for where in [*found, worlds.accepted]
    ]


SEMIRINGS = [*BUILTIN, top_k(1), top_k(3)]


@pytest.mark.parametrize("algebra", SEMIRINGS, ids=lambda a: a.name)
def test_values_are_sums_over_worlds(algebra):
    for seed in range(12):
        program = nesy.parse(random_program(seed))
        found = evaluate(program, algebra)
        values = [*found.values(), found.condition]
        for value, expected in zip(values, by_worlds(program, algebra), strict=True):
            np.testing.assert_allclose(np.array(value, float), np.array(expected, float), atol=1e-12)


@pytest.mark.parametrize("algebra", ["real", "max-product", "expectation", "top-3"])
def test_values_of_labels_are_sums_over_worlds(algebra):
    chosen = algebras.get(algebra)
    pairs = chosen.element_shape

    def label(symbol, value, p):
        number = 1.0 + (len(symbol) * 7 + len(value) * 3) % 5
        return number if not pairs else (number, *[p] * (pairs == (2,)), *[0.0] * (2 * (pairs == (3,))))

    for seed in range(8):
        program = nesy.parse(random_program(seed))
        found = nesy.evaluate(program, algebra, labels=label)
        for value, expected in zip(found.values(), by_worlds(program, chosen, label), strict=False):
            np.testing.assert_allclose(value, expected)


def test_values_are_pythons_and_keep_the_order_of_queries():
    found = nesy.evaluate(nesy.parse(ALARM), "counting")
    assert dict(found) == {"alarm": 9, "odd": 6, "colour(blue)": 4, "colour(red)": 4}
    assert (type(found["odd"]), found.condition, found.algebra) == (int, 12, "counting")
    assert nesy.evaluate(nesy.parse(ALARM), "boolean")["odd"] is True
    assert repr(nesy.evaluate(nesy.parse("0.5::a. query(a)."), "top-2")) == "Valuation(top-2; a: (0.5, 0.0))"


def test_entropy_and_expectation_tell_what_they_say():
    found = nesy.evaluate(nesy.parse("0.5::a. 0.5::b. c :- a ; b. query(c)."), "entropy")
    p, h = found["c"]
    assert h / p + log(p) == pytest.approx(log(3))
    rewards = {"a": 2.0, "b": 10.0}
    e = nesy.evaluate(
        nesy.parse("0.5::a. 0.1::b. c :- a. c :- b. query(c). evidence(a)."),
        "expectation",
        labels=lambda s, v, p: (p, p * rewards[s] * (v == "true")),
    )
    assert e["c"][1] / e["c"][0] == pytest.approx(3.0)


def test_probability_zero_is_impossible_in_tropical():
    found = nesy.evaluate(nesy.parse("0.0::a. 0.5::b. query(a). query(b)."), "tropical")
    assert dict(found) == {"a": inf, "b": pytest.approx(log(2))}


def degrees(text, logic, **options):
    return dict(nesy.evaluate(nesy.parse(text), logic, **options))


def test_fuzzy_values_are_those_of_the_rules():
    assert degrees(ALARM, "godel") == pytest.approx(
        {"alarm": 0.2, "odd": 0.2, "colour(blue)": 0.3, "colour(red)": 0.5}
    )
    assert degrees(ALARM, "product")["odd"] == pytest.approx(1 - (1 - 0.28 * 0.5) * (1 - 0.06))
    assert degrees(ALARM, "lukasiewicz")["alarm"] == pytest.approx(0.3)
    assert degrees(ALARM, "possibilistic") == pytest.approx(
        {"alarm": 0.25, "odd": 0.25, "colour(blue)": 0.6, "colour(red)": 1.0}
    )


def test_what_a_circuit_would_simplify_is_evaluated_as_it_stands():
    text = "0.3::a. both :- a, b. b :- a. none :- a, \\+a. any :- a. any :- a. same :- a, a."
    asked = text + "".join(f" query({x})." for x in ("both", "none", "any", "same"))
    assert degrees(asked, "product") == pytest.approx({"both": 0.09, "none": 0.21, "any": 0.51, "same": 0.3})
    assert degrees(asked, "godel") == pytest.approx({"both": 0.3, "none": 0.3, "any": 0.3, "same": 0.3})
    assert degrees(asked, "lukasiewicz") == pytest.approx({"both": 0, "none": 0, "any": 0.6, "same": 0.3})
    assert degrees(asked, REAL) == pytest.approx({"both": 0.3, "none": 0, "any": 0.3, "same": 0.3})


@pytest.mark.parametrize("logic", LOGICS, ids=lambda x: x.name)
def test_both_paths_of_grounding_give_the_same_degrees(logic):
    text = """
    0.3::a(1). 0.6::a(2). 0.8::c(1); 0.1::c(2).
    b(X) :- a(X), \\+c(X). b(X) :- c(X), a(X), a(X). d :- b(X), a(X). d :- \\+b(1), b(1). e(X) :- b(X), \\+d.
    query(b(_)). query(d). query(e(_)).
    """
    found = []
    for path in ("tabled", "relational"):
        rules = formulas(ground_rules(nesy.parse(text), path=path), logic)
        given = labelled(rules.symbols, logic, None)
        found.append((rules.evaluator.evaluate(given)[:, 0], [o.name for o in rules.outputs]))
    assert found[0][1] == found[1][1]
    np.testing.assert_allclose(found[0][0], found[1][0], atol=1e-12)


def test_possibility_is_at_least_that_of_worlds():
    for seed in range(30):
        text = random_program(seed).partition("evidence")[0]
        program = nesy.parse(text)
        best = nesy.evaluate(program, replace(algebras.get("max-min"), from_probability=_possibility))
        for atom, value in nesy.evaluate(program, "possibilistic").items():
            assert value >= best[atom] - 1e-12


def _possibility(p):
    return algebras.get("possibilistic").from_probability(p)


CYCLE = "0.5::e(1,2). 0.4::e(2,1). 0.9::s(1). r(X) :- s(X). r(X) :- r(Y), e(Y,X). query(r(_))."


def test_cycles_have_a_least_degree_in_idempotent_logics_only():
    assert degrees(CYCLE, "godel") == {"r(1)": 0.9, "r(2)": 0.5}
    with pytest.raises(EngineError) as caught:
        degrees(CYCLE, "product")
    assert caught.value.code == "cyclic-formula"


def test_labels_give_degrees():
    assert degrees("0.3::a. b :- \\+a. query(b).", "product", labels=lambda *_: 0.9) == {
        "b": pytest.approx(0.1)
    }


def test_a_negation_of_ones_own():
    strict = replace(GODEL, name="strict", negation=residual_negation)
    assert degrees("0.3::a. b :- \\+a. query(b). query(a).", strict) == {"a": 0.3, "b": 0.0}


def test_formulas_are_differentiable():
    rules = formulas(ground_rules(nesy.parse(ALARM)), PRODUCT)
    given = torch.from_numpy(labelled(rules.symbols, PRODUCT, None)).repeat(1, 2).requires_grad_()
    found = rules.evaluator.evaluate(given)
    found[1].sum().backward()
    assert found.shape == (8, 2)
    assert torch.autograd.gradcheck(rules.evaluator.evaluate, (given.detach().requires_grad_(),))


FAILING = [
    ("0.5::a. query(a). evidence(a).", "godel", None, "fuzzy-evidence"),
    ("0.5::a. query(a). :- a.", "godel", None, "fuzzy-evidence"),
    ("0.5::a. query(a).", "tropics", None, "unknown-algebra"),
    ("nn(n, [x])::a. query(a).", "tropical", None, "needs-networks"),
    ("0.5::a. query(a).", replace(REAL, from_probability=None), None, "no-labels"),
    ("0.5::a. query(a).", "godel", lambda *_: 2.0, "invalid-label"),
    ("0.5::a. query(a).", "godel", lambda *_: float("nan"), "invalid-label"),
    ("0.5::a. query(a).", "expectation", lambda *given: given[2], "invalid-label"),
    ("0.5::a. query(a).", "real", lambda *given: given[:2], "invalid-label"),
    ("0.5::a. query(a).", "real", lambda *_: "high", "invalid-label"),
    (
        "0.5::a. query(a).",
        replace(REAL, laws=replace(REAL.laws, commutative=False)),
        None,
        "not-commutative",
    ),
    ("a :- \\+b. b :- \\+a. query(a).", "product", None, "negative-cycle"),
]


@pytest.mark.parametrize(("text", "algebra", "labels", "code"), FAILING)
def test_what_cannot_be_is_refused(text, algebra, labels, code):
    with pytest.raises(NesyError) as caught:
        nesy.evaluate(nesy.parse(text), algebra, labels=labels)
    assert caught.value.code == code
    assert caught.value.hint or code == "negative-cycle"


def test_labels_may_stand_for_networks():
    program = nesy.parse("nn(n, [x])::a. 0.5::b. c :- a, b. query(c).")
    found = nesy.evaluate(program, "tropical", labels=lambda *given: 1.0 if given[2] is None else 0.25)
    assert dict(found) == {"c": 1.25}


def entangled():
    builder = CircuitBuilder()
    return builder.build([builder.product([builder.input(0), builder.input(1)])], [2])


def overlapping():
    builder = CircuitBuilder()
    return builder.build([builder.sum([builder.input(1), builder.input(3)])], [2, 2])


def test_circuits_are_given_what_an_algebra_needs_or_refused():
    builder = CircuitBuilder()
    rough = builder.build([builder.input(1)], [2, 3])
    ones = np.ones((5, 1))
    assert circuit_values(rough, ones, algebras.get("counting")).tolist() == [[3]]
    assert circuit_values(rough, ones.astype(bool), algebras.get("boolean")).tolist() == [[True]]
    with pytest.raises(EngineError, match="not-decomposable"):
        circuit_values(entangled(), np.ones((2, 1)), algebras.get("tropical"))
    with pytest.raises(EngineError, match="not-deterministic"):
        circuit_values(overlapping(), np.ones((4, 1)), REAL)
    costs = np.array([[1.0], [2.0], [0.0], [5.0]])
    assert circuit_values(overlapping(), costs, algebras.get("tropical")).tolist() == [[2.0]]


def test_an_algebra_in_a_few_lines():
    words = Algebra(
        "longest",
        -inf,
        0.0,
        np.maximum,
        np.add,
        np.dtype(float),
        algebras.get("max-log").laws,
        from_probability=lambda p: np.where(p > 0, 1.0, -inf),
    )
    assert dict(nesy.evaluate(nesy.parse(ALARM), words)) == dict.fromkeys(
        ["alarm", "odd", "colour(blue)", "colour(red)"], 3.0
    )


@pytest.mark.parametrize("algebra", ["max-product", "max-log", "tropical", "max-min"])
def test_the_world_that_a_value_comes_from(algebra):
    found = nesy.evaluate(nesy.parse(ALARM + "never :- fail. query(never)."), algebra)
    assert found.world("alarm") == {
        "burglary": "false",
        "earthquake": "true",
        "colour(red); colour(blue)": "colour(red)",
    }
    assert found.world("odd")["colour(red); colour(blue)"] == "colour(blue)"
    assert found.world("never") is None
    with pytest.raises(KeyError):
        found.world("alarms")


def test_certain_queries_come_from_the_empty_world():
    assert nesy.evaluate(nesy.parse("a. query(a)."), "tropical").world("a") == {}
    either = nesy.parse("0.5::b. a :- b. a :- \\+b. query(a). query(b).")
    assert nesy.evaluate(either, "boolean").world("a") in ({}, {"b": "true"}, {"b": "false"})


@pytest.mark.parametrize("algebra", ["real", "top-1", "godel"])
def test_sums_and_degrees_come_from_no_single_world(algebra):
    with pytest.raises(EngineError, match="not-selective"):
        nesy.evaluate(nesy.parse("0.5::a. query(a)."), algebra).world("a")
