"""Aggregates in the head of a clause: `total(G, sum<X>) :- body` means one answer for each group.

The groups are the instances of the head's other arguments; every solution of the body, told apart by all
its variables, counts once.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace

from nesy.errors import LanguageError
from nesy.grounding.collect.aggregates import AGGREGATES
from nesy.grounding.collect.goals import HEAD
from nesy.language.goals import goal_term
from nesy.language.syntax import (
    Atom,
    Call,
    Clause,
    Compound,
    Conjunction,
    Goal,
    Head,
    Indicator,
    ListTerm,
    Term,
    Variable,
)
from nesy.language.terms import AGGREGATE


def without_aggregates(clause: Clause, defined: Container[Indicator]) -> Clause:
    """The clause whose body does what the aggregates in its head say; itself where there are none.

    An aggregate that is not built in, or that the program defines as name/2, is called with the list of
    the values and the result. Raises `LanguageError` (misplaced-aggregate).
    """
    if not any(_aggregates(head) for head in clause.heads):
        return clause
    head = clause.heads[0]
    if len(clause.heads) > 1 or clause.body is None or head.negated:
        raise LanguageError(
            "misplaced-aggregate",
            "an aggregate stands in the head of a rule with one head and a body",
            span=_aggregates(head)[0].span if _aggregates(head) else clause.span,
            hint="as in total(G, sum<X>) :- item(G, X).",
        )
    assert isinstance(head.atom, Compound)
    return _rewritten(clause, head, head.atom, clause.body, defined)


def _aggregates(head: Head) -> list[Compound]:
    args = head.atom.args if isinstance(head.atom, Compound) else ()
    return [a for a in args if isinstance(a, Compound) and a.functor == AGGREGATE and len(a.args) == 2]


def _rewritten(
    clause: Clause, head: Head, atom: Compound, body: Goal, defined: Container[Indicator]
) -> Clause:
    asked = _aggregates(head)
    results = {id(a): Variable(f"_#result{i}", a.span) for i, a in enumerate(asked)}
    names: list[Term] = []
    collected: list[Term] = []
    calls: list[Goal] = []
    for aggregate in asked:
        name = aggregate.args[0]
        assert isinstance(name, Atom)
        result = results[id(aggregate)]
        if name.name in AGGREGATES and (name.name, 2) not in defined:
            names.append(name)
            collected.append(result)
            continue
        values = Variable(f"_#values{len(calls)}", aggregate.span)
        names.append(Atom("bag"))
        collected.append(values)
        calls.append(Call(Compound(name.name, (values, result), aggregate.span), aggregate.span))
    groups = tuple(a for a in atom.args if id(a) not in results)
    values_of = tuple(a.args[1] for a in asked)
    parts = (Atom(f"{atom.functor}/{len(atom.args)}"), _list(names), _list(values_of), _list(groups))
    goal = Compound(HEAD, (*parts, goal_term(body), _list(collected)), asked[0].span)
    first = Call(goal, asked[0].span)
    plain = replace(atom, args=tuple(results.get(id(a), a) for a in atom.args))
    return replace(
        clause,
        heads=(replace(head, atom=plain),),
        body=Conjunction((first, *calls), body.span) if calls else first,
    )


def _list(terms: Iterable[Term]) -> Term:
    return ListTerm(tuple(terms))
