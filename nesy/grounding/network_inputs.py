"""What networks are given: the terms of a neural predicate as references to tensors."""

from __future__ import annotations

from typing import final

from nesy.errors import GroundingError, Span
from nesy.grounding.syntax_terms import text, value
from nesy.grounding.terms import CONS, Args, TermId, TermStore
from nesy.logic.program import InputRef, NetworkCall, Value

TENSOR = "nn"
"""The functor of a term that stands for a network's tensor: nn(network, [inputs])."""

LARGEST = 2**63
"""Whole numbers from here on do not fit a tensor."""


def tensor_term(store: TermStore, network: str, inputs: Args) -> TermId:
    """The term that stands for the tensor a network gives on some inputs."""
    return store.compound(TENSOR, (store.atom(network), store.make_list(inputs)))


@final
class NetworkInputs:
    """Turns terms into references, one object for each term, however deeply networks feed networks."""

    def __init__(self, store: TermStore) -> None:
        self._store = store
        self._references: dict[TermId, InputRef] = {}

    def call(self, network: str, inputs: Args, span: Span | None) -> NetworkCall:
        """One evaluation of a network. Raises `GroundingError` (network-input). Iterative."""
        return NetworkCall(network, tuple(self._reference(i, span) for i in inputs))

    def _reference(self, term: TermId, span: Span | None) -> InputRef:
        known = self._references
        stack = [term]
        while stack:
            current = stack[-1]
            missing = [t for t in self._feeding(current) if t not in known]
            if missing:
                stack.extend(missing)
                continue
            if current not in known:
                known[current] = self._assembled(current, span)
            stack.pop()
        return known[term]

    def _feeding(self, term: TermId) -> Args:
        """The inputs of the network whose tensor a term stands for; for `tensor(T)`, the term T."""
        functor = self._store.functor(term)
        if functor == ("tensor", 1):
            return self._store.args[term]
        if functor == (TENSOR, 2):
            return tuple(self._store.list_items(self._store.args[term][1]) or ())
        return ()

    def _assembled(self, term: TermId, span: Span | None) -> InputRef:
        store = self._store
        functor = store.functor(term)
        if functor == ("tensor", 1):
            return self._references[store.args[term][0]]
        if functor == (TENSOR, 2):
            name = str(value(store, store.args[term][0]))
            return InputRef(
                name, (), NetworkCall(name, tuple(map(self._references.__getitem__, self._feeding(term))))
            )
        if functor is None:
            return _constant(value(store, term), span)
        if functor[0] == CONS:
            raise GroundingError(
                "network-input",
                f"the list {text(store, term)} does not name a tensor",
                span=span,
                hint="give the network one argument for each tensor, as in nn(net, [X, Y], ...)",
            )
        return InputRef(functor[0], tuple(value(store, a) for a in store.args[term]))


def _constant(shown: Value, span: Span | None) -> InputRef:
    """An atom names a tensor; a number is given to the network as it is."""
    if isinstance(shown, str):
        return InputRef(shown)
    if isinstance(shown, int) and not -LARGEST <= shown < LARGEST:
        raise GroundingError(
            "network-input",
            f"the number {shown} does not fit a tensor's 64 bits",
            span=span,
            hint="give the network a smaller number, or a float",
        )
    return InputRef(str(shown), number=shown)
