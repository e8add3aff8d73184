"""What a statement is, once its heads and its body are read."""

from __future__ import annotations

from nesy.errors import Span
from nesy.language.goals import callable_term
from nesy.language.malformed import Malformed
from nesy.language.operators import NEGATIONS
from nesy.language.syntax import (
    Atom,
    Call,
    Callable,
    Clause,
    Compound,
    Constraint,
    Directive,
    Evidence,
    Goal,
    Head,
    Query,
    Statement,
    Term,
    Variable,
    indicator,
)

DIRECTIVES = frozenset(
    {
        "consult",
        "csv_load",
        "discontiguous",
        "dynamic",
        "ensure_loaded",
        "include",
        "initialization",
        "load_files",
        "module",
        "multifile",
        "op",
        "set_prolog_flag",
        "sqlite_csv",
        "sqlite_load",
        "table",
        "use_module",
    }
)
"""Names that make `:- name(...).` a directive; every other `:- body.` is an integrity constraint."""

_ASKING = frozenset({"query", "evidence"})
_TRUTH = {"true": True, "false": False}


def fact_or_rule(heads: tuple[Head, ...], body: Goal | None, span: Span) -> Statement:
    """The statement with these heads: a query, evidence, or a clause."""
    for head in heads:
        atom = head.atom
        if isinstance(atom, Compound) and atom.functor in _ASKING:
            _refuse_decorated(atom.functor, heads, span)
            return (_query if atom.functor == "query" else _evidence)(atom, body, span)
    return Clause(heads, body, span)


def constraint_or_directive(body: Goal, span: Span) -> Statement:
    """The statement `:- body.`."""
    if isinstance(body, Call) and indicator(body.atom)[0] in DIRECTIVES:
        return Directive(body.atom, span)
    return Constraint(body, span)


def _refuse_decorated(name: str, heads: tuple[Head, ...], span: Span) -> None:
    """Queries and evidence have one plain head: no label, no alternatives, no negation of the whole."""
    if len(heads) > 1 or heads[0].label is not None:
        raise Malformed(f"malformed-{name}", f"a {name} has no probability and no alternatives", span)
    if heads[0].negated:
        raise Malformed(
            f"malformed-{name}",
            f"a {name} is not negated itself",
            span,
            r"write evidence(\+rain)." if name == "evidence" else "query the atom: its complement follows",
        )


def _query(atom: Callable, body: Goal | None, span: Span) -> Query:
    args = atom.args if isinstance(atom, Compound) else ()
    if len(args) != 1:
        raise Malformed(
            "malformed-query",
            f"query takes one atom, not {len(args)}",
            span,
            "write query(rain). query(wind).",
        )
    return Query(_asked(args[0], "query", body, span), span, body)


def _evidence(atom: Callable, body: Goal | None, span: Span) -> Evidence:
    args = atom.args if isinstance(atom, Compound) else ()
    if len(args) > 2:
        raise Malformed(
            "malformed-evidence",
            f"evidence takes an atom and true or false, not {len(args)} arguments",
            span,
            "write evidence(rain, false).",
        )
    holds = True
    if len(args) == 2:
        value = args[1]
        if not (isinstance(value, Atom) and value.name in _TRUTH):
            raise Malformed(
                "malformed-evidence",
                "evidence is either true or false",
                value.span or span,
                "write evidence(rain, false).",
            )
        holds = _TRUTH[value.name]
    target = args[0]
    if isinstance(target, Compound) and target.functor in NEGATIONS and len(target.args) == 1:
        target, holds = target.args[0], not holds
    return Evidence(_asked(target, "evidence", body, span), holds, span, body)


def _asked(term: Term, name: str, body: Goal | None, span: Span) -> Callable:
    """What a query or evidence is about; behind `:- body` also a variable, which means `call` of it."""
    if isinstance(term, Variable) and body is not None:
        return Compound("call", (term,), term.span)
    return _atom(term, name, span)


def _atom(term: Term, name: str, span: Span) -> Callable:
    """The atom that a query or evidence is about. Raises `Malformed` where it is about something else."""
    control = isinstance(term, Compound) and term.functor in (",", ";", "->", "::", ":-", "<-", "\\+", "not")
    if control:
        raise Malformed(
            f"malformed-{name}",
            f"{name} is about one atom",
            term.span or span,
            "define an atom by a rule, and name that",
        )
    try:
        return callable_term(term, "an atom")
    except Malformed as error:
        raise Malformed(
            f"malformed-{name}",
            f"{name} is about an atom: {error.diagnostic.message}",
            term.span or span,
            error.diagnostic.hint,
        ) from None
