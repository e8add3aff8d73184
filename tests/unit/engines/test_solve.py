"""A program's own queries: the mapping of answers, their order, their guarantee, what is refused."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

import nesy
from nesy import Answer, NesyError, Solution
from nesy.engines.inference import Guarantee
from nesy.engines.sampling import Sampling

BURGLARY = """
0.1 :: burglary.
0.2 :: earthquake.
0.9 :: hears(X) :- person(X).
person(john).
person(mary).
alarm :- burglary.
alarm :- earthquake.
calls(X) :- alarm, hears(X).
evidence(calls(john)).
query(burglary).
query(calls(mary)).
query(alarm).
"""
ALARM = 1 - 0.9 * 0.8


def solved(text: str, engine: str = "exact") -> Solution:
    return nesy.solve(nesy.parse(text, "rules.nesy"), engine=engine)


def probabilities(text: str) -> dict[str, float]:
    return {atom: pytest.approx(answer.probability) for atom, answer in solved(text).items()}


def refusal(text: str, engine: str = "exact") -> NesyError:
    with pytest.raises(NesyError) as caught:
        solved(text, engine)
    return caught.value


def test_answers_against_arithmetic() -> None:
    found = solved(BURGLARY)
    assert found["alarm"].probability == pytest.approx(1)
    assert found["burglary"].probability == pytest.approx(0.1 / ALARM)
    assert found["calls(mary)"].probability == pytest.approx(0.9)
    assert found["alarm"] == Answer(found["alarm"].probability, Guarantee.EXACT, None)


def test_a_solution_is_a_mapping_in_the_order_of_the_queries() -> None:
    found = solved(BURGLARY)
    assert isinstance(found, Mapping)
    assert list(found) == ["burglary", "calls(mary)", "alarm"]
    assert len(found) == 3
    assert "alarm" in found
    assert "earthquake" not in found
    assert found.get("earthquake") is None
    with pytest.raises(KeyError, match="earthquake"):
        found["earthquake"]
    assert list(found.values()) == [found[atom] for atom in found]
    assert repr(solved("0.25 :: a.\nb.\nquery(a).\nquery(b).")) == "Solution(a: 0.25, b: 1)"


def test_a_solution_does_not_change_with_what_it_was_made_from() -> None:
    answers = {"a": Answer(0.5, Guarantee.EXACT)}
    solution = Solution(answers)
    answers.clear()
    assert list(solution) == ["a"]


def test_keys_are_the_canonical_texts_of_atoms() -> None:
    text = "0.5 :: p( 'a' ,\"s\",[1,  2|[]]).\n0.25 :: 'New York'.\n0.75 :: q(1 + 2).\n"
    found = solved(text + "query(p(X,Y,Z)).\nquery('New York').\nquery(q(A)).\n")
    assert list(found) == ['p(a,"s",[1,2])', "'New York'", "q(1+2)"]


def test_answers_to_one_query_come_in_the_standard_order_of_terms() -> None:
    text = "p(b).\np(10).\np(f(1)).\np(9).\np(a).\np(1.5).\nquery(p(X)).\n"
    assert list(solved(text)) == ["p(1.5)", "p(9)", "p(10)", "p(a)", "p(b)", "p(f(1))"]


def test_the_order_is_that_of_queries_then_of_answers() -> None:
    text = "0.5 :: p(2).\n0.25 :: p(1).\n0.75 :: q.\nquery(q).\nquery(p(_)).\n"
    assert probabilities(text) == {"q": 0.75, "p(1)": 0.25, "p(2)": 0.5}
    assert list(solved(text)) == ["q", "p(1)", "p(2)"]


def test_queries_that_ask_the_same_are_answered_once() -> None:
    text = "0.5 :: p(2).\n0.25 :: p(1).\nquery(p(2)).\nquery(p(X)).\nquery(p(2)).\n"
    assert list(solved(text)) == ["p(2)", "p(1)"]


def test_a_ground_query_without_an_answer_is_false() -> None:
    assert probabilities("0.5 :: p(1).\nquery(p(2)).\n") == {"p(2)": 0}


def test_a_query_with_variables_and_no_answer_has_none() -> None:
    assert dict(solved("p(1).\nq(X) :- p(X), X > 1.\nquery(q(X)).\n")) == {}


@pytest.mark.parametrize("engine", ["exact", "sampling", "sat"])
def test_a_program_that_asks_nothing(engine: str) -> None:
    found = solved("0.5 :: a.\n", engine)
    assert dict(found) == {}
    assert repr(found) == "Solution()"


def test_what_is_certain_and_what_is_impossible() -> None:
    found = solved("a.\n0.5 :: b.\nc :- b, \\+ b.\nquery(a).\nquery(c).\n")
    assert (found["a"].probability, found["c"].probability) == (1.0, 0.0)


def test_no_probability_is_above_one() -> None:
    """Sums of these in floating point come out one unit in the last place above 1."""
    for i in range(1, 60):
        p, q, r = 0.005 * i, 0.0083 * i, 1 / (i + 1)
        text = f"{p}::x(1); {q}::x(2); {1 - p - q}::x(3).\n{r}::z.\n"
        text += "v :- x(1), z.\nv :- x(1), \\+ z.\nv :- x(2).\nv :- x(3), z.\nv :- x(3), \\+ z.\nquery(v).\n"
        probability = solved(text)["v"].probability
        assert probability <= 1
        assert probability == pytest.approx(1, abs=1e-9)


def test_every_engine_says_what_its_numbers_are_worth() -> None:
    text = "0.5 :: a.\n0.5 :: b.\nc :- a.\nc :- b.\nquery(c).\n"
    exact, sampling, sat = (solved(text, e)["c"] for e in ("exact", "sampling", "sat"))
    assert (exact.guarantee, exact.standard_error) == (Guarantee.EXACT, None)
    assert exact.probability == pytest.approx(0.75)
    assert (sat.guarantee, sat.standard_error) == (Guarantee.LOWER_BOUND, None)
    assert 0 < sat.probability <= 0.75
    assert sampling.guarantee is Guarantee.ESTIMATE
    assert sampling.standard_error is not None
    assert abs(sampling.probability - 0.75) < 5 * sampling.standard_error < 0.2


def test_an_engine_with_options() -> None:
    program = nesy.parse("0.5 :: a.\nquery(a).\n")
    few, many = (nesy.solve(program, Sampling(samples=n))["a"].standard_error for n in (64, 16_384))
    assert few is not None
    assert many is not None
    assert many < few / 8


def test_networks_are_refused_at_their_place() -> None:
    error = refusal("0.5 :: a.\nnn(net, [X], D, 0..9) :: digit(X, D).\nb :- digit(i, 1).\nquery(b).\n")
    assert error.code == "needs-networks"
    assert "digit(i,_)" in error.message
    assert "nesy.Model" in (error.hint or "")
    assert error.span is not None
    assert (error.span.line, error.span.column, error.span.source.name) == (2, 1, "rules.nesy")


def test_networks_that_no_query_needs_are_no_obstacle() -> None:
    text = "0.5 :: a.\nnn(net, [X], D, 0..9) :: digit(X, D).\nb :- digit(i, 1).\nquery(a).\n"
    assert probabilities(text) == {"a": 0.5}


CONTRADICTION = "0.5 :: a.\nb :- \\+ a.\nevidence(a).\nevidence(b).\nquery(a).\n"
ONLY_BY_NUMBERS = "0.0 :: x(1); 1.0 :: x(2).\n0.5 :: b.\nevidence(x(1)).\nquery(b).\n"


@pytest.mark.parametrize("engine", ["exact", "sat"])
@pytest.mark.parametrize("text", [CONTRADICTION, ONLY_BY_NUMBERS], ids=["structural", "numerical"])
def test_evidence_that_cannot_be(engine: str, text: str) -> None:
    error = refusal(text, engine)
    assert error.code == "inconsistent-evidence"
    # Several pieces are told apart one by one; a lone one is shown.
    expected = "one by one" if text == CONTRADICTION else "without observing it"
    assert expected in (error.hint or "")


def test_the_one_piece_of_evidence_that_cannot_be_is_the_place() -> None:
    for text, place in ((ONLY_BY_NUMBERS, "evidence(x(1))."), ("0.5::a. b. :- b.\nquery(a).", ":- b.")):
        error = refusal(text, "exact")
        assert error.span is not None
        assert error.span.text == place


@pytest.mark.parametrize("engine", ["exact", "sat"])
def test_several_pieces_of_evidence_are_listed(engine: str) -> None:
    error = refusal(CONTRADICTION, engine)
    assert error.span is not None
    assert error.span.text == "evidence(a)."
    assert error.message.endswith("together: evidence(a) (line 3), evidence(b) (line 4)")


def test_much_evidence_is_listed_in_part() -> None:
    rules = "".join(f"0.5::a({i}).\nevidence(a({i})).\n" for i in range(20)) + "evidence(\\+a(0)).\n"
    message = refusal(f"{rules}query(a(1)).\n", "exact").message
    assert message.endswith("evidence(a(7)) (line 16) and 13 more")


def test_evidence_that_sampling_never_meets() -> None:
    assert refusal(CONTRADICTION, "sampling").code == "inconsistent-evidence"
    assert refusal(ONLY_BY_NUMBERS, "sampling").code == "condition-never-met"


def test_the_two_ways_to_be_impossible_read_differently() -> None:
    assert "no world satisfies" in refusal(CONTRADICTION).message
    assert "probability zero" in refusal(ONLY_BY_NUMBERS).message


def test_an_unknown_engine() -> None:
    error = refusal("a.\nquery(a).\n", "exactly")
    assert error.code == "unknown-engine"
    assert "exact" in (error.hint or "")


def test_constraints_condition() -> None:
    text = "0.5 :: a.\n0.5 :: b.\n:- a, b.\nquery(a).\n"
    assert probabilities(text) == {"a": pytest.approx(1 / 3)}


def test_small_probabilities_keep_their_digits() -> None:
    text = "".join(f"1.0e-40 :: p({i}).\n" for i in range(10))
    text += "all :- " + ", ".join(f"p({i})" for i in range(10)) + ".\n0.25 :: q.\nboth :- all, q.\n"
    assert probabilities(text + "evidence(all).\nquery(both).\n") == {"both": pytest.approx(0.25)}
