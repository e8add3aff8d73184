r"""Negative heads: `\+a :- b.` says that where b holds, a does not, whatever other clauses say."""

from __future__ import annotations

from collections.abc import Iterable

from nesy.grounding.rules import Predicate, Rule, UserCall
from nesy.grounding.terms import variable
from nesy.language.syntax import Clause, Indicator, indicator

_SIDES = ("given", "taken")


def split_predicates(
    clauses: Iterable[Clause], predicates: dict[Indicator, Predicate]
) -> dict[Indicator, tuple[Predicate, Predicate]]:
    r"""For each predicate with a negative head, two of its own: what the clauses give it, and take from it.

    The predicate itself then holds where the first does and the second does not.
    """
    found: dict[Indicator, tuple[Predicate, Predicate]] = {}
    for clause in clauses:
        for head in clause.heads:
            key = indicator(head.atom)
            if head.negated and key not in found:
                given, taken = (Predicate(f"${n} {key[0]}", key[1], internal=True) for n in _SIDES)
                found[key] = given, taken
                args = tuple(variable(i) for i in range(key[1]))
                body = (UserCall(given, args, True, head.span), UserCall(taken, args, False, head.span))
                predicates[key].rules.append(Rule(predicates[key], args, key[1], body, None, clause.span))
    return found
