"""Predicates that choose an item of a list at random: `select_uniform/4` and its kin.

One call chooses by one symbol, with a value for each item. Equal calls, up to what they select, choose
the same; the first argument tells choices apart that are otherwise equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import final

from nesy.errors import GroundingError, Span
from nesy.grounding.arithmetic import evaluate
from nesy.grounding.rules import Alternatives, PickAlternative, Predicate, Rule
from nesy.grounding.syntax_terms import text
from nesy.grounding.terms import Args, TermId, TermStore
from nesy.language.syntax import Indicator

SELECTORS: dict[Indicator, tuple[int, ...]] = {
    ("select_uniform", 4): (0, 1),
    ("select_weighted", 4): (0, 1),
    ("select_weighted", 5): (0, 1, 2),
    ("sample_uniform1", 3): (0, 1),
}
"""The predicates, each with the arguments that must be bound; they say what is chosen from."""


@final
class Selections:
    """The choices of one grounding, each made once."""

    def __init__(self) -> None:
        self._known: dict[tuple[Indicator, Args], list[Rule]] = {}

    def predicate(self, key: Indicator, span: Span | None) -> Predicate:
        """One of `SELECTORS`, as a goal at a place calls it."""
        made = Predicate(*key)
        made.sources.append(_Selector(self, made, span))
        return made

    def rules(self, store: TermStore, predicate: Predicate, args: Args, span: Span | None) -> list[Rule]:
        """The ways a call can turn out, one for each item. Raises `GroundingError` (call-mode)."""
        key = (predicate.name, predicate.arity)
        bound = tuple(args[i] for i in SELECTORS[key])
        for place, term in zip(SELECTORS[key], bound, strict=True):
            if not store.is_ground(term):
                raise _wrong_mode(store, predicate, place, term, "bound", span)
        found = self._known.get((key, bound))
        if found is None:
            found = self._known[key, bound] = list(self._made(store, predicate, bound, span))
        return found

    def _made(self, store: TermStore, predicate: Predicate, bound: Args, span: Span | None) -> Iterator[Rule]:
        weights, items = _choices(store, predicate, bound, span)
        total = sum(weights)
        if len(weights) != len(items) or total <= 0:
            return
        heads = []
        for i, item in enumerate(items):
            rest = () if predicate.arity == 3 else (store.make_list([*items[:i], *items[i + 1 :]]),)
            heads.append((predicate.name, (*bound, item, *rest)))
        alternatives = Alternatives(
            # Clauses count upwards from 1: a choice is no clause.
            number=-1 - len(self._known),
            heads=tuple(heads),
            probabilities=tuple(store.number(w / total) for w in weights),
            spans=(span,) * len(items),
        )
        for i, (_, head) in enumerate(heads):
            choice = PickAlternative(alternatives, i) if len(items) > 1 else None
            yield Rule(predicate, head, 0, (), choice, span)


@final
class _Selector:
    """The rules of a selecting predicate, made as calls come."""

    def __init__(self, selections: Selections, predicate: Predicate, span: Span | None) -> None:
        self._selections = selections
        self._predicate = predicate
        self._span = span

    def __len__(self) -> int:
        return 0

    def matching(self, store: TermStore, args: Args) -> Iterable[Rule]:
        """The rules of a call."""
        return self._selections.rules(store, self._predicate, args, self._span)


def _choices(
    store: TermStore, predicate: Predicate, bound: Args, span: Span | None
) -> tuple[list[float], list[TermId]]:
    """The weights and the items that a call chooses from."""
    last = _items(store, predicate, bound, len(bound) - 1, span)
    if predicate.name != "select_weighted":
        return [1.0] * len(last), last
    if predicate.arity == 5:
        weights = _items(store, predicate, bound, 1, span)
    else:
        pairs = [store.args[t] if store.functor(t) == (",", 2) else () for t in last]
        if not all(pairs):
            raise _wrong_mode(store, predicate, 1, bound[1], "a list of pairs (Weight, Item)", span)
        weights, last = [p[0] for p in pairs], [p[1] for p in pairs]
    return [float(evaluate(store, w, span)) for w in weights], last


def _items(
    store: TermStore, predicate: Predicate, bound: Args, place: int, span: Span | None
) -> list[TermId]:
    found = store.list_items(bound[place])
    if found is None:
        raise _wrong_mode(store, predicate, place, bound[place], "a closed list", span)
    return found


def _wrong_mode(
    store: TermStore, predicate: Predicate, place: int, term: TermId, wanted: str, span: Span | None
) -> GroundingError:
    given = "unbound" if term < 0 else text(store, term)
    return GroundingError(
        "call-mode",
        f"argument {place + 1} of {predicate.name}/{predicate.arity} must be {wanted}, and is {given}",
        span=span,
        hint="put the goal that binds it before this one",
    )
