"""grammar/ and the parser say the same: operators, derived texts, corpus."""

import re
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from nesy.errors import Source
from nesy.language import check
from nesy.language.operators import OPERATORS
from nesy.language.parser import parse_program
from nesy.language.printer import program_text
from nesy_site.ebnf import read_grammar
from tests.unit.language.ebnf import generated, recognised, words

GRAMMAR = Path(__file__).parents[3] / "grammar"
EBNF = (GRAMMAR / "nesy.ebnf").read_text(encoding="utf-8")
RULES = read_grammar(EBNF)
# The codes that the grammar file marks with `!`: derived, and refused for what it means.
MEANING = frozenset(
    code for marked in re.findall(r"!([^*]*)", EBNF) for code in re.findall(r"[a-z]+(?:-[a-z]+)+", marked)
)
VALID = sorted((GRAMMAR / "corpus" / "valid").glob("*.nesy"))
INVALID = sorted((GRAMMAR / "corpus" / "invalid").glob("*.nesy"))


def test_the_operator_table_is_the_parsers() -> None:
    lines = (GRAMMAR / "operators.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    assert [(int(priority), type_, name) for priority, type_, name, _ in rows] == [
        (o.priority, o.type, o.name) for o in OPERATORS
    ]
    assert all(meaning for *_, meaning in rows)


def test_every_rule_of_the_grammar_is_defined_and_used() -> None:
    names = set(re.findall(r"\bname='(\w+)'", repr(list(RULES.values()))))
    assert names | {"program"} == set(RULES)


def test_the_grammar_names_every_operator() -> None:
    assert {o.name for o in OPERATORS} <= set(words(RULES))


def test_what_the_grammar_derives_is_read() -> None:
    random = Random(7)
    kinds: Counter[str] = Counter()
    for _ in range(1000):
        text = generated(RULES, "statement", random, budget=random.choice([20, 60, 150]))
        program, problems = parse_program(Source("t", text))
        assert {p.code for p in problems} <= MEANING, text
        kinds.update(type(s).__name__ for s in program.statements)
    # The test is worth nothing if nearly every text is refused for its meaning.
    assert min(kinds[k] for k in ("Clause", "Constraint", "Directive")) >= 30, kinds


@pytest.mark.parametrize("path", VALID, ids=lambda p: p.stem)
def test_valid_programs(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [f.render() for f in check(text, path.name) if f.severity == "error"] == []
    # What a directive makes an operator is beyond any fixed grammar.
    assert recognised(RULES, "program", text) or ":- op(" in text
    program, _ = parse_program(Source(path.name, text))
    assert parse_program(Source("again", program_text(program)))[0] == program


@pytest.mark.parametrize("path", INVALID, ids=lambda p: p.stem)
def test_invalid_programs(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    header = re.fullmatch(r"% error: ([a-z-]+) (\d+) (\d+)", text.splitlines()[0])
    assert header, "the first line names the error, its line and its column"
    first, *_ = (f for f in check(text, path.name) if f.severity == "error")
    assert first.span is not None
    assert (first.code, str(first.span.line), str(first.span.column)) == header.groups()


# The recogniser recurses, so the one file that nests hundreds of levels is not for it.
@pytest.mark.parametrize("path", [p for p in INVALID if p.stem != "too_deep"], ids=lambda p: p.stem)
def test_the_grammar_rejects_what_the_parser_rejects(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    problems = parse_program(Source(path.name, text))[1]
    # Some texts that are refused for their meaning are not derived either: `a, b.` has no head.
    refused_for_meaning = {p.code for p in problems} <= MEANING
    assert refused_for_meaning or not recognised(RULES, "program", text)


def test_the_corpus_is_not_empty() -> None:
    assert len(VALID) >= 12
    assert len(INVALID) >= 25
    codes = {path.read_text(encoding="utf-8").split()[2] for path in INVALID}
    assert len(codes) >= 25
