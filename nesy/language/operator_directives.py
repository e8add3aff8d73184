"""The directive `:- op(Priority, Type, Names)`: read by a rule of its own, then obeyed.

The names may be any runs of symbol characters, which are no tokens before the directive is obeyed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, cast, get_args

from nesy.errors import Span
from nesy.language.literals import unescape
from nesy.language.malformed import Malformed
from nesy.language.mistakes import unreadable
from nesy.language.operators import CLAUSE_PRIORITY, Operator, OperatorTable, OperatorType, fixed
from nesy.language.syntax import Atom, Call, Compound, ListTerm, Number, Term
from nesy.language.tokens import BAD, FUNCTOR, NAME, NUMBER, PUNCTUATION, QUOTED, Tokens, is_plain_name

MAX_OPERATORS: Final = 200
"""How many operators one text may define."""

_SYMBOLIC = re.compile(r"[-+*/\\^<>=~:.?@#&$!;]+")
_HINT = "write :- op(700, xfx, likes). or :- op(700, xfx, [=>, <=>])."


def starts_operator_directive(tokens: Tokens, index: int) -> bool:
    """Whether `op(` stands at a token."""
    return tokens.kinds[index] == FUNCTOR and tokens.texts[index] == "op"


def read_operator_directive(tokens: Tokens, index: int) -> tuple[Call, int]:
    """The goal `op(...)` that starts at a token, and the token behind it."""
    texts, kinds = tokens.texts, tokens.kinds
    shape = [*kinds[index + 2 : index + 5 : 2], *texts[index + 3 : index + 6 : 2]]
    if len(tokens) <= index + 8 or shape != [NUMBER, NAME, ",", ","]:
        raise _malformed("op takes a priority, a type and a name", tokens.span(index))
    if not texts[index + 2].isdigit():
        raise _malformed("a priority is a whole number", tokens.span(index + 2))
    priority = Number(int(texts[index + 2][:9]), tokens.span(index + 2))
    type_ = Atom(texts[index + 4], tokens.span(index + 4))
    names, end = _names(tokens, index + 6)
    if texts[end] != ")":
        raise _malformed("op takes three arguments", tokens.span(end))
    span = tokens.span(index, end)
    return Call(Compound("op", (priority, type_, names), span), span), end + 1


def _names(tokens: Tokens, index: int) -> tuple[Term, int]:
    """One name, or a list of names; and the token behind."""
    if tokens.texts[index] != "[":
        return _name(tokens, index)
    names: list[Term] = []
    at = index
    while tokens.texts[at] != "]":
        if tokens.texts[at] not in ("[", ",") or tokens.kinds[at] != PUNCTUATION:
            raise _malformed("a list of names is closed by `]`", tokens.span(at))
        name, at = _name(tokens, at + 1)
        names.append(name)
    return ListTerm(tuple(names), None, tokens.span(index, at)), at + 1


def _name(tokens: Tokens, index: int) -> tuple[Term, int]:
    kind, text = tokens.kinds[index], tokens.texts[index]
    if kind == NAME:
        return Atom(text, tokens.span(index)), index + 1
    if kind == QUOTED:
        span = tokens.span(index)
        return Atom(unescape(text[1:-1], "'", span), span), index + 1
    last = index
    while _SYMBOLIC.fullmatch(tokens.texts[last + 1]) and tokens.ends[last] == tokens.starts[last + 1]:
        last += 1
    span = tokens.span(index, last)
    if kind == BAD and text[0] in "'\"":
        raise unreadable(tokens, index, index)
    if not _SYMBOLIC.fullmatch(span.text):
        raise _malformed(f"`{span.text}` is no name", span)
    return Atom(span.text, span), last + 1


def obeyed(term: Compound, table: OperatorTable) -> OperatorTable:
    """The table behind the directive `op(priority, type, names)`. Raises `Malformed` for a bad definition."""
    for operator, span in _definitions(term):
        standard = fixed(operator)
        if standard is not None:
            if operator != standard:
                raise Malformed(
                    "fixed-operator",
                    f"`{operator.name}` is an operator of the language, of priority "
                    f"{standard.priority} and type {standard.type}",
                    span,
                    "define an operator of another name",
                )
            continue
        table = table.having(operator)
        if len(table.defined) > MAX_OPERATORS:
            raise Malformed("too-many-operators", f"a text defines at most {MAX_OPERATORS} operators", span)
    return table


def _definitions(term: Compound) -> Iterator[tuple[Operator, Span]]:
    priority, type_, names = term.args
    assert isinstance(priority, Number)
    assert isinstance(type_, Atom)
    if not 0 <= priority.value <= CLAUSE_PRIORITY:
        raise _malformed("a priority is from 0 (no operator) to 1200", priority.span)
    if type_.name not in get_args(OperatorType):
        raise _malformed(f"the type of an operator is one of {', '.join(get_args(OperatorType))}", type_.span)
    for name in names.items if isinstance(names, ListTerm) else (names,):
        assert isinstance(name, Atom)
        assert name.span is not None
        if not (is_plain_name(name.name) or _SYMBOLIC.fullmatch(name.name)) or name.name in (".", "!"):
            raise _malformed(f"`{name.name}` cannot be an operator", name.span)
        if "/*" in name.name:
            raise _malformed("an operator cannot look like a comment", name.span)
        yield Operator(name.name, cast("OperatorType", type_.name), int(priority.value)), name.span


def _malformed(message: str, span: Span | None) -> Malformed:
    assert span is not None
    return Malformed("malformed-operator", message, span, _HINT)
