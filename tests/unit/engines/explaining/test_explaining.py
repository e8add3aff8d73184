"""Explanations of probabilities: what they say, and of what programs."""

from __future__ import annotations

import json
from math import isclose

import numpy as np
import pytest

import nesy
from nesy.engines.explaining import ProbabilityExplanation, ProbableProof, best
from nesy.engines.explaining.fields import fields
from nesy.errors import NesyError

BURGLARY = nesy.parse(
    """
0.1::burglary.
0.2::earthquake.
0.7::hears(X) :- person(X).
person(john). person(mary).
alarm :- burglary.
alarm :- earthquake.
calls(X) :- alarm, hears(X).
""",
    "burglary.nesy",
)

COLOURS = """
0.5::colour(X, red); 0.3::colour(X, blue) :- town(X).
town(a). town(b). road(a, b).
clash :- road(X, Y), colour(X, C), colour(Y, C).
fine :- \\+ clash, (colour(a, red) ; colour(b, blue)).
"""


def of(rules: str, atom: str, **options: object) -> ProbabilityExplanation:
    return nesy.explain_probability(nesy.parse(rules, "t.nesy"), atom, **options)  # type: ignore[arg-type]


def steps(proof: ProbableProof) -> list[str]:
    return [s.text for s in proof.steps]


def test_it_reads_like_the_rules() -> None:
    found = nesy.explain_probability(BURGLARY, "calls(mary)", given={"calls(john)": True}, proofs=1)
    assert str(found).splitlines() == [
        "calls(mary): 0.7",
        "given calls(john)",
        "",
        "its most probable proof:",
        "  1. 0.5, by hears(mary) (0.7), earthquake (0.2, posterior 0.7143), hears(john) (0.7, posterior 1)",
        "     calls(mary) :- alarm, hears(mary).     burglary.nesy:8",
        "       alarm :- earthquake.                 burglary.nesy:7",
        "         0.2::earthquake.                   burglary.nesy:3",
        "       0.7::hears(mary) :- person(mary).    burglary.nesy:4",
        "         person(mary).                      burglary.nesy:5",
        "     observed: calls(john)",
        "       calls(john) :- alarm, hears(john).   burglary.nesy:8",
        "         alarm :- earthquake.  (as above)   burglary.nesy:7",
        "         0.7::hears(john) :- person(john).  burglary.nesy:4",
        "           person(john).                    burglary.nesy:5",
        "",
        "what matters most:",
        "               probability  posterior  derivative  if true  if false",
        "  hears(mary)          0.7        0.7           1        1         0",
        "",
        "what it would be without",
        "  calls(john)  0.196",
        "",
        "what alone would take it below 0.5:",
        "  hears(mary)  0.7 -> 0.5 or less",
    ]


def test_what_matters_is_told_for_each_choice() -> None:
    found = nesy.explain_probability(BURGLARY, "burglary", given={"alarm": True})
    assert isclose(found.probability, 0.1 / 0.28)
    burglary, earthquake = found.influences
    assert (burglary.name, burglary.if_true, burglary.if_false) == ("burglary", 1.0, 0.0)
    assert isclose(burglary.derivative, 0.2 / 0.28**2)
    assert earthquake.name == "earthquake"
    assert earthquake.derivative < 0
    assert earthquake.if_true is not None
    assert isclose(earthquake.if_true, 0.1)
    assert [(c.name, round(c.to, 6)) for c in found.changes] == [
        ("burglary", round(1 / 6, 6)),
        ("earthquake", round(1 / 9, 6)),
    ]
    assert not found.likely


def test_negation_and_alternatives() -> None:
    found = of(COLOURS, "fine", proofs=5)
    assert found.exhaustive
    assert [[f.name for f in p.facts] for p in found.proofs] == [
        ["colour(a,red)", "\\+colour(b,red)"],
        ["\\+colour(a,blue)", "colour(b,blue)"],
    ]
    assert steps(found.proofs[0]) == [
        "fine :- \\+clash, colour(a,red).",
        "\\+clash",
        "\\+colour(b,red)",
        "\\+colour(a,blue)",
        "colour(a,red)",
        "0.5::colour(a,red) :- town(a).",
        "town(a).",
    ]
    named = {i.name: i for i in found.influences}
    assert named["colour(b,blue)"].if_true == pytest.approx(0.7)


