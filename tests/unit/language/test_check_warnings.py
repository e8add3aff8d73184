"""Warnings about what a program as a whole cannot mean, and their silence on good programs."""

from pathlib import Path

import pytest

from nesy.language import check, parse

ROOT = Path(__file__).parents[3]
Finding = tuple[str, int, int]

MEANT = {
    ("aggregation.pl", "unused-predicate"),
    ("numbers.nesy", "duplicate-clause"),
    ("same_fact_twice.pl", "duplicate-clause"),
}
"""Files that show the very thing which a warning is about."""
STYLE = {".nesy": "unused-predicate", ".pl": "singleton-variable"}
"""What whole folders do on purpose: show syntax in clauses that nothing asks for; name what they need not."""


def warnings(text: str) -> list[Finding]:
    found = [f for f in check(text) if f.severity == "warning"]
    return [(f.code, *((f.span.line, f.span.column) if f.span else (0, 0))) for f in found]


def hint_of(text: str, code: str) -> str:
    (finding,) = (f for f in check(text) if f.code == code)
    return str(finding.hint)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # unused predicates
        ("a. b. query(a).", [("unused-predicate", 1, 4)]),
        ("a. b :- c. c. query(a).", [("unused-predicate", 1, 4)]),
        ("a. b :- c. c :- b. c. query(a).", [("unused-predicate", 1, 4)]),
        ("a. b :- b. b. query(a).", [("unused-predicate", 1, 4)]),
        ("a. 0.3::b; 0.4::c. query(a). query(b).", [("unused-predicate", 1, 17)]),
        ("a. b. evidence(b). query(a).", []),
        ("a. b. :- b. query(a).", []),
        ("a. b :- c. c.", [("no-query", 0, 0)]),
        # rules that never apply
        ("a :- fail, b. a. b. query(a).", [("unreachable-rule", 1, 6)]),
        ("a :- b, 2 > 3. a. b. query(a).", [("unreachable-rule", 1, 9)]),
        ("a :- x = y. a. query(a).", [("unreachable-rule", 1, 6)]),
        ("a :- 1 == 1.0. a. query(a).", [("unreachable-rule", 1, 6)]),
        ("a :- (fail ; 1 > 2). a. query(a).", [("unreachable-rule", 1, 6)]),
        ("a :- once(fail). a. query(a).", [("unreachable-rule", 1, 6)]),
        ("c(red). a :- c(rde). a. query(a).", [("unreachable-rule", 1, 14)]),
        ("c(f(1)). a :- c(g(1)). a. query(a).", [("unreachable-rule", 1, 15)]),
        ("a :- b. b :- a. c :- a. c. query(c).", [("unreachable-rule", 1, 6)]),
        ("a :- b. b :- c(2). c(1). d :- a. d. query(d).", [("unreachable-rule", 1, 14)]),
        (":- c(2). c(1). query(c(1)).", [("unreachable-rule", 1, 4)]),
        # what looks alike and may hold
        ("a :- (fail ; b). b. query(a).", []),
        ("a :- (fail -> b ; b). b. query(a).", []),
        ("a :- \\+ fail. query(a).", []),
        ("a(_) :- fail. b :- a(1). b. query(b).", []),
        ("c(X, X). a :- c(1, 2). query(a).", []),
        ("c([1|_]). a :- c([1, 2]). query(a).", []),
        ("c(1). d(X) :- c(X). a :- d(5). query(a).", []),
        ("n(0). n(X) :- Y is X - 1, n(Y). query(n(3)).", []),
        ("nn(net, [X], Y, [0, 1])::p(X, Y). a :- p(i, 7). query(a).", []),
        # queries and evidence that no rule can reach
        ("c(1). query(c(2)).", [("unreachable-query", 1, 13)]),
        ("a :- b. b :- a. query(a).", [("unreachable-rule", 1, 6), ("unreachable-query", 1, 23)]),
        ("c(1). query(c(1)). evidence(c(2)).", [("impossible-evidence", 1, 29)]),
        ("c(1). query(c(1)). evidence(\\+c(2)).", []),
        ("c(1). query(c(X)).", []),
        # clauses that stand twice
        ("a. a. query(a).", [("duplicate-clause", 1, 4)]),
        ("0.3::a. 0.3::a. query(a).", [("duplicate-clause", 1, 9)]),
        ("a(X) :- b(X, _). a(Y) :- b(Y, _). b(1, 2). query(a(1)).", [("duplicate-clause", 1, 18)]),
        ("0.3::a. 0.4::a. query(a).", []),
        ("a :- b, c. a :- b ; c. b. c. query(a).", []),
        ("a(X, Y) :- b(X, Y). a(X, Y) :- b(Y, X). b(1, 2). query(a(1, 2)).", []),
        ("\\+a :- b. a :- b. b. query(a).", []),
        ("a(1). a(1.0). a('1'). a(\"1\"). query(a(X)).", []),
    ],
)
def test_warnings(text: str, expected: list[Finding]) -> None:
    assert [w for w in warnings(text) if w[0] != "singleton-variable"] == expected


def test_goals_in_arguments_use_their_predicates() -> None:
    uses = (
        "findall(X, b(X), _), forall(c(X), \\+ d(X)), call(e, 1), maplist([X]>>f(X, 1), [1]), once((g ; h))"
    )
    text = f"a :- {uses}. b(1). c(1). d(2). e(1). f(1, 1). g. h. query(a)."
    assert not [w for w in warnings(text) if w[0] == "unused-predicate"]
    assert "unknown-predicate" in {f.code for f in check(text.replace(" f(1, 1).", ""))}


def test_goals_made_at_run_time_may_use_what_is_named() -> None:
    apply = "apply(P, X) :- call(P, X). query(apply(p, 1)). p(1). q(1)."
    assert [f.message for f in check(apply) if f.code == "unused-predicate"] == [
        "nothing that is asked depends on q/1"
    ]


def test_the_nearest_constant_is_named() -> None:
    assert hint_of("c(red). c(blue). a :- c(rde). a. query(a).", "unreachable-rule") == "did you mean red?"
    assert hint_of("c(red). query(c(42)).", "unreachable-query") == "no clause has 42 there"


@pytest.mark.parametrize(
    "path",
    [*ROOT.glob("grammar/corpus/valid/*.nesy"), *ROOT.glob("tests/conformance/problog/*.pl")],
    ids=lambda p: p.name,
)
def test_good_programs_are_left_in_peace(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = {(path.name, f.code) for f in check(text, path.name) if f.span and f.severity == "warning"}
    assert found <= MEANT | {(path.name, STYLE[path.suffix])}


def test_warnings_never_stop_a_program() -> None:
    parse("a. a. b :- fail. b :- b. query(c(2)). c(1).")
