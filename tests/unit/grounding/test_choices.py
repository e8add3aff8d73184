from __future__ import annotations

import pytest

from nesy.logic.program import InputRef, NetworkCall
from tests.unit.grounding.asking import by_problog, grounded, outputs, place, probabilities, refusal

NET = "nn(net,[X],D,0..2)::digit(X,D). "


def test_a_symbol_for_each_grounding_of_all_variables_of_a_clause() -> None:
    program = grounded("r(1). r(2). 0.5::p :- r(X). query(p).")
    assert [s.name for s in program.symbols] == ["p", "p"]
    assert probabilities("r(1). r(2). 0.5::p :- r(X). query(p).") == {"p": 0.75}


def test_variables_of_a_negated_goal_alone_make_no_choices_of_their_own() -> None:
    rules = "0.3::a(1). 0.4::a(2). 0.5::p :- \\+ a(X). query(p)."
    assert [s.name for s in grounded(rules).symbols].count("p") == 1
    assert probabilities(rules) == pytest.approx({"p": 0.5 * 0.7 * 0.6})


def test_facts_and_disjunctions_as_symbols() -> None:
    rules = "0.3::f. 0.5::c(r); 0.2::c(g). 0.25::d(1); 0.75::d(2). query(f). query(c(_)). query(d(_))."
    symbols = {s.name: s for s in grounded(rules).symbols}
    assert symbols["f"].values == ("false", "true")
    assert symbols["f"].prior == pytest.approx((0.7, 0.3))
    assert symbols["c(r); c(g)"].values == ("c(r)", "c(g)", "none")
    assert symbols["c(r); c(g)"].prior == pytest.approx((0.5, 0.2, 0.3))
    assert symbols["d(1); d(2)"].values == ("d(1)", "d(2)")
    assert symbols["f"].span is not None
    assert symbols["f"].call is None


def test_the_heads_of_a_disjunction_share_one_symbol() -> None:
    rules = """0.6::col(X,red); 0.4::col(X,blue) :- node(X). node(1). node(2).
    both :- col(1,red), col(1,blue). same :- col(1,C), col(2,C). query(both). query(same)."""
    program = grounded(rules)
    assert len(program.symbols) == 2
    assert probabilities(rules) == pytest.approx({"both": 0.0, "same": 0.52})


def test_the_same_fact_twice_is_two_symbols() -> None:
    assert probabilities("0.5::f. 0.5::f. query(f).") == {"f": 0.75}


def test_certain_and_impossible_choices_make_no_symbol() -> None:
    assert grounded("1.0::f. 0.0::g. 1::h. query(f). query(g). query(h).").symbols == ()


@pytest.mark.parametrize(
    "rules",
    [
        "w(1,0.3). w(2,0.4). P::p(X) :- w(X,P). query(p(_)).",
        "w(1,2). w(2,5). 1/P::p(X) :- w(X,P). query(p(_)).",
        "w(a,0.3,0.5). P::x(A); Q::y(A) :- w(A,P,Q). query(x(_)). query(y(_)).",
    ],
)
def test_probabilities_computed_at_run_time(rules: str) -> None:
    assert probabilities(rules) == pytest.approx(by_problog(rules))


@pytest.mark.parametrize(
    ("rules", "code", "text"),
    [
        ("w(1.7). P::p :- w(P). query(p).", "probability-range", "P"),
        ("w(-0.1). P::p :- w(P). query(p).", "probability-range", "P"),
        ("w(nan). P::p :- w(Q), P is Q. query(p).", "probability-range", "P"),
        ("w(10). P::p :- w(Q), P is Q**400. query(p).", "probability-range", "P"),
        ("w(foo). P::p :- w(P). query(p).", "not-a-number", "P"),
        ("w(0.7,0.5). P::p; Q::q :- w(P,Q). query(p).", "probability-sum", "P"),
        ("w(_). P::p :- w(P). query(p).", "non-ground-probability", None),
        ("0.5::p(X). query(p(_)).", "non-ground-probability", None),
        ("0.5::p(X); 0.2::q(Y) :- r(X). r(1). query(p(1)).", "non-ground-probability", None),
        ("r(_,a). 0.5::p :- r(_,a). query(p).", "non-ground-probability", None),
    ],
)
def test_mistakes(rules: str, code: str, text: str | None) -> None:
    error = refusal(rules)
    assert error.code == code
    assert error.span is not None
    if text is not None:
        assert place(error) == (code, text)


