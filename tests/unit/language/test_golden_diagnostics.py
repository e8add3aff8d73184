"""Diagnostics as they are printed, to the letter: the line, the carets, the help."""

import pytest

from nesy.language import check

GOLDEN = {
    "several findings, in order of the text": (
        "0.3::rain\nwet :- rain, X > 2.\ndry :- \\+ wat.\nquery(wet). query(dry).\n",
        """\
error[missing-dot]: this statement does not end with a dot
  rules.nesy:1:10
  1 | 0.3::rain
    |          ^
  help: every statement ends with a dot followed by a space or a new line
error[unsafe-variable]: nothing binds X, which `>` needs
  rules.nesy:2:14
  2 | wet :- rain, X > 2.
    |              ^
  help: bind X in the body by a goal that is not negated, or in the head
error[unknown-predicate]: no clause defines wat/0
  rules.nesy:3:11
  3 | dry :- \\+ wat.
    |           ^^^
  help: add a clause for wat/0; one that never holds is `wat :- fail.`""",
    ),
    "tabs keep the caret in place": (
        "p :-\tq(X),\tX > Y.\nq(1).\nquery(p).\n",
        """\
error[unsafe-variable]: nothing binds Y, which `>` needs
  rules.nesy:1:16
  1 | p :-\tq(X),\tX > Y.
    |     \t     \t    ^
  help: bind Y in the body by a goal that is not negated, or in the head""",
    ),
    "as many carets as characters": (
        "path(X, Y) :- edge(X, Y).\nedge(1, 2, 3).\nquery(path(1, _)).\n",
        """\
error[unknown-predicate]: no clause defines edge/2
  rules.nesy:1:15
  1 | path(X, Y) :- edge(X, Y).
    |               ^^^^^^^^^^
  help: edge/3 exists: check the number of arguments""",
    ),
    "a span that goes on in the next line": (
        "c :- d(1,\n  2).\nquery(c).\n",
        """\
error[unknown-predicate]: no clause defines d/2
  rules.nesy:1:6
  1 | c :- d(1,
    |      ^^^^
  help: add a clause for d/2; one that never holds is `d(_,_) :- fail.`""",
    ),
    "the end of the text": (
        "query(a).\na :- b",
        """\
error[missing-dot]: this statement does not end with a dot
  rules.nesy:2:7
  2 | a :- b
    |       ^
  help: every statement ends with a dot followed by a space or a new line""",
    ),
    "line numbers of two digits": (
        "\n" * 9 + "a :- b.\nquery(a).\n",
        """\
error[unknown-predicate]: no clause defines b/0
  rules.nesy:10:6
  10 | a :- b.
     |      ^
  help: add a clause for b/0; one that never holds is `b :- fail.`""",
    ),
    "no place": (
        "a.\n",
        """\
warning[no-query]: the program asks nothing
  help: add query(atom). for each atom whose probability you want""",
    ),
    "letters beyond ASCII": (
        "p('ö', X) :- X > Ü.\nquery(p(_, 1)).\n",
        """\
error[unsafe-variable]: nothing binds Ü, which `>` needs
  rules.nesy:1:18
  1 | p('ö', X) :- X > Ü.
    |                  ^
  help: bind Ü in the body by a goal that is not negated, or in the head""",
    ),
    "the nearest name and the nearest constant": (
        "colour(red). colour(blue).\nhot :- color(red).\nwarm :- colour(rad).\nquery(hot). query(warm).\n",
        """\
error[unknown-predicate]: no clause defines color/1
  rules.nesy:2:8
  2 | hot :- color(red).
    |        ^^^^^^^^^^
  help: did you mean colour/1?
warning[unreachable-rule]: this rule never applies: no clause of colour/1 can give colour(rad)
  rules.nesy:3:9
  3 | warm :- colour(rad).
    |         ^^^^^^^^^^^
  help: did you mean red?
warning[unreachable-query]: no rule can give warm: its probability is 0
  rules.nesy:4:19
  4 | query(hot). query(warm).
    |                   ^^^^
  help: check the names and constants""",
    ),
}


@pytest.mark.parametrize(("text", "expected"), GOLDEN.values(), ids=GOLDEN.keys())
def test_golden(text: str, expected: str) -> None:
    assert "\n".join(d.render() for d in check(text, "rules.nesy")) == expected
