"""Where nothing can be learned, rules that nothing uses, and what audits refuse."""

from __future__ import annotations

from itertools import product
from unittest.mock import patch

import pytest

import nesy
from nesy.engines.audit import maps, noisy, solving, used_rules

DIGIT = "nn(net, [X], D, 0..5) :: digit(X, D).\n"


def findings(
    rules: str, query: str, output: str | tuple[str, ...] | None = None
) -> list[tuple[str, str, int]]:
    found = nesy.audit(nesy.parse(rules), query, output).findings
    assert all(f.severity == "warning" for f in found)
    return [(f.code, f.message, 0 if f.span is None else f.span.line) for f in found]


def test_a_concept_on_which_nothing_depends() -> None:
    rules = DIGIT + "low(L) :- digit(a, D), digit(b, _), L is D."
    assert findings(rules, "low(L)", "L") == [("no-gradient", "no output depends on net(b)", 1)]


def test_outputs_that_do_not_depend_on_some_concepts() -> None:
    rules = DIGIT + "pair(D, E) :- digit(a, D), digit(b, E)."
    assert findings(rules, "pair(D, E)", ("D", "E")) == [
        ("independent-output", "pair#1 does not depend on b", 1),
        ("independent-output", "pair#2 does not depend on a", 1),
    ]


def test_however_seldom_a_concept_matters_it_does() -> None:
    # The first bit matters only where all others are set, which is far below what floats can tell.
    rules = """
        nn(net, [X], B, [0, 1]) :: bit(X, B).
        all(0). all(N) :- N > 0, bit(x(N), 1), M is N - 1, all(M).
        out(1) :- bit(x(0), 1), all(60).
        out(0) :- bit(x(0), 0).
        out(0) :- bit(x(0), 1), \\+all(60).
    """
    assert findings(rules, "out(S)", "S") == []


def test_values_that_no_output_tells_apart() -> None:
    rules = DIGIT + "half(H) :- digit(a, D), D < 4, H is D // 2."
    assert findings(rules, "half(H)", "H") == [
        ("alike-values", "net: no output tells 0, 1 apart", 1),
        ("alike-values", "net: no output tells 2, 3 apart", 1),
        ("fruitless-value", "net: no output has a value where it gives 4, 5", 1),
    ]


def test_labels_that_no_world_gives() -> None:
    rules = DIGIT + "out(D) :- digit(a, D). :- digit(a, 5)."
    assert findings(rules, "out(D)", "D") == [
        ("fruitless-value", "net: no output has a value where it gives 5", 1),
        ("impossible-label", "no world gives out = 5", 0),
    ]


def test_rules_that_no_proof_uses() -> None:
    rules = r"""nn(net, [X], D, 0..3) :: digit(X, D).
        nn(other, [X]) :: other(X).
        low(X) :- digit(X, D), D < 2.
        low(X) :- digit(X, D), D > 7.
        low(X) :- other(X), fail.
        blocked(X) :- digit(X, 1).
        blocked(X) :- digit(X, 11).
        certain. absent(X) :- digit(X, 2), \+certain.
        list([]). list([_|T]) :- list(T). never(a) :- never(b). never(b) :- never(a).
        out(1) :- low(a), \+blocked(a), list([x]), (absent(a) ; certain ; never(a)).
        out(0) :- \+low(a)."""
    assert [
        (message, line) for code, message, line in findings(rules, "out(S)", "S") if code == "unused-rule"
    ] == [
        (f"no proof of what is asked uses {text}", line)
        for text, line in [
            ("nn(other, [X]) :: other(X).", 2),
            ("low(X) :- digit(X, D), D > 7.", 4),
            ("low(X) :- other(X), fail.", 5),
            ("blocked(X) :- digit(X, 11).", 7),
            ("absent(X) :- digit(X, 2), \\+certain.", 8),
            ("never(a) :- never(b).", 9),
            ("never(b) :- never(a).", 9),
        ]
    ]


def test_rules_that_evidence_uses_are_used() -> None:
    rules = DIGIT + "seen :- digit(a, D), D > 0.\nevidence(seen).\nout(D) :- digit(a, D)."
    assert "unused-rule" not in {code for code, _, _ in findings(rules, "out(D)", "D")}


def test_rules_that_cannot_be_told_are_said_to_be() -> None:
    facts = "\n".join(f"item({i})." for i in range(30))
    rules = DIGIT + facts + "\nout(N) :- findall(I, item(I), L), length(L, N), digit(a, _)."
    codes = {code for code, _, _ in findings(rules, "out(N)", "N")}
    assert codes == {"unchecked-rules", "no-gradient", "alike-values"}
    with patch.object(used_rules, "MOST", 1):
        ((_, message, _),) = findings(DIGIT + "out(D) :- digit(a, D).", "out(D)", "D")
    assert message == "which rules are used could not be told: there are 2 clauses, more than 1"


