"""Each check: what it finds and where, and what it must leave alone."""

import pytest

from nesy.language import check, parse

Finding = tuple[str, int, int]


def findings(text: str, severity: str = "error") -> list[Finding]:
    found = [f for f in check(text) if f.severity == severity]
    return [(f.code, *((f.span.line, f.span.column) if f.span else (0, 0))) for f in found]


def hint_of(text: str, code: str) -> str:
    (finding,) = (f for f in check(text) if f.code == code)
    assert finding.hint is not None
    return finding.hint


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # unsafe variables
        ("P::a.", ("unsafe-variable", 1, 1)),
        ("b(1).\nP::a :- \\+b(P).", ("unsafe-variable", 2, 1)),
        ("b(1).\nP*Q::a :- b(P).", ("unsafe-variable", 2, 3)),
        ("nn(net, [Y], D, 0..2)::p(X, D).", ("unsafe-variable", 1, 10)),
        ("nn(net, [f(X, Y)])::p(X).", ("unsafe-variable", 1, 15)),
        ("a :- X > 3.", ("unsafe-variable", 1, 6)),
        ("p(X) :- X is Y + 1.", ("unsafe-variable", 1, 14)),
        ("p(X) :- between(0, N, X).", ("unsafe-variable", 1, 20)),
        ("p(X) :- (X = 1 ; X = 2), Y < X.", ("unsafe-variable", 1, 26)),
        (":- X > 3.", ("unsafe-variable", 1, 4)),
        ("a :- \\+ (X > 3).", ("unsafe-variable", 1, 10)),
        ("a :- \\+ (b(X), X > Y). b(1).", ("unsafe-variable", 1, 20)),
        ("a :- X > 3, b(X). b(1).", ("unsafe-variable", 1, 6)),
        ("a :- (b(X) ; X > 3). b(1).", ("unsafe-variable", 1, 14)),
        ("a :- (b(X) -> X > 3 ; Y > 3). b(1).", ("unsafe-variable", 1, 23)),
        ("query(p(X)) :- X > 3. p(1).", ("unsafe-variable", 1, 16)),
        ("evidence(p(X)) :- X > 3. p(1).", ("unsafe-variable", 1, 19)),
        ("P::t(Q) :- Q > R, P is 1/2.", ("unsafe-variable", 1, 16)),
        ("_::a.", ("unsafe-variable", 1, 1)),
        # unknown predicates
        ("a :- b.", ("unknown-predicate", 1, 6)),
        ("a :- \\+b.", ("unknown-predicate", 1, 8)),
        (":- b.", ("unknown-predicate", 1, 4)),
        ("query(a).", ("unknown-predicate", 1, 7)),
        ("evidence(\\+a).", ("unknown-predicate", 1, 12)),
        ("a(1).\nb :- a.", ("unknown-predicate", 2, 6)),
        ("a :- X + 1.", ("unknown-predicate", 1, 6)),
        ("a :- nb_getval(k, X), b(X).\nb(1).", ("unsupported-builtin", 1, 6)),
        # built-ins
        ("true.", ("redefined-builtin", 1, 1)),
        ("X = X.", ("redefined-builtin", 1, 1)),
        ("0.3::between(a, b, c).", ("redefined-builtin", 1, 6)),
        ("0.3::a; 0.2::fail.", ("redefined-builtin", 1, 14)),
        # probabilities
        ("1.5::a.", ("invalid-probability", 1, 1)),
        ("-0.1::a.", ("invalid-probability", 1, 1)),
        ("3/2::a.", ("invalid-probability", 1, 1)),
        ("1/0::a.", ("invalid-probability", 1, 1)),
        ("likely::a.", ("invalid-probability", 1, 1)),
        ('"0.5"::a.', ("invalid-probability", 1, 1)),
        ("[0.5]::a.", ("invalid-probability", 1, 1)),
        ("b.\n0.5::c; 1.5::a :- b.", ("invalid-probability", 2, 9)),
        ("t(1.5)::a.", ("invalid-probability", 1, 3)),
        ("t(P)::a.", ("unsafe-variable", 1, 3)),
        # annotated disjunctions
        ("0.7::a; 0.6::b.", ("probabilities-above-one", 1, 1)),
        ("1/3::a; 1/3::b; 1/3::c; 0.01::d.", ("probabilities-above-one", 1, 1)),
        ("c(0.1).\n0.7::a; P::d; 0.6::b :- c(P).", ("probabilities-above-one", 2, 1)),
        ("0.7::a; b.", ("unlabelled-head", 1, 9)),
        ("0.5::a; nn(net, [x])::b.", ("neural-in-disjunction", 1, 9)),
        # neural predicates
        ("nn(net, [X], Y, [a, b])::p(X).", ("malformed-neural", 1, 14)),
        ("nn(net, [X], Y)::p(X).", ("malformed-neural", 1, 14)),
        ("nn(net, [X, Y], Y)::p(X, Y).", ("malformed-neural", 1, 17)),
        ("nn(net, [X], Y, [a, b, a])::p(X, Y).", ("malformed-neural", 1, 24)),
        ("nn(net, [X], Y, [a, X])::p(X, Y).", ("malformed-neural", 1, 21)),
        ("nn(n, [X], Y, 0..2)::p(X, Y).\nnn(n, [X], Y, 0..3)::q(X, Y).", ("inconsistent-network", 2, 1)),
        ("nn(n, [X])::p(X).\nnn(n, [X, Y])::q(X, Y).", ("inconsistent-network", 2, 1)),
        ("nn(n, [X])::p(X).\nnn(n, [X], Y)::q(X, Y).", ("inconsistent-network", 2, 1)),
        # directives
        (":- initialization(main). main.", ("unsupported-directive", 1, 4)),
    ],
)
def test_one_mistake_gives_one_error(text: str, expected: Finding) -> None:
    assert findings(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "member(X, [X|_]). member(X, [_|T]) :- member(X, T).",
        "append([], L, L).",
        "p(X).",
        "0.3::p(X).",
        "P::a(P).",
        "P::a(X) :- w(X, P). w(1, 0.5).",
        "P::a :- Q = 0.3, P is 1 - Q.",
        "above(X) :- X > 3.",
        "a :- \\+b(X). b(1).",
        "a :- b(X), \\+ (X > 3). b(1).",
        "a :- c(Y), \\+ (b(X), X > Y). b(1). c(1).",
        "a :- \\+ (b(X), \\+ (c(Y), X > Y)). b(1). c(1).",
        "a :- (var(X) -> true ; X > 3).",
        "a :- nonvar(X), X > 3.",
        "a(X) :- \\+ var(X), X > 3.",
        "a :- \\+ var(X), X > 3.",
        "a :- (b(X) ; X = 2), X > 1. b(1).",
        "a :- (b(X) -> Y = X ; Y = 2), Y > 1. b(1).",
        "t(P)::a(P). t(_)::b. t(0.3)::c.",
        "p(X, Y) :- q(X). q(1).",
        "\\+a :- b. 0.3::b. 0.5::a.",
        "query(a(X)) :- b(X), X > 1. a(1). b(1).",
        "a :- X = 3, X > 2.",
        "a :- length([b], N), N > 0.",
        "a :- member(X, [1, 2]), nth0(0, [1], X), sum_list([1], S), S > X.",
        "0.1::a(1); 0.1::a(2); 0.1::a(3); 0.7::a(4).",
        "1/3::a; 1/3::b; 1/3::c.",
        "0::a. 1::b. 1.0::c. 2-1::d.",
        "nn(net, [X], Y, [1, 1.0, a])::p(X, Y).",
        "nn(n, [X], Y, 0..2)::p(X, Y). nn(n, [X], Y, [a, b, c])::q(X, Y).",
        "nn(n, [X], E)::p(X, E). nn(m, [E])::q(E).",
        ":- use_module(library(lists)). :- discontiguous a/1, b/2. :- table a/1. a(1).",
        ":- a, \\+a. a.",
        "op. a :- op.",
    ],
)
def test_what_may_have_a_meaning_is_left_to_grounding(text: str) -> None:
    assert findings(text) == []
    parse(text)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("alarm.\na :- alram.", "alarm/0"),
        ("edge(1, 2, 3).\na :- edge(1, 2).", "edge/3 exists"),
        ("edge(1).\nedge(1, 2, 3).\na :- edge(1, 2).", "edge/1 and edge/3 exist"),
        ("a :- membr(1, [1]).", "member/2"),
        ("a :- lenght([1], 1).", "length/2"),
        ("a :- zzz(1, 2).", "zzz(_,_) :- fail."),
    ],
)
def test_unknown_predicates_come_with_their_neighbours(text: str, hint: str) -> None:
    assert hint in hint_of(text, "unknown-predicate")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("p(X, Y) :- q(X). q(1). query(p(1, 2)).", [("singleton-variable", 1, 6)]),
        ("p(_Y). query(p(1)).", []),
        ("p(_). query(p(1)).", []),
        ("p(X, X). query(p(1, 1)).", []),
        ("p. query(p). query(q(X)). q(1).", []),
        ("P::a :- b(P). b(0.1). query(a).", []),
        ("nn(net, [X], Y, [a])::p(X, Y).", []),
        ("p.", [("no-query", 0, 0)]),
        ("p.\nquerry(p).", [("no-query", 0, 0), ("misspelled-query", 2, 1)]),
        ("p. query(p).\nevidance(p).", [("misspelled-query", 2, 1)]),
    ],
)
def test_warnings(text: str, expected: list[Finding]) -> None:
    assert findings(text, "warning") == expected
    parse(text)