def test_observations_and_constraints() -> None:
    found = of(COLOURS + ":- colour(b, red).", "fine", given={"colour(a,red)": False}, proofs=9)
    assert found.given == ("\\+colour(a,red)", ":- colour(b, red)")
    assert found.probability == pytest.approx(0.2 / 0.5 * 0.3 / 0.5)
    (proof,) = found.proofs
    assert proof.probability == pytest.approx(found.probability)
    kinds = [s.kind for s in proof.steps]
    assert kinds.count("observation") == kinds.count("constraint") == 1
    without = {o.name: o.without for o in found.observations}
    assert without[":- colour(b, red)"] == pytest.approx(0.2 / 0.5 * 0.3)


def test_cycles_prove_nothing_from_itself() -> None:
    rules = "0.5::e(1,2). 0.4::e(2,1). 0.3::e(2,3). p(X,Y) :- p(X,Z), e(Z,Y). p(X,Y) :- e(X,Y)."
    (proof,) = of(rules, "p(1,3)").proofs
    assert steps(proof) == [
        "p(1,3) :- p(1,2), e(2,3).",
        "p(1,2) :- e(1,2).",
        "0.5::e(1,2).",
        "0.3::e(2,3).",
    ]
    (denied,) = of("a :- b. b :- a. 0.5::c. a :- c.", "\\+b").proofs
    assert steps(denied) == ["\\+b", "\\+a", "\\+c"]


def test_what_cannot_hold_is_explained_by_its_contrary() -> None:
    found = of("0.3::a. b :- a, \\+ a. c(1).", "b")
    assert (found.probability, found.contrary) == (0.0, True)
    assert steps(found.proofs[0])[0] == "\\+b"
    nothing = of("0.3::a. c(1).", "c(2)")
    assert (nothing.probability, nothing.influences) == (0.0, ())
    assert "\\+c(2) (no rule can give it)" in str(nothing)
    excluded = of("0.3::a. b :- a.", "a", given={"b": False})
    assert excluded.contrary
    assert excluded.influences[0].if_true is None
    assert steps(excluded.proofs[0]) == ["\\+a", "\\+b"]


def test_what_excludes_an_atom_does_so_exactly() -> None:
    rules = """1/3::c(0); 1/3::c(1); 1/3::c(2). 1/3::d(0); 1/3::d(1); 1/3::d(2). 0.3::e.
    q :- c(0), d(1), e. q :- c(1), d(0)."""
    told = {i.name: i.if_true for i in of(rules, "q").influences}
    assert told["c(2)"] == told["d(2)"] == 0.0


def test_certain_atoms_need_no_choice() -> None:
    found = of("p(X) :- q(X), X > 1. q(1). q(2).", "p(2)")
    (proof,) = found.proofs
    assert (found.probability, proof.probability, proof.facts) == (1.0, 1.0, ())
    assert steps(proof) == ["p(2) :- q(2), 2>1.", "q(2)."]


def test_a_case_is_supposed_where_each_leads_to_the_same() -> None:
    (proof,) = of("0.4::x. p :- x. p :- \\+ x.", "p").proofs
    assert proof.facts == ()
    assert [f.name for f in proof.supposed] == ["\\+x"]
    assert steps(proof) == ["p :- \\+x.", "\\+x"]


def test_clauses_of_one_name_are_told_apart() -> None:
    found = of("0.3::a. 0.3::a. 0.2::b :- a.", "b")
    assert {f.name for p in found.proofs for f in p.facts} == {"a", "a#2", "b"}
    assert {s.place for p in found.proofs for s in p.steps} == {"t.nesy:1"}


def test_goals_about_goals() -> None:
    rules = """
    0.6::f(ann, bob). 0.5::f(ann, cid). 0.3::rain.
    friends(L) :- findall(F, f(ann, F), L).
    many(N) :- aggregate_all(count, f(_, _), N).
    out(W) :- (rain -> W = coat ; W = hat).
    all_in :- forall(member(X, [bob, cid]), f(ann, X)).
    none :- \\+ (f(ann, X), X == bob).
    """
    (proof,) = of(rules, "friends([bob])").proofs
    assert steps(proof) == [
        "friends([bob]) :- findall(F, f(ann, F), L) with result [bob].",
        "f(ann,bob)",
        "\\+f(ann,cid)",
    ]
    assert steps(of(rules, "many(0)").proofs[0])[1:] == ["\\+f(ann,bob)", "\\+f(ann,cid)"]
    assert steps(of(rules, "out(hat)").proofs[0]) == ["out(hat) :- \\+rain, hat=hat.", "\\+rain"]
    assert of(rules, "all_in").proofs[0].probability == pytest.approx(0.3)
    assert steps(of(rules, "none").proofs[0])[-1] == "\\+f(ann,bob)"


