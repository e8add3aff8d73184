"""Explanations and repairs in the rules' own words."""

from __future__ import annotations

import pytest

import nesy
from nesy.engines.reasoning import PartKind
from nesy.engines.reasoning.certain import must_be_certain
from nesy.errors import LanguageError, Source
from nesy.language.parser import parse_program
from nesy.language.syntax import Program

BURGLARY = nesy.parse(
    """\
0.1::burglary.
0.2::earthquake.
0.7::hears(X) :- person(X).
person(john).
alarm :- burglary.
alarm :- earthquake.
calls(X) :-
    alarm,   % loud
    hears(X).
""",
    "burglary.nesy",
)


def named(program: Program, atom: str | None = None, **kwargs: object) -> list[str] | None:
    found = nesy.explain(program, atom, **kwargs)  # type: ignore[arg-type]
    return None if found is None else [p.text for p in found.parts]


def test_parts_are_in_the_rules_own_words_with_places() -> None:
    found = nesy.explain(BURGLARY, "calls(john)", given={"burglary": True, "hears(john)": True})
    assert found is not None
    assert found.conclusion == "calls(john)"
    assert str(found).splitlines() == [
        "calls(john) holds in every possible world, because of",
        "  rule         alarm :- burglary.            burglary.nesy:5",
        "  rule         calls(X) :- alarm, hears(X).  burglary.nesy:7",
        "  observation  burglary                      given",
        "  observation  hears(john)                   given",
    ]
    assert [(p.kind, p.place) for p in found.parts][1:3] == [
        (PartKind.RULE, "burglary.nesy:7"),
        (PartKind.OBSERVATION, "given"),
    ]
    assert str(found.parts[0]) == "rule alarm :- burglary. (burglary.nesy:5)"


def test_what_is_forced_by_a_lack_of_rules() -> None:
    """An alarm was observed, and nothing but a burglary is left that could have given it."""
    assert named(BURGLARY, "burglary", given={"alarm": True, "earthquake": False}) == [
        "alarm",
        "\\+earthquake",
    ]


def test_what_is_false_is_explained_too() -> None:
    found = nesy.explain(BURGLARY, "burglary", given={"alarm": False})
    assert found is not None
    assert found.conclusion == "\\+burglary"
    assert str(found).startswith(
        "burglary holds in no possible world, because of\n  rule         alarm :- bur"
    )
    nothing = nesy.explain(nesy.parse("0.5::a. b :- a, c. c :- fail."), "b")
    assert nothing is not None
    assert str(nothing) == "b holds in no possible world, whatever is left out"


def test_what_is_open_has_no_explanation() -> None:
    assert nesy.explain(BURGLARY, "alarm") is None
    assert nesy.explain(BURGLARY) is None


def test_a_negated_atom_is_explained_as_the_atom() -> None:
    given = {"burglary": True}
    assert named(BURGLARY, "\\+alarm", given=given) == named(BURGLARY, "alarm", given=given)


def test_a_contradiction_comes_first() -> None:
    found = nesy.explain(BURGLARY, "calls(john)", given={"burglary": True, "alarm": False})
    assert found is not None
    assert found.conclusion is None
    assert str(found).startswith("there is no possible world, because of\n")


def test_smallest_and_minimal() -> None:
    rules = nesy.parse("0.5::a. b :- a. c :- b. d :- c. d :- e. 0.5::e. evidence(a). evidence(e). query(d).")
    smallest = nesy.explain(rules, "d")
    assert smallest is not None
    assert ([p.text for p in smallest.parts], smallest.smallest) == (["d :- e.", "evidence(e)."], True)
    minimal = nesy.explain(rules, "d", smallest=False)
    assert minimal is not None
    assert len(minimal.parts) in (2, 4)


def test_a_disjunction_is_a_choice() -> None:
    rules = nesy.parse("0.3::a; 0.7::b.")
    assert named(rules, "b", given={"a": False}) == ["0.3::a; 0.7::b.", "\\+a"]
    assert nesy.explain(nesy.parse("0.3::a; 0.6::b."), "b", given={"a": False}) is None


def test_negation() -> None:
    rules = nesy.parse("fly(X) :- bird(X), \\+ penguin(X). bird(tux). bird(jay). penguin(tux).")
    assert named(rules, "fly(tux)") == ["penguin(tux)."]
    assert named(rules, "fly(jay)") == ["fly(X) :- bird(X), \\+ penguin(X).", "bird(jay)."]
    heads = nesy.parse("fly(X) :- bird(X). \\+fly(X) :- penguin(X). bird(tux). penguin(tux).")
    assert named(heads, "fly(tux)") == ["\\+fly(X) :- penguin(X).", "penguin(tux)."]


def test_recursion() -> None:
    rules = nesy.parse(
        "path(X, Y) :- edge(X, Y).\npath(X, Y) :- path(X, Z), path(Z, Y).\n"
        "edge(1, 2). edge(2, 1). edge(2, 3). edge(3, 2). edge(3, 4)."
    )
    assert named(rules, "path(1,4)") == [
        "path(X, Y) :- edge(X, Y).",
        "path(X, Y) :- path(X, Z), path(Z, Y).",
        "edge(1, 2).",
        "edge(2, 3).",
        "edge(3, 4).",
    ]
    assert named(rules, "path(1,4)", background=["edge/2"]) == [
        "path(X, Y) :- edge(X, Y).",
        "path(X, Y) :- path(X, Z), path(Z, Y).",
    ]