@pytest.mark.parametrize(
    ("text", "hint"),
    [("70::a.", "did you mean 70/100?"), ("1.5::a.", "from 0 to 1"), ("-0.1::a.", "from 0 to 1")],
)
def test_a_probability_that_is_none_has_a_remedy(text: str, hint: str) -> None:
    (found,) = [finding for finding in check(text) if finding.code == "invalid-probability"]
    assert hint in (found.hint or "")


def test_findings_are_sorted_by_place() -> None:
    text = "query(p(X)). query(s).\np(Y) :- q(Y).\n1.5::r.\ns :- t.\n"
    assert findings(text) == [
        ("unknown-predicate", 2, 9),
        ("invalid-probability", 3, 1),
        ("unknown-predicate", 4, 6),
    ]


def test_behind_a_syntax_error_everything_else_is_still_found() -> None:
    text = "rain wet.\n1.5::a.\nb :- rain, snow.\nc(X)."
    assert findings(text) == [
        ("unexpected-token", 1, 6),
        ("invalid-probability", 2, 1),
        ("unknown-predicate", 3, 12),
    ]
    assert findings(text, "warning") == [("singleton-variable", 4, 3)]


def test_what_a_malformed_statement_may_define_is_not_unknown() -> None:
    assert findings("'heavy rain'(x) wet(y).\nb :- wet(1), 'heavy rain'(2).") == [("unexpected-token", 1, 17)]


