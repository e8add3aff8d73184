"""Terms as messages show them."""

from __future__ import annotations

from nesy.grounding.syntax_terms import text
from nesy.grounding.terms import TermId, TermStore
from nesy.grounding.unification import canonical

SHOWN = 60
"""How many characters of a term a message shows."""


def shown(store: TermStore, term: TermId) -> str:
    """The text of a term, its variables numbered from 1; a long one is cut."""
    written = text(store, canonical(store, (term,))[0])
    return written if len(written) <= SHOWN else f"{written[:SHOWN]}..."
