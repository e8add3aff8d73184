from __future__ import annotations

import pytest

from nesy.errors import LanguageError
from nesy.grounding import Template
from nesy.language.parser import parse_atom
from nesy.logic.graph import FALSE, TRUE
from tests.unit.grounding.asking import grounded, outputs, place, refusal

FACTS = "0.5::p(b,1). 0.5::p(b,10). 0.5::p(b,2). 0.5::p(a,x). 0.5::p(a,-1). 0.5::p(a,2.5). "


def test_an_output_for_each_instance_of_the_other_variables_and_a_sorted_domain() -> None:
    found = grounded(FACTS, "p(I,S)", "S").outputs
    assert [(o.name, o.domain) for o in found] == [("p(a)", (-1, 2.5, "x")), ("p(b)", (1, 2, 10))]


def test_names_and_order_of_rules_do_not_matter() -> None:
    backwards = " ".join(reversed(FACTS.strip().split(" ")))
    assert [(o.name, o.domain) for o in grounded(backwards, "p(I,S)", "S").outputs] == [
        (o.name, o.domain) for o in grounded(FACTS, "p(I,S)", "S").outputs
    ]


def test_an_anonymous_variable_is_free_too() -> None:
    assert [o.name for o in grounded(FACTS, "p(_,S)", ("S",)).outputs] == ["p(a)", "p(b)"]


def test_several_output_variables() -> None:
    rules = "0.5::p(k,1,b). 0.5::p(k,2,a). 0.5::p(k,1,c). "
    program = grounded(rules, "p(K,X,Y)", ("Y", "X"))
    found = outputs(program)
    assert list(found) == ["p(k)#3", "p(k)#2"]
    assert found["p(k)#3"].domain == ("a", "b", "c")
    assert found["p(k)#2"].domain == (1, 2)
    # X is 1 where either of its two atoms holds.
    node = found["p(k)#2"].literals[0]
    assert len(program.graph.children(node)) == 2


def test_a_bound_argument_stays_in_the_name() -> None:
    assert [o.name for o in grounded(FACTS, "p(a,S)", "S").outputs] == ["p(a)"]
    assert [o.name for o in grounded("0.5::v(1). ", "v(S)", "S").outputs] == ["v"]


def test_without_outputs_each_instance_is_true_or_false() -> None:
    found = grounded(FACTS, "p(a,S)").outputs
    assert [o.name for o in found] == ["p(a,-1)", "p(a,2.5)", "p(a,x)"]
    assert all(o.domain == ("false", "true") for o in found)
    assert all(no == -yes for no, yes in (o.literals for o in found))
    assert grounded("p(1).", "p(1)").outputs[0].literals == (FALSE, TRUE)


def test_values_that_print_alike_stay_apart() -> None:
    (output,) = grounded("0.5::p(1). 0.5::p(1.0). 0.5::p('1').", "p(S)", "S").outputs
    assert output.domain == (1.0, 1, "1")
    assert len(set(output.literals)) == 3


@pytest.mark.parametrize(
    ("rules", "query", "output", "code", "text"),
    [
        ("0.5::p(1,_).", "p(X,Y)", "Y", "non-ground-probability", "0.5::p(1,_)."),
        ("p(1,_).", "p(X,Y)", "Y", "non-ground-query", "p(X,Y)"),
        ("p(1,_).", "p(X,Y)", None, "non-ground-query", "p(X,Y)"),
        ("p(1).", "p(2)", None, "no-answers", "p(2)"),
        ("p(1) :- fail.", "p(X)", "X", "no-answers", "p(X)"),
        ("p(1).", "q(X)", "X", "unknown-predicate", "q(X)"),
        ("p(1).", "p(X,Y)", "X", "unknown-predicate", "p(X,Y)"),
    ],
)
def test_mistakes_point_into_the_template(
    rules: str, query: str, output: str | None, code: str, text: str
) -> None:
    error = refusal(rules, query, output)
    assert error.code == code
    assert place(error)[1] is not None
    assert text.startswith(place(error)[1] or "?")


@pytest.mark.parametrize("wanted", ["Y", "x", "X", ("S", "S")])
def test_an_output_is_exactly_one_argument(wanted: str | tuple[str, ...]) -> None:
    with pytest.raises(LanguageError) as caught:
        Template.parse("p(X,f(Y),X,S)", wanted)
    assert caught.value.code == "output-not-in-query"


def test_a_template_made_by_hand_is_checked_too() -> None:
    with pytest.raises(LanguageError) as caught:
        Template(parse_atom("p(X)"), ("Y",))
    assert caught.value.code == "output-not-in-query"


def test_positions_follow_the_order_of_the_outputs() -> None:
    assert Template.parse("p(a,X,Y)", ("Y", "X")).positions == (2, 1)
    assert Template.parse("p", None).positions == ()
