"""Messages of a program to its author, on standard error: standard output is kept for answers.

A message is printed each time its goal is met while the program is grounded: once for each instance
of the rule that holds it, whatever the number of worlds.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable

from nesy.errors import GroundingError
from nesy.grounding.builtins.invocation import Entry, Invocation, characters, entry
from nesy.grounding.rules import Builtin
from nesy.grounding.syntax_terms import text
from nesy.grounding.terms import Args, TermId, TermStore
from nesy.grounding.unification import canonical
from nesy.language.syntax import Indicator

MOST = 9
"""The most arguments that a message may have, as in ProbLog."""

Show = Callable[[TermStore, TermId], str]


def plain(store: TermStore, term: TermId) -> str:
    """A constant's characters without quotes; other terms as they are written."""
    found = characters(store, term)
    return written(store, term) if found is None else found


def written(store: TermStore, term: TermId) -> str:
    """A term as it is written in a rule, its variables numbered from 1."""
    return text(store, canonical(store, (term,))[0])


def _print(name: str, arity: int, show: Show, end: str) -> Entry:
    def solve(call: Invocation) -> Iterable[Args]:
        sys.stderr.write(" ".join(show(call.store, a) for a in call.args) + end)
        return call.yes()

    return entry(name, arity, solve)


def _tab(call: Invocation) -> Iterable[Args]:
    sys.stderr.write(" " * call.integer(0))
    return call.yes()


def _error(call: Invocation) -> Iterable[Args]:
    message = "".join(plain(call.store, a) for a in call.args)
    raise GroundingError("raised-by-program", message, span=call.span)


def _of_any_length(name: str, show: Show, end: str) -> Iterable[Entry]:
    return (_print(name, n, show, end) for n in range(1, MOST + 1))


TABLE: dict[Indicator, Builtin] = dict(
    (
        *_of_any_length("write", plain, ""),
        *_of_any_length("writeln", plain, "\n"),
        *_of_any_length("writenl", plain, "\n"),
        *_of_any_length("debugprint", written, "\n"),
        *(entry("error", n, _error) for n in range(1, MOST + 1)),
        _print("print", 1, written, ""),
        _print("writeq", 1, written, ""),
        _print("nl", 0, written, "\n"),
        entry("tab", 1, _tab),
    )
)