def test_probabilities_yet_to_be_learned_leave_it_open() -> None:
    # Reading all bits wrongly, and learning 0.7 for 0.3, would be as good.
    rules = """nn(net, [X], B, [0, 1]) :: bit(X, B).
        t(0.3) :: flipped.
        out(B) :- bit(a, B), \\+flipped.
        out(B) :- bit(a, A), flipped, B is 1 - A."""
    found = nesy.audit(nesy.parse(rules), "out(B)", "B")
    assert (found.wrong_maps, found.guarantee) == (0, "at least")
    assert str(found).splitlines()[0].endswith(", with probabilities as learning begins")
    assert [(f.code, f.span and f.span.line) for f in found.findings] == [("learnable-probability", 2)]


@pytest.mark.parametrize(("chance", "wrong"), [("0.5", 1), ("0.3", 0)])
def test_noise_that_several_outputs_share(chance: str, wrong: int) -> None:
    # Each output alone is even either way; together they tell whether the bits are equal.
    rules = f"""
        nn(net, [X], B, [0, 1]) :: bit(X, B).
        {chance} :: flipped.
        out(X, B) :- bit(X, B), \\+flipped.
        out(X, B) :- bit(X, A), flipped, B is 1 - A.
        both(S, T) :- out(a, S), out(b, T).
    """
    assert nesy.audit(nesy.parse(rules), "both(S, T)", ("S", "T")).wrong_maps == wrong


def test_chances_are_the_fractions_that_the_rules_write() -> None:
    # In floating point, 0.1 + 0.2 is not 0.3.
    rules = """
        nn(net, [X], B, [0, 1]) :: bit(X, B).
        0.1 :: x; 0.2 :: y.   0.3 :: z.
        out(1) :- bit(a, 0), x.   out(1) :- bit(a, 0), y.   out(1) :- bit(a, 1), z.
        out(0) :- \\+out(1).
    """
    assert nesy.audit(nesy.parse(rules), "out(S)", "S").wrong_maps == 3


def test_two_predicates_over_one_call_are_about_one_concept() -> None:
    rules = """
        nn(enc, [X], E) :: code(X, E).
        nn(net, [E], V, [0, 1]) :: one(E, V).   nn(net, [E], V, [0, 1]) :: two(E, V).
        out(V, W) :- code(a, E), one(E, V), two(E, W).
    """
    found = nesy.audit(nesy.parse(rules), "out(V, W)", ("V", "W"))
    assert (found.concepts, found.wrong_maps) == (("a",), 0)


def test_numbers_that_a_network_is_given_tell_its_maps_apart() -> None:
    rules = "nn(net, [I, X], B, [0, 1]) :: bit(I, X, B). out(Z) :- bit(1, a, A), bit(2, b, B), Z is A xor B."
    found = nesy.audit(nesy.parse(rules), "out(Z)", "Z")
    assert found.shortcut is not None
    assert set(found.shortcut.changed) == {"net(1,_)", "net(2,_)"}


def test_what_is_refused() -> None:
    with pytest.raises(nesy.NesyError) as refused:
        nesy.audit(nesy.parse("0.5::rain."), "rain")
    assert refused.value.code == "nothing-to-audit"
    with pytest.raises(nesy.NesyError) as refused:
        nesy.audit(nesy.parse(DIGIT + "out(D) :- digit(a, D). :- out(_)."), "out(D)", "D")
    assert refused.value.code == "no-examples"


PARITY = """
nn(net, [X], B, [0, 1]) :: bit(X, B).
parity(0, 0). parity(N, P) :- N > 0, M is N - 1, parity(M, Q), bit(x(M), B), P is (Q + B) mod 2.
sum(S) :- parity(30, S).
"""
ADDITION = DIGIT + "sum(S) :- digit(a, A), digit(b, B), digit(c, C), S is A + B - C."


@pytest.mark.parametrize(
    ("limit", "rules", "code"),
    [
        (
            patch.object(noisy, "MOST", 10),
            ADDITION.replace(", S is", ", noise, S is") + " 0.5::noise.",
            "audit-too-large",
        ),
        (patch.object(maps, "MOST", 10), ADDITION, "audit-too-large"),
        (patch.object(solving, "CONFLICTS", 1), PARITY, "audit-too-hard"),
    ],
)
def test_limits(limit: object, rules: str, code: str) -> None:
    with limit, pytest.raises(nesy.NesyError) as refused:  # type: ignore[attr-defined]
        nesy.audit(nesy.parse(rules), "sum(S)", "S")
    assert (refused.value.code, bool(refused.value.hint)) == (code, True)


def test_fruitless_combinations_are_no_examples() -> None:
    # Where a is above b nothing follows, so nothing is learned from it.
    rules = DIGIT + "gap(G) :- digit(a, A), digit(b, B), A =< B, G is B - A."
    found = nesy.audit(nesy.parse(rules), "gap(G)", "G")
    values = range(6)
    consistent = [
        image
        for image in product(values, repeat=6)
        if all(image[b] - image[a] == b - a for a in values for b in values if a <= b)
    ]
    assert found.wrong_maps == len(consistent) - 1


def test_counts_may_have_more_digits_than_python_shows() -> None:
    found = nesy.Audit(("out",), ("a",), 10**5_000, "exact", {}, {})
    assert found.digits == "1" + "0" * 5_000
    assert "00,000,000 wrong concept maps are consistent" in str(found)
