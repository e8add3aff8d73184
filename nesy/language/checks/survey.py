"""What several checks ask of a program: what its statements call, and what is relevant to what it asks."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from functools import cached_property
from typing import final

from nesy.language.builtins import KNOWN
from nesy.language.checks.metacalls import argument_goals, is_opaque
from nesy.language.library import AGGREGATES
from nesy.language.syntax import (
    Atom,
    Call,
    Callable,
    Clause,
    Compound,
    Directive,
    Evidence,
    Goal,
    Indicator,
    Program,
    Query,
    Statement,
    Term,
    indicator,
)
from nesy.language.terms import AGGREGATE, parts_of
from nesy.language.traversal import body_of, parts

_NAME = re.compile(r"[a-z]\w*|'[^'\n]+'")
_ASSERTING = frozenset({("assertz", 1), ("asserta", 1), ("assert", 1)})
_OPEN_ENDED = {"call": 1, "maplist": 2}
"""Built-ins of any number of arguments, each with the least number it takes."""


@final
class Survey:
    """A program, and what several checks ask of it; each answer is found once, when first asked for.

    malformed: some statements of the text could not be read, and are missing from the program.
    """

    def __init__(self, program: Program, *, malformed: bool = False) -> None:
        self.program = program
        self.malformed = malformed
        self._calls: dict[int, tuple[Callable, ...]] = {}

    @cached_property
    def defined(self) -> frozenset[Indicator]:
        """The predicates that have clauses or facts, that some goal asserts, or that are Python functions."""
        return self.program.predicates | self._asserted | {f.indicator for f in self.program.foreign}

    def knows(self, key: Indicator) -> bool:
        """Whether a predicate is defined or built in, or may be defined by a statement that is malformed."""
        name, arity = key
        if key in KNOWN or key in self.defined or name in self._unread:
            return True
        return name in _OPEN_ENDED and arity >= _OPEN_ENDED[name] and (name, _OPEN_ENDED[name]) in KNOWN

    def calls(self, statement: Statement) -> tuple[Callable, ...]:
        """The atoms that a statement calls, in order: also those in arguments that are goals.

        What a query or evidence asks is no call of it unless it has a body.
        """
        found = self._calls.get(id(statement))
        if found is None:
            found = (*self._aggregated(statement), *called(_goal(statement), self.program.predicates))
            self._calls[id(statement)] = found
        return found

    def _aggregated(self, statement: Statement) -> Iterator[Callable]:
        """The predicates by which the heads of a clause aggregate, where they are the program's own."""
        for head in statement.heads if isinstance(statement, Clause) else ():
            for term in head.atom.args if isinstance(head.atom, Compound) else ():
                if isinstance(term, Compound) and term.functor == AGGREGATE:
                    name, value = term.args
                    key = indicator(name)[0] if isinstance(name, Atom) else "", 2
                    if key in self.program.predicates or key[0] not in AGGREGATES:
                        yield Compound(key[0], (value, value), term.span)

    def relevant(self, statement: Statement) -> bool:
        """Whether what the program asks may depend on a statement.

        A program without queries may ask anything, and so may one whose queries may be malformed.
        """
        if not isinstance(statement, Clause) or not self.program.queries or self.malformed:
            return True
        return any(indicator(h.atom) in self.reached for h in statement.heads)

    @cached_property
    def reached(self) -> frozenset[Indicator]:
        """The predicates that queries, evidence, constraints and directives lead to."""
        roots = [s for s in self.program.statements if not isinstance(s, Clause)]
        keys = {indicator(a) for s in roots for a in (*asked(s), *self.calls(s))}
        if any(is_opaque(a) for s in self.program.statements for a in self.calls(s)):
            keys |= self._mentioned()
        return self.reachable(keys)

    def reachable(self, start: Iterable[Indicator]) -> frozenset[Indicator]:
        """Some predicates, and all that their clauses lead to."""
        seen = set(start)
        stack = list(seen)
        while stack:
            for key in self.callees.get(stack.pop(), ()):
                if key not in seen:
                    seen.add(key)
                    stack.append(key)
        return frozenset(seen)

    @cached_property
    def callees(self) -> dict[Indicator, set[Indicator]]:
        """For each predicate, those that the bodies of its clauses call."""
        found: dict[Indicator, set[Indicator]] = {}
        for clause in self.program.clauses:
            keys = {indicator(a) for a in self.calls(clause)}
            for head in clause.heads:
                found.setdefault(indicator(head.atom), set()).update(keys)
        return found

    def _mentioned(self) -> set[Indicator]:
        """The predicates whose names stand in terms: a goal made at run time may be any of them."""
        names = {n for s in self.program.statements for t in _terms_of(s) for n in _names(t)}
        return {key for key in self.program.predicates if key[0] in names}

    @cached_property
    def _asserted(self) -> frozenset[Indicator]:
        found: set[Indicator] = set()
        for statement in self.program.statements:
            if isinstance(statement, Clause) and statement.body is None:
                continue
            found.update(_made(a) for a in self.calls(statement) if indicator(a) in _ASSERTING)
        return frozenset(found)

    @cached_property
    def _unread(self) -> frozenset[str]:
        """The names in the text between the statements that could be read."""
        if not self.malformed:
            return frozenset()
        text = self.program.source.text
        spans = [s.span for s in self.program.statements if s.span is not None]
        here = sorted((s.start, s.end) for s in spans if s.source is self.program.source)
        ends = [0, *(end for _, end in here)]
        starts = [*(start for start, _ in here), len(text)]
        gaps = (text[a:b] for a, b in zip(ends, starts, strict=True))
        return frozenset(name.strip("'") for gap in gaps for name in _NAME.findall(gap))


def called(body: Goal | None, own: Container[Indicator] = ()) -> Iterator[Callable]:
    """The atoms that a body calls, in order: also those in arguments that are goals.

    own: predicates that the program defines itself, whose arguments are what it makes of them.
    """
    stack = [] if body is None else [body]
    while stack:
        current = stack.pop()
        if isinstance(current, Call):
            yield current.atom
            if indicator(current.atom) not in own:
                stack.extend(reversed(argument_goals(current.atom)))
        else:
            stack.extend(reversed(parts(current)))


def asked(statement: Statement) -> tuple[Callable, ...]:
    """What a query or evidence is about; nothing for other statements."""
    return (statement.atom,) if isinstance(statement, (Query, Evidence)) else ()


def _goal(statement: Statement) -> Goal | None:
    """What a statement runs: its body, or the goal of an `initialization`."""
    if isinstance(statement, Directive):
        goals = argument_goals(statement.term)
        return goals[0] if goals else None
    return body_of(statement)


def _made(atom: Callable) -> Indicator:
    """The predicate that `assertz(fact)` or `assertz((head :- body))` adds a clause to."""
    term: Term = atom.args[0] if isinstance(atom, Compound) else atom
    while isinstance(term, Compound) and term.functor in (":-", "::") and len(term.args) == 2:
        term = term.args[0 if term.functor == ":-" else 1]
    return indicator(term) if isinstance(term, (Atom, Compound)) else ("", 0)


def _terms_of(statement: Statement) -> Iterator[Term]:
    """The arguments of a statement's atoms."""
    heads = [h.atom for h in statement.heads] if isinstance(statement, Clause) else []
    for atom in (*heads, *asked(statement), *called(_goal(statement))):
        yield from parts_of(atom)


def _names(term: Term) -> Iterator[str]:
    stack = [term]
    while stack:
        current = stack.pop()
        if isinstance(current, (Atom, Compound)):
            yield indicator(current)[0]
        stack.extend(parts_of(current))
