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
    indicator,
)

DIRECTIVES = frozenset(
    {
        "consult",
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
        "table",
        "use_module",
    }
)
"""Names that make `:- name(...).` a directive; every other `:- body.` is an integrity constraint."""

_TRUTH = {"true": True, "false": False}


def fact_or_rule(heads: tuple[Head, ...], body: Goal | None, span: Span) -> Statement:
    """The statement with these heads: a query, evidence, or a clause."""
    for head in heads:
        name, arity = indicator(head.atom)
        if (name == "query" and arity >= 1) or (name == "evidence" and arity >= 1):
            _refuse_decorated(name, heads, body, span)
            return _query(head.atom, span) if name == "query" else _evidence(head.atom, span)
    return Clause(heads, body, span)


def constraint_or_directive(body: Goal, span: Span) -> Statement:
    """The statement `:- body.`."""
    if isinstance(body, Call) and indicator(body.atom)[0] in DIRECTIVES:
        return Directive(body.atom, span)
    return Constraint(body, span)


def unsupported_directive(name: str, span: Span) -> Malformed:
    """The refusal of a directive that cannot even be read without obeying it."""
    return Malformed(
        "unsupported-directive",
        f"the directive {name} is not supported",
        span,
        "write the terms in functional notation: likes(ann, bob)",
    )


def _refuse_decorated(name: str, heads: tuple[Head, ...], body: Goal | None, span: Span) -> None:
    """Queries and evidence are plain facts: no label, no alternatives, no body."""
    if body is not None:
        raise Malformed(
            f"unsupported-{name}-rule",
            f"a {name} with a body is not supported",
            body.span or span,
            f"write {name}(...). once for each atom; it may hold variables"
            if name == "query"
            else f"write {name}(...). once for each atom",
        )
    if len(heads) > 1 or heads[0].label is not None:
        raise Malformed(f"malformed-{name}", f"a {name} has no probability and no alternatives", span)


def _query(atom: Callable, span: Span) -> Query:
    args = atom.args if isinstance(atom, Compound) else ()
    if len(args) != 1:
        raise Malformed(
            "malformed-query",
            f"query takes one atom, not {len(args)}",
            span,
            "write query(rain). query(wind).",
        )
    return Query(_atom(args[0], "query", span), span)


def _evidence(atom: Callable, span: Span) -> Evidence:
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
    return Evidence(_atom(target, "evidence", span), holds, span)


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