def test_tables_of_facts_and_python() -> None:
    @nesy.foreign("+int", "-int")
    def double(n: int) -> int:
        return 2 * n

    table = nesy.facts("n", [("a", 2, 0.5), ("b", 1, 0.5)], columns=[0, 1], probability=2)
    text = "big(X) :- n(X, P), double(P, Q), Q > 3."
    rules = nesy.parse(text, facts=[table], foreign=[double])
    (proof,) = nesy.explain_probability(rules, "big(a)").proofs
    assert steps(proof) == ["big(a) :- n(a,2), double(2,4), 4>3.", "0.5::n(a,2)."]


def test_negative_heads() -> None:
    found = of("0.9::f(X) :- bird(X). 0.2::\\+f(X) :- bird(X). bird(t).", "f(t)")
    assert "f(t) :- bird(t), no clause says \\+f(t)." in steps(found.proofs[0])


def test_machines_read_the_same() -> None:
    found = nesy.explain_probability(BURGLARY, "calls(mary)", given={"calls(john)": True})
    told = json.loads(json.dumps(fields(found)))
    assert told["probability"] == found.probability
    assert [p["probability"] for p in told["proofs"]] == [p.probability for p in found.proofs]
    first = told["proofs"][0]["steps"][told["proofs"][0]["roots"][0]]
    assert (first["text"], first["file"], first["line"]) == (
        "calls(mary) :- alarm, hears(mary).",
        "burglary.nesy",
        8,
    )
    assert told["observations"] == [{"name": "calls(john)", "without": pytest.approx(0.196)}]
    assert {c["name"] for c in told["changes"]} == {"hears(mary)"}


def test_the_compiled_search_finds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    atom, given = "calls(mary)", {"calls(john)": True}
    expected = nesy.explain_probability(BURGLARY, atom, given=given)
    monkeypatch.setattr(best, "SMALL", -1)
    found = nesy.explain_probability(BURGLARY, atom, given=given)
    assert [p.facts for p in found.proofs] == [p.facts for p in expected.proofs]
    assert np.allclose([p.probability for p in found.proofs], [p.probability for p in expected.proofs])
    assert (found.exhaustive, found.optimal) == (True, True)


def test_proofs_may_be_deep_and_terms_long() -> None:
    rules = "0.5::ok. p(0) :- ok. p(N) :- N > 0, M is N - 1, p(M)."
    (proof,) = of(rules, "p(1000)").proofs
    assert len(proof.steps) == 1002
    assert "and 942 steps more" in str(of(rules, "p(1000)"))
    assert len(str(of("0.5::a. q :- numlist(1, 20000, L), a, length(L, _).", "q"))) < 2000


@pytest.mark.parametrize(
    ("rules", "atom", "options", "code"),
    [
        ("0.3::a.", "b", {}, "unknown-predicate"),
        ("0.3::a(1).", "a(X)", {}, "not-ground"),
        ("0.3::a.", "a(", {}, "unclosed-bracket"),
        ("0.3::a.", "a", {"proofs": 0}, "invalid-count"),
        ("0.3::a. b :- a.", "b", {"given": {"a": True, "b": False}}, "inconsistent-evidence"),
        ("0.3::a.", "a", {"given": {"a": 1}}, "unknown-value"),
        ("nn(net, [x]) :: a.", "a", {}, "needs-networks"),
        ("a :- \\+ a.", "a", {}, "negative-cycle"),
        ("p(X) :- q(X). q(1). evidence(p(X)).", "q(1)", {}, "non-ground-evidence"),
    ],
)
def test_mistakes(rules: str, atom: str, options: dict[str, object], code: str) -> None:
    with pytest.raises(NesyError) as mistake:
        of(rules, atom, **options)
    assert mistake.value.code == code
    assert mistake.value.hint