def test_what_is_taken_for_granted_is_there() -> None:
    with pytest.raises(LanguageError, match="no clause defines alarms/0") as caught:
        named(BURGLARY, "alarm", given={"burglary": True}, background=["alarms/0"])
    assert caught.value.code == "unknown-predicate"
    assert caught.value.hint == "did you mean alarm/0?"


def test_kinds_in_question() -> None:
    given = {"burglary": True, "alarm": False}
    assert named(BURGLARY, given=given, among=["observation"]) == ["burglary", "\\+alarm"]
    assert named(BURGLARY, given=given, among=["rule"]) == ["alarm :- burglary."]
    found = nesy.explain(BURGLARY, given=given, among=["fact"])
    assert found is not None
    assert (found.parts, str(found)) == ((), "there is no possible world, whatever is left out")
    with pytest.raises(nesy.NesyError, match="unknown-kind"):
        nesy.explain(BURGLARY, "alarm", among=["rules"])


def test_what_is_collected_is_taken_for_granted() -> None:
    """Lists of 40 facts, each of which might be left out, would be 2^40."""
    items = "".join(f"item({i}).\n" for i in range(40))
    rules = nesy.parse(
        items + "total(S) :- findall(X, item(X), L), sum_list(L, S).\n"
        "0.5::open. full :- open, total(S), S > 700. over(count<X>) :- item(X)."
    )
    assert named(rules, "full", given={"open": True}) == [
        "total(S) :- findall(X, item(X), L), sum_list(L, S).",
        "full :- open, total(S), S > 700.",
        "open",
    ]
    assert named(rules, "over(40)") == []


@pytest.mark.parametrize(
    ("rules", "certain"),
    [
        ("a :- b. b :- c.", set()),
        ("a :- findall(X, b(X), L), d(L). b(X) :- c(X). d(_).", {("b", 1), ("c", 1)}),
        ("query(a(X)) :- b(X). b(1). c.", {("b", 1)}),
        ("a :- forall(b(X), c(X)). b(1). c(1).", set()),
        ("a(count<X>) :- b(X).", {("b", 1)}),
        ("a(G) :- findall(X, call(G, X), _).", None),
        ("a :- clause(b, _). b.", None),
        ("a :- once(findall(X, \\+ (b(X), c), _)). b(1). c.", {("b", 1), ("c", 0)}),
    ],
)
def test_what_must_be_certain(rules: str, certain: set[tuple[str, int]] | None) -> None:
    found = must_be_certain(parse_program(Source("r", rules))[0])
    assert (None if found is None else set(found)) == certain


def test_evidence_with_a_body() -> None:
    rules = nesy.parse("0.5::a(1). 0.5::a(2). n(1). n(2). evidence(a(X)) :- n(X). b :- a(1), a(2).")
    assert named(rules, "b") == ["evidence(a(X)) :- n(X).", "b :- a(1), a(2)."] or named(rules, "b") == [
        "b :- a(1), a(2).",
        "evidence(a(X)) :- n(X).",
    ]


def test_networks() -> None:
    rules = nesy.parse(
        "nn(net, [X], D, [1, 2])::digit(X, D).\nsum(S) :- digit(a, A), digit(b, B), S is A + B."
    )
    assert named(rules, "digit(a,1)", given={"sum(2)": True}) == ["sum(2)"]
    assert named(rules, "sum(3)", given={"digit(a,1)": True, "digit(b,1)": False}) == [
        "sum(S) :- digit(a, A), digit(b, B), S is A + B.",
        "digit(a,1)",
        "\\+digit(b,1)",
    ]


def test_repairs() -> None:
    given = {"burglary": True, "alarm": False}
    found = list(nesy.repair(BURGLARY, given=given))
    assert sorted(p.text for r in found for p in r.parts) == ["\\+alarm", "alarm :- burglary.", "burglary"]
    assert all(len(r.parts) == 1 for r in found)
    assert str(next(r for r in found if r.parts[0].text == "burglary")) == (
        "leave out\n  observation  burglary  given"
    )
    assert len(list(nesy.repair(BURGLARY, given=given, among=["observation"]))) == 2
    assert len(list(nesy.repair(BURGLARY, given=given, limit=1))) == 1
    assert list(nesy.repair(BURGLARY, given=given, among=["fact"])) == []
    with pytest.raises(nesy.NesyError, match="invalid-count"):
        nesy.repair(BURGLARY, given=given, limit=-1)


def test_what_needs_no_repair() -> None:
    (found,) = nesy.repair(BURGLARY, given={"burglary": True})
    assert not found
    assert str(found) == "nothing needs repair"


def test_a_long_chain() -> None:
    rules = nesy.parse("n(0). n(X) :- X > 0, Y is X - 1, n(Y).")
    assert named(rules, "n(3000)") == ["n(0).", "n(X) :- X > 0, Y is X - 1, n(Y)."]
