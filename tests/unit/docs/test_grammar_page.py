"""The grammar's page: every rule of the EBNF is on it, and drawn."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from nesy_site.diagrams import MARKER, drawn, grammar, source, with_diagrams
from nesy_site.ebnf import Choice, Pattern, Repeat, Rule, Sequence, Word, read_grammar
from tests.unit.pages import page


def test_every_rule_stands_on_the_page_once() -> None:
    named = [name for rules in MARKER.findall(page("grammar")) for name in rules.split()]
    assert sorted(named) == sorted(grammar())
    assert len(named) > 50


@pytest.mark.parametrize("name", list(grammar()))
def test_the_diagram_of_a_rule_holds_what_the_rule_speaks_of(name: str) -> None:
    picture = ET.fromstring(f'<a xmlns:xlink="x">{drawn(name)}</a>')
    texts = {element.text for element in picture.iter("text")}
    links = {element.get("xlink:href") or element.get("{x}href") for element in picture.iter("a")} - {None}
    text = re.sub(r'/(?:[^/\\\n]|\\.)+/(?=[ ;\n])|"[^"]*"', "", source(name).partition("=")[2])
    rules = set(re.findall(r"[a-z][a-z0-9]*", text))
    assert rules == {str(link).removeprefix("#rule-") for link in links}
    assert rules <= texts
    without_patterns = re.sub(r"/(?:[^/\\\n]|\\.)+/(?=[ ;\n])", "", source(name))
    assert set(re.findall(r'"([^"]+)"', without_patterns)) <= texts


def test_a_page_gets_heading_diagram_and_text() -> None:
    shown = with_diagrams("Before.\n\n<!-- diagrams: arrow stop -->\n\nAfter.\n")
    assert "### arrow {#rule-arrow}" in shown
    assert shown.count("<svg") == 2
    assert 'arrow = ":-" | "<-" ;' in shown


def test_a_rule_that_there_is_not_is_an_error() -> None:
    with pytest.raises(KeyError):
        with_diagrams("<!-- diagrams: nowhere -->")


def test_the_notation() -> None:
    read = read_grammar('a = b , { "," , b } | [ /x+/ ] ; (* said *) b = ( "y" | "z" ) , a ;')
    assert read == {
        "a": Choice(
            (
                Sequence((Rule("b"), Repeat(Sequence((Word(","), Rule("b"))), once=False))),
                Repeat(Pattern("x+"), once=True),
            )
        ),
        "b": Sequence((Choice((Word("y"), Word("z"))), Rule("a"))),
    }


@pytest.mark.parametrize(
    ("text", "why"),
    [("a = ", "ends"), ("a = b", "; expected"), ("= b ;", "= expected"), ("a = b ; !", "not EBNF")],
)
def test_what_is_no_grammar_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_grammar(text)
