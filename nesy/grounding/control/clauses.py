"""`clause/2`: a program's own clauses as terms."""

from __future__ import annotations

from collections.abc import Iterator

from nesy.errors import GroundingError, Span
from nesy.grounding.rules import Builtin
from nesy.grounding.syntax_terms import intern
from nesy.grounding.terms import Args, TermStore
from nesy.grounding.unification import Unifier, fresh_number, shifted
from nesy.language.goals import goal_term
from nesy.language.syntax import Atom, Clause, Indicator, Program, indicator


def clause_builtin(program: Program) -> Builtin:
    """`clause(Head, Body)` over a program: Body is `true` for facts; labels are left out, as in ProbLog."""
    index: dict[Indicator, list[tuple[Clause, int]]] = {}
    for clause in program.clauses:
        for position, head in enumerate(clause.heads):
            if not head.negated:
                index.setdefault(indicator(head.atom), []).append((clause, position))

    def solve(store: TermStore, args: Args, span: Span | None) -> Iterator[Args]:
        for clause, position in index.get(_key(store, args, span), ()):
            numbering: dict[str, int] = {}
            body = Atom("true") if clause.body is None else goal_term(clause.body)
            pattern = tuple(intern(store, t, numbering) for t in (clause.heads[position].atom, body))
            pattern = shifted(store, pattern, fresh_number(store, args))
            unifier = Unifier(store)
            if unifier.unify_all(args, pattern):
                yield unifier.apply(args)

    return solve


def _key(store: TermStore, args: Args, span: Span | None) -> Indicator:
    head = args[0]
    if head >= 0:
        functor = store.functor(head)
        if functor is not None:
            return functor
        constant = store.heads[head]
        if isinstance(constant, Atom):
            return constant.name, 0
    raise GroundingError(
        "call-mode",
        "clause/2 needs the head of a clause as its first argument",
        span=span,
        hint="name the predicate: clause(edge(X, Y), Body)",
    )
