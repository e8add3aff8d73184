"""The TextMate grammar for editors: it is well formed, and gives tokens the scopes they should have."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nesy.errors import Source
from nesy.language.operators import OPERATORS
from nesy.language.statements import DIRECTIVES
from nesy.language.tokens import NAME, NUMBER, QUOTED, STOP, STRING, VARIABLE, Tokens

ROOT = Path(__file__).parents[3] / "grammar"
GRAMMAR: dict[str, Any] = json.loads((ROOT / "nesy.tmLanguage.json").read_text(encoding="utf-8"))
VALID = sorted((ROOT / "corpus" / "valid").glob("*.nesy"))


def rules(patterns: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rules of some patterns, in order, those they include among them."""
    for pattern in patterns:
        if "include" in pattern:
            yield from rules(GRAMMAR["repository"][pattern["include"][1:]]["patterns"])
        else:
            yield pattern


RULES = [
    (rule, re.compile(rule.get("match", rule.get("begin")), re.MULTILINE))
    for rule in rules(GRAMMAR["patterns"])
]


def scopes(text: str) -> list[tuple[str, str]]:
    """The pieces of a text that have a scope, read as editors do: the leftmost match, the first rule."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        matches = [(m.start(), i, m) for i, (_, regex) in enumerate(RULES) if (m := regex.search(text, at))]
        if not matches:
            break
        start, number, match = min(matches, key=lambda found: found[:2])
        end = _end(RULES[number][0], text, match.end())
        found.append((text[start:end], RULES[number][0]["name"].removesuffix(".nesy")))
        at = max(end, at + 1)
    return found


def _end(rule: dict[str, Any], text: str, at: int) -> int:
    """Where a rule's match ends; inside begin and end, its inner patterns come first."""
    if "end" not in rule:
        return at
    ends = re.compile(rule["end"], re.MULTILINE)
    inner = [re.compile(p["match"]) for p in rule.get("patterns", [])]
    while at < len(text):
        skipped = next((m.end() for regex in inner if (m := regex.match(text, at))), None)
        if skipped is not None:
            at = skipped
        elif match := ends.match(text, at):
            return match.end()
        else:
            at += 1
    return at


def test_the_file_is_what_editors_expect() -> None:
    assert GRAMMAR["scopeName"] == "source.nesy"
    assert "nesy" in GRAMMAR["fileTypes"]
    assert all(rule["name"].endswith(".nesy") for rule, _ in RULES)
    assert {p["include"][1:] for p in GRAMMAR["patterns"]} == set(GRAMMAR["repository"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "0.3::edge(X, 'New York') :- \\+ p(_), Y is 2*X. % why",
            [
                ("0.3", "constant.numeric"),
                ("::", "keyword.operator.probability"),
                ("edge", "entity.name.function"),
                ("(", "punctuation.section.brackets"),
                ("X", "variable.other"),
                (",", "punctuation.separator"),
                ("'New York'", "string.quoted.single"),
                (")", "punctuation.section.brackets"),
                (":-", "keyword.operator.arrow"),
                ("\\+", "keyword.operator.negation"),
                ("p", "entity.name.function"),
                ("(", "punctuation.section.brackets"),
                ("_", "variable.language.anonymous"),
                (")", "punctuation.section.brackets"),
                (",", "punctuation.separator"),
                ("Y", "variable.other"),
                ("is", "keyword.operator.word"),
                ("2", "constant.numeric"),
                ("*", "keyword.operator.arithmetic"),
                ("X", "variable.other"),
                (".", "punctuation.terminator"),
                ("% why", "comment.line.percentage"),
            ],
        ),
        ("/* a :- */b", [("/* a :- */", "comment.block"), ("b", "constant.other.atom")]),
        ("'it''s % no' a", [("'it''s % no'", "string.quoted.single"), ("a", "constant.other.atom")]),
        ('"a \\" b" 0\'c', [('"a \\" b"', "string.quoted.double"), ("0'c", "constant.character.code")]),
        ("t(0.5)::a", [("t", "support.function.learnable"), *scopes("(0.5)::a")]),
        (
            ":- use_module(a)",
            [(":-", "keyword.operator.arrow"), (" use_module", "keyword.control.directive"), *scopes("(a)")],
        ),
    ],
)
def test_scopes(text: str, expected: list[tuple[str, str]]) -> None:
    assert scopes(text) == expected


KINDS = {
    NAME: ("constant.other", "keyword", "constant.language", "entity"),
    VARIABLE: ("variable",),
    NUMBER: ("constant.numeric", "constant.character.code"),
    QUOTED: ("string.quoted.single",),
    STRING: ("string.quoted.double",),
    STOP: ("punctuation.terminator",),
}


@pytest.mark.parametrize("path", VALID, ids=lambda p: p.stem)
def test_tokens_of_the_corpus_have_the_scopes_of_their_kinds(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if not text.isascii() or ":- op(" in text:
        pytest.skip("editors know no letters of other scripts, and no operators of one's own")
    tokens = Tokens(Source("t", text))
    given = [(piece.strip(), scope) for piece, scope in scopes(text) if not scope.startswith("comment")]
    words = [(w, k) for w, k in zip(tokens.texts, tokens.kinds, strict=True) if w]
    assert [piece for piece, _ in given] == [word for word, _ in words]
    for (word, kind), (_, scope) in zip(words, given, strict=True):
        assert scope.startswith(KINDS.get(kind, ("",))), (word, kind, scope)


def test_every_operator_and_directive_has_a_scope() -> None:
    for operator in OPERATORS:
        if operator.name != ",":
            (piece, scope), *rest = scopes(operator.name)
            assert (piece, rest) == (operator.name, []), operator.name
            assert scope.startswith(("keyword", "constant.other")), operator.name
    for name in DIRECTIVES:
        assert scopes(f":- {name}")[1][1] == "keyword.control.directive"
