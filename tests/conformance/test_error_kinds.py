"""A program that ProbLog refuses is refused here by the error of the same kind; what it takes is taken."""

from __future__ import annotations

import pytest

import nesy

# The kinds of ProbLog, and the codes that mean the same here.
CALL_MODE = {"unsafe-variable", "unbound-arithmetic", "call-mode", "not-a-number"}
KINDS = {
    "UnknownClause": {"unknown-predicate"},
    "CallModeError": CALL_MODE,
    "NegativeCycle": {"negative-cycle"},
    "InconsistentEvidenceError": {"inconsistent-evidence"},
    "NonGroundProbabilisticClause": {"non-ground-probability"},
    "InvalidValue": {"invalid-probability", "probability-range"},
    "AccessError": {"redefined-builtin"},
    "ArithmeticError": {"unknown-function", "not-a-number"},
    "ParseError": {"missing-dot", "missing-operand", "unexpected-token"},
}

REFUSED = [
    ("UnknownClause", "query(undefined)."),
    ("UnknownClause", "a. evidence(undefined). query(a)."),
    ("UnknownClause", "a. evidence(\\+undefined). query(a)."),
    ("UnknownClause", "a :- \\+undefined. query(a)."),
    ("UnknownClause", "edge(1, 2). a :- edge(1, 2, 3). query(a)."),
    ("UnknownClause", "a :- b ; c. b :- fail. query(a)."),
    ("UnknownClause", "a :- b. b :- c(1). c(1, 2). query(a)."),
    ("CallModeError", "a :- X > 3. query(a)."),
    ("CallModeError", "a :- X > 3, b(X). b(4). query(a)."),
    ("CallModeError", "a :- \\+ (b(X), X > Y). b(1). query(a)."),
    ("CallModeError", "a(X) :- X > 3. query(a(_))."),
    ("CallModeError", "a(X) :- X is Y + 1. query(a(_))."),
    ("CallModeError", "a(X) :- between(1, N, X). query(a(_))."),
    ("NegativeCycle", "a :- \\+b. b :- \\+a. query(a)."),
    ("NegativeCycle", "0.5::c. a :- c, \\+b. b :- a. query(a)."),
    ("InconsistentEvidenceError", "0.5::a. evidence(a). evidence(\\+a). query(a)."),
    ("NonGroundProbabilisticClause", "0.3::p(X). query(p(_))."),
    ("NonGroundProbabilisticClause", "0.3::p(X) :- q(Y). q(1). query(p(_))."),
    ("InvalidValue", "1.5::a. query(a)."),
    ("AccessError", "true. query(true)."),
    ("ParseError", "a :- b\nb. query(a)."),
]

ACCEPTED = [
    "b. c :- undefined. query(b).",
    "b. c :- X > 3. query(b).",
    "p(X). query(p(1)).",
    "p(X, Y) :- q(X). q(1). query(p(1, 2)).",
    "0.3::p(X). query(p(1)).",
    "0.3::p(X) :- q. q. query(p(7)).",
    "0.4::q(1). p(X) :- q(Y). query(p(3)).",
    "P::a(P). query(a(0.3)).",
    "P::a :- b(P). b(0.3). b(0.4). query(a).",
    "p(Y) :- r(Y), \\+ (q(X), X > Y). q(1). q(3). r(2). r(5). query(p(_)).",
    "a :- X = 3, X > 2. query(a).",
    "t(X) :- number(X), X > 3. query(t(4)). query(t(a)).",
    "a :- b. b :- fail. query(a).",
    "a(1). a(1). query(a(1)).",
    "p(X) :- X = f(Y), q(Y). q(1). query(p(_)).",
]
"""Programs that look unusual and are fine."""

NEEDS_LAZY_RULES = set(ACCEPTED[:1])
"""Grounding still resolves the names in rules that nothing needs; checking takes them."""


def our_code(text: str) -> str | None:
    try:
        nesy.solve(nesy.parse(text))
    except nesy.NesyError as error:
        return error.code
    return None


def problog_answers(text: str) -> dict[str, float]:
    problog = pytest.importorskip("problog", reason="the reference implementation is not installed")
    program = pytest.importorskip("problog.program").PrologString(text)
    found = problog.get_evaluatable("ddnnf").create_from(program).evaluate()
    return {str(atom): float(p) for atom, p in found.items()}


@pytest.mark.parametrize(("kind", "text"), REFUSED)
def test_refused_here(kind: str, text: str) -> None:
    assert our_code(text) in KINDS[kind]


@pytest.mark.parametrize(("kind", "text"), REFUSED)
def test_refused_by_problog(kind: str, text: str) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - the kinds share no base class
        problog_answers(text)
    assert type(caught.value).__name__ == kind


@pytest.mark.parametrize("text", ACCEPTED)
def test_accepted(text: str) -> None:
    program = nesy.parse(text)
    assert not [f for f in nesy.check(text) if f.severity == "error"]
    if text not in NEEDS_LAZY_RULES:
        answers = {atom: answer.probability for atom, answer in nesy.solve(program).items()}
        expected = {atom.replace(" ", ""): p for atom, p in problog_answers(text).items()}
        assert answers == pytest.approx(expected)
