"""The numbers in pictures of ground rules and circuits, against answers and finite differences."""

from __future__ import annotations

import pytest

import nesy
from nesy import viz
from nesy.viz.drawing import Node
from nesy.viz.picture import Picture
from tests.unit.viz.programs import CALLS, EVIDENCE, calls, changed, observed

STEP = 1e-4


def node(picture: Picture, label: str) -> Node:
    (found,) = [n for n in picture.nodes if n.label == label]
    return found


def test_ground_atoms_have_their_probabilities_given_the_evidence() -> None:
    program = observed()
    asked = ["calls(john)", "alarm", "burglary", "earthquake", "hears(john)", "mood(john,bad)"]
    expected = nesy.solve(nesy.parse(CALLS + EVIDENCE + "".join(f"query({a}). " for a in asked)))
    picture = viz.ground(program)
    for atom in asked:
        assert node(picture, atom).value == pytest.approx(expected[atom].probability, abs=1e-12)


SLOPES = [
    ("burglary", "0.1::burglary", "{}::burglary", 0.1),
    ("earthquake", "0.2::earthquake", "{}::earthquake", 0.2),
    ("hears(john)", "0.7::hears(X) :- person(X).", "{}::hears(john). 0.7::hears(mary).", 0.7),
    ("0.9::alarm", "0.9::alarm", "{}::alarm", 0.9),
    ("0.4::alarm", "0.4::alarm", "{}::alarm", 0.4),
]


@pytest.mark.parametrize(("label", "old", "new", "p"), SLOPES, ids=[s[0] for s in SLOPES])
def test_derivatives_are_those_of_the_query_by_the_probability(
    label: str, old: str, new: str, p: float
) -> None:
    slope = (changed(old, new.format(p + STEP)) - changed(old, new.format(p - STEP))) / (2 * STEP)
    picture = viz.ground(observed())
    assert node(picture, label).derivatives[0] == pytest.approx(slope, abs=1e-6)
    assert node(viz.circuit(observed()), label).derivatives[0] == pytest.approx(slope, abs=1e-6)


def test_other_values_of_a_symbol_give_way_in_proportion() -> None:
    old = "0.3::mood(X,good); 0.5::mood(X,bad) :- person(X)."
    mary = "0.3::mood(mary,good); 0.5::mood(mary,bad)."

    def moved(bad: float) -> float:
        return changed(old, f"{0.3 * (1 - bad) / 0.5}::mood(john,good); {bad}::mood(john,bad). {mary}")

    slope = (moved(0.5 + STEP) - moved(0.5 - STEP)) / (2 * STEP)
    picture = viz.ground(observed())
    assert node(picture, "mood(john,bad)").derivatives[0] == pytest.approx(slope, abs=1e-6)


def test_circuit_roots_have_the_answers() -> None:
    for program in (calls(), observed()):
        expected = nesy.solve(program)
        picture = viz.circuit(program)
        roots = {n.label: n.value for n in picture.nodes if n.strong}
        assert roots == {atom: pytest.approx(a.probability, abs=1e-12) for atom, a in expected.items()}
        assert list(picture.queries) == list(expected)


def test_inner_nodes_have_values_and_derivatives_of_an_arithmetic_circuit() -> None:
    picture = viz.circuit(nesy.parse("0.3::a. 0.6::b. p :- a. p :- b. query(p)."))
    sums = [n for n in picture.nodes if n.label == "+"]
    products = [n for n in picture.nodes if n.label == "\u00d7"]
    assert sums[-1].value == pytest.approx(0.72)
    assert sums[-1].derivatives == (1.0,)
    assert len(products) == 1
    held = {n.label: n for n in picture.nodes}
    assert products[0].value in (pytest.approx(0.7 * 0.6), pytest.approx(0.4 * 0.3))
    assert held["a"].derivatives[0] == pytest.approx(0.4)
    assert held["b"].derivatives[0] == pytest.approx(0.7)


def test_no_query_no_values_where_nothing_is_asked() -> None:
    picture = viz.circuit(nesy.parse("0.3::a."))
    assert picture.queries == []
    assert viz.ground(nesy.parse("0.3::a.")).nodes == []


