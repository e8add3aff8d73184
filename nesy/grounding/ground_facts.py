"""Ground facts straight to rules: most clauses of a large program, with nothing to number or resolve."""

from __future__ import annotations

from nesy.grounding.rules import Alternatives, Choice, PickAlternative, Predicate, Rule
from nesy.grounding.terms import Args, TermStore
from nesy.language.syntax import Atom, Clause, Head, Indicator, Number, Probability, String

_CONSTANTS = frozenset({Atom, Number, String})


def ground_fact(
    store: TermStore, clause: Clause, number: int, predicates: dict[Indicator, Predicate]
) -> Rule | None:
    """The rule of a clause that is one atom of constants, certain or with a plain probability; else None.

    number: the clause's, which makes its symbol its own. Cost: O(arguments).
    """
    if clause.body is not None or len(clause.heads) > 1:
        return None
    head = clause.heads[0]
    terms = () if isinstance(head.atom, Atom) else head.atom.args
    for term in terms:
        if type(term) not in _CONSTANTS:
            return None
    if not _plain(head):
        return None
    name = head.atom.name if isinstance(head.atom, Atom) else head.atom.functor
    args = tuple([store.constant(t) for t in terms])  # type: ignore[arg-type]
    choice = _choice(store, head, name, args, number)
    return Rule(predicates[name, len(args)], args, 0, (), choice, clause.span)


def _plain(head: Head) -> bool:
    if head.negated:
        return False
    return head.label is None or (type(head.label) is Probability and type(head.label.value) is Number)


def _choice(store: TermStore, head: Head, name: str, args: Args, number: int) -> Choice | None:
    if head.label is None:
        return None
    assert isinstance(head.label, Probability)
    assert isinstance(head.label.value, Number)
    probability = store.constant(head.label.value)
    return PickAlternative(Alternatives(number, ((name, args),), (probability,), (head.label.span,)), 0)
