"""Predicates that a directive declares: they may have no clauses, and get them from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from nesy.language.terms import Atom, Callable, Compound, Indicator, ListTerm, Number, Term, indicator

_DECLARING = frozenset({("dynamic", 1), ("discontiguous", 1), ("multifile", 1)})


def declared(directive: Callable) -> Iterator[Indicator]:
    """The predicates that `:- dynamic p/1, q/2.` and its like name; none for other directives."""
    if not isinstance(directive, Compound) or indicator(directive) not in _DECLARING:
        return
    stack: list[Term] = [directive.args[0]]
    while stack:
        term = stack.pop()
        if isinstance(term, ListTerm):
            stack.extend(reversed(term.items))
        elif isinstance(term, Compound) and indicator(term) == (",", 2):
            stack.extend(reversed(term.args))
        elif isinstance(term, Compound) and indicator(term) == ("/", 2):
            name, arity = term.args
            if isinstance(name, Atom) and isinstance(arity, Number) and isinstance(arity.value, int):
                yield name.name, arity.value