def test_networks_are_uniform_and_the_picture_says_so() -> None:
    program = nesy.parse("""
        nn(net,[X],D,0..3)::digit(X,D). even(X) :- digit(X,0). even(X) :- digit(X,2).
        query(even(a)).
    """)
    for picture in (viz.ground(program), viz.circuit(program)):
        assert "uniform" in picture.note
        assert node(picture, "even(a)").value == pytest.approx(0.5)
        assert {n.kind for n in picture.nodes} >= {"network"}


def test_other_queries_in_place_of_the_programs() -> None:
    assert list(viz.ground(calls(), ["hears(_)"]).queries) == ["hears(john)", "hears(mary)"]
    assert list(viz.circuit(calls(), ["hears(mary)"]).queries) == ["hears(mary)"]


@pytest.mark.parametrize("draw", [viz.ground, viz.circuit])
def test_mistakes_of_programs_are_told(draw: object) -> None:
    assert callable(draw)
    for text, code in [
        ("p :- \\+ q. q :- \\+ p. query(p).", "negative-cycle"),
        ("0.5::a. evidence(a). evidence(\\+a). query(a).", "inconsistent-evidence"),
        ("0.0::a. 0.5::b. evidence(a). query(b).", "inconsistent-evidence"),
    ]:
        with pytest.raises(nesy.NesyError) as error:
            draw(nesy.parse(text))
        assert error.value.code == code


def test_certain_and_impossible_queries() -> None:
    picture = viz.ground(nesy.parse("0.5::a. p. query(p). q :- a, fail. query(q). r :- p. query(r)."))
    assert [(n.label, n.value) for n in picture.nodes] == [("p", 1.0), ("q", 0.0), ("r", 1.0)]


def test_cycles_are_drawn_as_they_are() -> None:
    program = nesy.parse("""
        0.4::e(1,2). 0.5::e(2,1). 0.3::e(2,3). p(X,Y) :- e(X,Y). p(X,Y) :- e(X,Z), p(Z,Y). query(p(1,3)).
    """)
    expected = nesy.solve(program)["p(1,3)"].probability
    assert node(viz.ground(program), "p(1,3)").value == pytest.approx(expected)


def test_a_query_that_is_only_a_choice_stands_for_it() -> None:
    picture = viz.ground(nesy.parse("0.3::a. b :- a. query(b). query(a)."))
    assert node(picture, "a").derivatives == (1.0, 1.0)


def test_beliefs_stand_for_what_networks_say() -> None:
    source = "nn(net,[X],D,0..2)::digit(X,D). low(X) :- digit(X,0). low(X) :- digit(X,1). query(low(a))."
    program, beliefs = nesy.parse(source), {"digit(a,_)": [0.2, 0.3, 0.5]}
    for picture in (viz.ground(program, beliefs=beliefs), viz.circuit(program, beliefs=beliefs)):
        assert "uniform" not in picture.note
        assert node(picture, "low(a)").value == pytest.approx(0.5)
    leaf = node(viz.ground(program, beliefs=beliefs), "digit(a,0)")
    # One more of 0 leaves less of 1, in proportion.
    assert (leaf.value, leaf.derivatives) == (pytest.approx(0.2), (pytest.approx(1 - 0.3 / 0.8),))


@pytest.mark.parametrize(
    ("beliefs", "code"),
    [
        ({"digit(b,_)": [1.0]}, "unknown-symbol"),
        ({"digit(a,_)": [0.5, 0.5]}, "not-a-distribution"),
        ({"digit(a,_)": [0.5, 0.7, -0.2]}, "not-a-distribution"),
        ({"digit(a,_)": [0.5, 0.7, 0.2]}, "not-a-distribution"),
        ({"digit(a,_)": [float("nan"), 1.0, 0.0]}, "not-a-distribution"),
    ],
)
def test_beliefs_that_are_none(beliefs: dict[str, list[float]], code: str) -> None:
    program = nesy.parse("nn(net,[X],D,0..2)::digit(X,D). query(digit(a,1)).")
    for draw in (viz.ground, viz.circuit):
        with pytest.raises(nesy.NesyError) as error:
            draw(program, beliefs=beliefs)
        assert error.value.code == code
