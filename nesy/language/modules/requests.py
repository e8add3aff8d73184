"""What a directive asks for, as far as it is about files and libraries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Union, final

from nesy.errors import LanguageError, Span
from nesy.language.syntax import Directive, Indicator, Statement
from nesy.language.terms import Atom, Callable, Compound, ListTerm, Number, String, Term, indicator


@final
@dataclass(frozen=True, slots=True)
class ReadRules:
    """The rules of another file: once in all, or with `again` each time they are named (`include`).

    imports: the predicates wanted of a module; None for all it exports.
    """

    name: str
    span: Span | None
    again: bool = False
    imports: tuple[Indicator, ...] | None = None


@final
@dataclass(frozen=True, slots=True)
class UseLibrary:
    """The predicates of a library."""

    name: str
    span: Span | None


@final
@dataclass(frozen=True, slots=True)
class ReadFacts:
    """The facts of a CSV file (for the predicate of that name), or of all tables of a database."""

    kind: Literal["csv", "database"]
    file: str
    predicate: str
    span: Span | None


@final
@dataclass(frozen=True, slots=True)
class DeclareModule:
    """The file is a module of that name, and exports these predicates."""

    name: str
    exports: tuple[Indicator, ...]
    span: Span | None


Request = Union[ReadRules, UseLibrary, ReadFacts, DeclareModule]

_RULE_FILES = frozenset({("consult", 1), ("ensure_loaded", 1), ("include", 1), ("load_files", 1)})
_CSV = frozenset({("csv_load", 2), ("sqlite_csv", 2)})


def requests(statement: Statement) -> tuple[Request, ...]:
    """What a statement asks for; nothing where it is no such directive.

    Raises `LanguageError` (malformed-directive) where a file's name is no name.
    """
    if not isinstance(statement, Directive):
        return ()
    term: Term = statement.term
    if isinstance(term, Compound) and indicator(term) == ("initialization", 1):
        term = term.args[0]
    return _requests(term) if isinstance(term, Compound) else ()


def _requests(term: Compound) -> tuple[Request, ...]:
    key, args = indicator(term), term.args
    if key in _RULE_FILES:
        again = key[0] == "include"
        return tuple(_rules(part, term, again=again) for part in _parts(args[0]))
    if key in (("use_module", 1), ("use_module", 2)):
        return (_module(term),)
    if key in _CSV:
        return (ReadFacts("csv", _name(args[0], term), _name(args[1], term), term.span),)
    if key == ("sqlite_load", 1):
        return (ReadFacts("database", _name(args[0], term), "", term.span),)
    if key == ("module", 2):
        return (DeclareModule(_name(args[0], term), _indicators(args[1], term), term.span),)
    return ()


def _rules(part: Term, term: Compound, *, again: bool) -> Request:
    if isinstance(part, Compound) and indicator(part) == ("library", 1):
        return UseLibrary(_name(part.args[0], term), part.span)
    return ReadRules(_name(part, term), part.span or term.span, again)


def _module(term: Compound) -> Request:
    found = _rules(term.args[0], term, again=False)
    if isinstance(found, UseLibrary) or len(term.args) == 1 or _is_except(term.args[1]):
        return found
    assert isinstance(found, ReadRules)
    return ReadRules(found.name, found.span, imports=_indicators(term.args[1], term))


def _is_except(term: Term) -> bool:
    return isinstance(term, Compound) and indicator(term) == ("except", 1)


def _parts(term: Term) -> tuple[Term, ...]:
    return term.items if isinstance(term, ListTerm) and term.tail is None else (term,)


def _name(term: Term, directive: Callable) -> str:
    if isinstance(term, Atom):
        return term.name
    if isinstance(term, String):
        return term.value
    raise _malformed(directive, "a name", term.span)


def _indicators(term: Term, directive: Callable) -> tuple[Indicator, ...]:
    """The predicates of a list `[p/1, q/2]`."""
    if isinstance(term, Atom) and term.name == "[]":
        return ()
    if not isinstance(term, ListTerm) or term.tail is not None:
        raise _malformed(directive, "a list of predicates, as in [p/1, q/2]", term.span)
    return tuple(_indicator(item, directive) for item in term.items)


def _indicator(term: Term, directive: Callable) -> Indicator:
    if isinstance(term, Compound) and indicator(term) == ("/", 2):
        name, arity = term.args
        if isinstance(name, Atom) and isinstance(arity, Number) and isinstance(arity.value, int):
            return name.name, arity.value
    if isinstance(term, Compound) and indicator(term) == ("as", 2):
        raise LanguageError(
            "unsupported-directive",
            "a predicate cannot be imported under another name",
            span=term.span,
            hint="add a rule: new(X) :- old(X).",
        )
    raise _malformed(directive, "a predicate, as in p/1", term.span)


def _malformed(directive: Callable, wanted: str, span: Span | None) -> LanguageError:
    name, arity = indicator(directive)
    return LanguageError(
        "malformed-directive",
        f"{name}/{arity} needs {wanted} here",
        span=span or directive.span,
        hint="a file's name stands in quotes: 'rules.pl'",
    )
