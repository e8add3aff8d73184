"""What to say about an atom that depends on its own negation: the cycle, and the rules that close it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from nesy.errors import SemanticsError, Span
from nesy.grounding.rules import Predicate, Rule, UserCall
from nesy.grounding.syntax_terms import atom_text
from nesy.grounding.tables import Table
from nesy.grounding.terms import TermStore
from nesy.logic.graph import TRUE

SHOWN = 60
"""How many characters of a rule are shown."""


class NamedAtom(NamedTuple):
    """A node that is an atom: its text, and the predicate whose rules it comes from."""

    text: str
    predicate: Predicate


def named_atoms(store: TermStore, tables: Iterable[Table]) -> dict[int, NamedAtom]:
    """What the nodes of tables' answers are called, but for what is certain and predicates of our own.

    Cost: O(answers).
    """
    return {
        node: NamedAtom(atom_text(store, table.predicate.name, answer), table.predicate)
        for table in tables
        if not table.predicate.internal
        for answer, node in table.answers.items()
        if node != TRUE
    }


def negative_cycle(atoms: Mapping[int, NamedAtom], nodes: Sequence[int]) -> SemanticsError:
    """The error (negative-cycle) for nodes that each depend on the next, the last on the first's negation.

    Its place is the negated goal that closes the cycle. Cost: O(rules of the predicates in the cycle).
    """
    named = [atoms[n] for n in nodes if n in atoms]
    cycle = [*named, *named[:1]]
    # The negation comes last: a step may be positive and negative at once, and this one is negative.
    steps = [_step(a.predicate, b.predicate, negated=False) for a, b in pairwise(named)]
    closing = _step(named[-1].predicate, named[0].predicate, negated=True) if named else None
    rules = dict.fromkeys(rule for rule, _ in filter(None, [*steps, closing]))
    hint = "a cycle through negation has no single meaning; break this one"
    shown = "; ".join(_shown(rule.span) for rule in rules if rule.span is not None)
    return SemanticsError(
        "negative-cycle",
        "an atom depends on its own negation: " + " <- ".join(atom.text for atom in cycle),
        span=None if closing is None else closing[1],
        hint=f"{hint}: {shown}" if shown else hint,
    )


def _step(caller: Predicate, callee: Predicate, *, negated: bool) -> tuple[Rule, Span | None] | None:
    """A rule through which a predicate depends on another, negated or not, and the goal that does it."""
    for rule in caller.rules:
        for goal in rule.body:
            if isinstance(goal, UserCall):
                span = _reached(goal, callee, negated=negated)
                if span is not None:
                    return rule, span
    return None


def _reached(goal: UserCall, wanted: Predicate, *, negated: bool) -> Span | None:
    """The goal that calls a predicate, at once or through predicates that stand for parts of a body."""
    stack: list[tuple[UserCall, Span | None]] = [(goal, None if goal.positive else goal.span)]
    seen = set()
    while stack:
        call, denied = stack.pop()
        if call.predicate is wanted and not (negated and denied is None):
            return denied if negated else call.span
        if call.predicate.internal and (call.predicate, denied is None) not in seen:
            seen.add((call.predicate, denied is None))
            inner = [g for rule in call.predicate.rules for g in rule.body if isinstance(g, UserCall)]
            stack += [(g, denied if g.positive or denied is not None else g.span) for g in inner]
    return None


def _shown(span: Span) -> str:
    text = " ".join(span.text.split())
    return f"{text if len(text) <= SHOWN else f'{text[:SHOWN]}...'} (line {span.line})"
