"""Python objects as terms, so that one foreign predicate can hand them to another."""

from __future__ import annotations

from typing import final

from nesy.grounding.terms import TermId, TermStore
from nesy.language.terms import Atom


@final
class HeldName(str):
    """The name of an atom that stands for an object, and holds it as long as the atom is there."""

    value: object
    __slots__ = ("value",)


def object_term(store: TermStore, value: object) -> TermId:
    """The atom of an object; one object is one atom."""
    # No two objects share an id while both are held, and this name is held with its object.
    name = HeldName(f"<{type(value).__name__} {id(value)}>")
    name.value = value
    return store.constant(Atom(name))


def held_object(store: TermStore, term: TermId) -> HeldName | None:
    """The name that holds a term's object; None for a term that stands for none."""
    head = store.heads[term] if term >= 0 else None
    return head.name if isinstance(head, Atom) and isinstance(head.name, HeldName) else None
