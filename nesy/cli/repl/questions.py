"""Questions: a goal, the program that answers it, and its answers in the words of the question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import final

from nesy.cli.repl.session import Session, raise_errors
from nesy.engines.inference import Engine
from nesy.engines.solve import Answer, Solution, solve
from nesy.errors import Diagnostic, LanguageError, NesyError, Source, Span
from nesy.language.builtins import KNOWN
from nesy.language.checks.metacalls import CLOSED, goal_arguments
from nesy.language.library import COLLECTING
from nesy.language.parser import parse_atom, read_program
from nesy.language.printer import term_text
from nesy.language.reader import Reader
from nesy.language.syntax import (
    Atom,
    Call,
    Callable,
    Clause,
    Compound,
    Directive,
    Goal,
    Head,
    Indicator,
    Query,
    Statement,
    Term,
    Variable,
    indicator,
)
from nesy.language.tokens import VARIABLE, Tokens
from nesy.language.traversal import body_of, calls, variables

ASKS = "?-"
"""What questions begin with; a predicate of this name stands for a goal."""
_WRITTEN = ":-"
"""A question is read as a constraint is: this is as long, so that places stay what they are."""

TEMPLATES: Mapping[Indicator, tuple[int, ...]] = {
    **dict.fromkeys(CLOSED | COLLECTING.keys(), (0,)),
    ("forall", 2): (),
    ("aggregate_all", 4): (0, 1),
    ("collectgroup", 4): (0, 1),
    ("collect_list", 3): (0, 1),
    ("collect_list", 4): (0, 2),
    ("subquery", 2): (),
    ("subquery", 3): (),
}
"""Predicates that bind no variable of their goals, and which of their arguments are templates."""


@final
@dataclass(frozen=True)
class Question:
    """A goal that was asked. tokens: of the text it was asked in; body: where the goal begins there."""

    goal: Goal
    tokens: Tokens
    body: int


def read_question(session: Session, text: str) -> Question:
    """The question of a text such as `?- edge(a, X), open(X).`

    Raises `LanguageError` where it cannot be read.
    """
    source = session.next_source(text)
    at = Tokens(source).starts[0]
    asked = text[:at] + _WRITTEN + text[at + len(ASKS) :]
    reader = Reader(Tokens(Source(source.name, asked), session.operators))
    program, malformed = read_program(reader)
    raise_errors(as_asked(found, source) for found in malformed)
    statement = program.statements[0]
    if isinstance(statement, Directive):
        name, arity = indicator(statement.term)
        raise LanguageError(
            "not-a-goal",
            f"{name}/{arity} is a directive, no question",
            span=Span(source, at, len(text)),
            hint="write it with `:-`",
        )
    goal = body_of(statement)
    assert goal is not None
    return Question(goal, Tokens(source, session.operators), at + len(ASKS))


def as_asked(found: Diagnostic, source: Source) -> Diagnostic:
    """A finding with its place in the text as it was typed."""
    span = found.span
    if span is None or span.source.name != source.name:
        return found
    return replace(found, span=Span(source, span.start, span.end))


def ask(session: Session, question: Question, engine: str | Engine) -> list[tuple[str, Answer]]:
    """The answers: each instance of the goal, in the question's words, with its probability.

    Raises `NesyError` as `solve` does. Cost: as `solve`; the session's own queries are not asked.
    """
    names, further = as_statements(session, question.goal)
    try:
        solution = solve(session.program(further, queries=False), engine)
    except NesyError as error:
        source = question.tokens.source
        first, *others = (as_asked(found, source) for found in (error.diagnostic, *error.others))
        error.diagnostic, error.others = first, tuple(others)
        raise
    return list(in_words(question, names, solution))


def as_statements(session: Session, goal: Goal) -> tuple[list[str] | None, list[Statement]]:
    """The statements that ask a goal, and the variables that answers bind; None for a single atom."""
    if isinstance(goal, Call) and is_defined(session, goal.atom):
        return None, [Query(goal.atom, goal.span)]
    names = asked_variables(goal)
    arguments = tuple(Variable(name, goal.span) for name in names)
    head: Callable = Compound(ASKS, arguments, goal.span) if names else Atom(ASKS, goal.span)
    return names, [Clause((Head(head, None, goal.span),), goal, goal.span), Query(head, goal.span)]


def is_defined(session: Session, atom: Callable) -> bool:
    """Whether a goal is a call of the program's own, which can be asked as it is."""
    key = indicator(atom)
    return key not in KNOWN and key[0] != "call"


def asked_variables(goal: Goal) -> list[str]:
    """The variables that a goal binds, in order of the text; names that begin with `_` are not asked."""
    names: dict[str, None] = {}
    for atom, positive in calls(goal):
        if positive:
            names.update(dict.fromkeys(_bound(atom)))
    return [name for name in names if not name.startswith("_")]


def _bound(atom: Callable) -> Iterator[str]:
    arguments = atom.args if isinstance(atom, Compound) else ()
    hidden: set[int] = set()
    if (templates := TEMPLATES.get(indicator(atom))) is not None:
        hidden = {*templates, *goal_arguments(atom)}
    if indicator(atom) in (("bagof", 3), ("setof", 3)):
        # These bind the other variables of their goals.
        inner = {v.name for v in variables(arguments[0], *_existential(arguments[1]))}
        yield from (v.name for v in variables(*arguments[1:]) if v.name not in inner)
        return
    yield from (v.name for v in variables(*(a for i, a in enumerate(arguments) if i not in hidden)))


def _existential(goal: Term) -> Iterator[Term]:
    """The terms before each `^` of a goal."""
    while isinstance(goal, Compound) and goal.functor == "^" and len(goal.args) == 2:
        yield goal.args[0]
        goal = goal.args[1]


def in_words(question: Question, names: list[str] | None, solution: Solution) -> Iterator[tuple[str, Answer]]:
    """Each answer with the text of the question, its variables replaced by what they are bound to."""
    for atom, answer in solution.items():
        if names is None:
            yield atom, answer
        else:
            found = parse_atom(atom)
            values = found.args if isinstance(found, Compound) else ()
            yield _instance(question, dict(zip(names, values, strict=True))), answer


def _instance(question: Question, values: Mapping[str, Term]) -> str:
    """The goal's text on one line, without its dot, with values for variables."""
    tokens = question.tokens
    text = tokens.source.text
    pieces: list[str] = []
    end = question.body
    for index in range(tokens.index_at(end), len(tokens) - 2):
        layout = text[end : tokens.starts[index]]
        pieces.append(" " if layout else "")
        word = tokens.texts[index]
        bound = values.get(word) if tokens.kinds[index] == VARIABLE else None
        pieces.append(word if bound is None else _value(bound, tokens))
        end = tokens.ends[index]
    return "".join(pieces).strip()


def _value(term: Term, tokens: Tokens) -> str:
    """A value as an operand, in brackets where it is an operation itself."""
    text = term_text(term)
    operation = isinstance(term, Compound) and term.functor in tokens.operators
    return f"({text})" if operation else text