def test_disjunctions_of_sums_that_only_rounding_carries_above_one() -> None:
    rules = " ; ".join(f"P::c({i})" for i in range(10)) + " :- w(P). w(0.1). query(c(0))."
    (symbol,) = grounded(rules).symbols
    assert "none" not in symbol.values


def test_a_categorical_neural_predicate_is_one_symbol() -> None:
    program = grounded(NET, "digit(i,D)", "D")
    (symbol,) = program.symbols
    assert symbol.name == "digit(i,_)"
    assert symbol.values == ("0", "1", "2")
    assert symbol.prior is None
    assert symbol.call == NetworkCall("net", (InputRef("i"),))
    (output,) = program.outputs
    assert output.domain == (0, 1, 2)
    assert [program.graph.args[x] for x in output.literals] == [(0, 0), (0, 1), (0, 2)]


def test_one_symbol_serves_every_use_whatever_is_bound() -> None:
    program = grounded(NET + "p :- digit(i,2). q(D) :- digit(i,D). r :- p, \\+ q(1).", "r")
    assert [s.name for s in program.symbols] == ["digit(i,_)"]
    bound_first = grounded("nn(net,[X],D,0..2)::digit(X,f(D)). p :- digit(i,f(0)).", "p")
    assert "0" not in bound_first.symbols[0].name


def test_an_output_value_outside_the_domain_never_holds() -> None:
    assert refusal(NET + "p :- digit(i,7).", "p").code == "no-answers"


def test_terms_as_values() -> None:
    (symbol,) = grounded('nn(net,[X],C,[red,f(1),"s"])::c(X,C).', "c(i,C)", "C").symbols
    assert symbol.values == ("red", "f(1)", '"s"')


def test_each_input_is_a_symbol_and_indices_are_values() -> None:
    program = grounded(NET + "s(I,J,D) :- between(0,1,I), J = k, digit(board(I,J),D).", "s(I,J,D)", "D")
    assert [s.call for s in program.symbols] == [
        NetworkCall("net", (InputRef("board", (i, "k")),)) for i in (0, 1)
    ]
    assert sorted(outputs(program)) == ["s(0,k)", "s(1,k)"]


def test_a_boolean_neural_predicate() -> None:
    program = grounded("nn(net,[X,Y])::same(X,Y). p :- \\+ same(a,b).", "p")
    (symbol,) = program.symbols
    assert (symbol.name, symbol.values) == ("same(a,b)", ("false", "true"))
    assert symbol.call == NetworkCall("net", (InputRef("a"), InputRef("b")))
    leaf = abs(program.outputs[0].literals[1])
    assert program.graph.args[leaf] == (0, 1)
    assert program.outputs[0].literals[1] < 0


def test_a_neural_rule_with_a_body() -> None:
    program = grounded(
        "nn(net,[X],D,0..1)::d(X,D) :- ok(X), \\+ bad(X,_). ok(a). ok(b). bad(b,1).", "d(X,D)", "D"
    )
    assert [o.name for o in program.outputs] == ["d(a)"]


def test_a_tensor_of_one_network_feeds_another() -> None:
    rules = "nn(enc,[X],T)::e(X,T). nn(net,[T,Y],D,[a,b])::c(T,Y,D). p(X,D) :- e(X,T), c(T,y,D)."
    (symbol,) = grounded(rules, "p(i,D)", "D").symbols
    encoded = InputRef("enc", (), NetworkCall("enc", (InputRef("i"),)))
    assert symbol.call == NetworkCall("net", (encoded, InputRef("y")))


def test_equal_tensors_are_equal_inputs() -> None:
    rules = """nn(enc,[X],T)::e(X,T). nn(net,[T],D,[a,b])::c(T,D). nn(two,[T],D,[a,b])::d(T,D).
    p(D) :- e(i,T), c(T,D), e(i,U), d(U,D)."""
    first, second = grounded(rules, "p(D)", "D").symbols
    assert first.call is not None
    assert second.call is not None
    assert first.call.inputs == second.call.inputs


@pytest.mark.parametrize(
    "rules", ["nn(net,[X])::p(X).", "nn(net,[X],D,0..1)::p(X,D).", "nn(net,[X],T)::p(X,T)."]
)
def test_a_networks_input_must_be_known(rules: str) -> None:
    arity = "p(X)" if "D" not in rules and "T" not in rules else "p(X,V)"
    assert refusal(rules, arity).code == "non-ground-probability"