def test_an_unknown_predicate_that_nothing_asked_needs_is_a_warning() -> None:
    text = "a. b :- c. d :- e. query(a). query(d)."
    assert findings(text) == [("unknown-predicate", 1, 17)]
    assert ("unknown-predicate", 1, 9) in findings(text, "warning")
    parse("a. b :- c. query(a).")


def test_what_a_query_that_cannot_be_read_may_ask_is_an_error() -> None:
    text = "a. b :- c. query(a).\nquery(b) d."
    assert findings(text) == [("unknown-predicate", 1, 9), ("unexpected-token", 2, 10)]


def test_an_unsafe_variable_that_nothing_asked_needs_is_a_warning() -> None:
    text = "a. b :- X > 3. query(a)."
    assert findings(text) == []
    assert ("unsafe-variable", 1, 9) in findings(text, "warning")


def test_where_an_error_stands_no_warning_is_given() -> None:
    assert findings("a :- X > 3. query(a).", "warning") == []


def test_a_goal_that_binds_too_late_is_named() -> None:
    assert "put the goal that binds X first" in hint_of("a :- X > 3, b(X). b(1).", "unsafe-variable")


def test_long_bodies_and_deep_terms() -> None:
    deep = "f(" * 3000 + "X" + ")" * 3000
    assert findings(f"p :- q({deep}), r(X). q(1). r(1).") == []
    body = ", ".join(f"q(X{i})" for i in range(3000))
    assert findings(f"q(1). p :- {body}.") == []
    chain = "".join(f"p{i} :- p{i + 1}. " for i in range(3000))
    assert findings(f"{chain} p3000. query(p0).") == []
