"""Checks that the rules of the library make before they recurse."""

from __future__ import annotations

from collections.abc import Iterable

from nesy.errors import GroundingError
from nesy.grounding.builtins.invocation import Invocation, entry
from nesy.grounding.messages import shown
from nesy.grounding.rules import Builtin
from nesy.grounding.terms import Args
from nesy.language.syntax import Indicator


def _one_closed(call: Invocation) -> Iterable[Args]:
    """`$closed`(Predicate, Lists): one of the lists is closed, so that recursion along all of them ends."""
    lists = call.items(1)
    if any(call.store.list_items(item) is not None for item in lists):
        return call.yes()
    name = shown(call.store, call[0])
    which = "the list" if len(lists) == 1 else "one of the lists"
    message = f"{name}: {which} must be closed"
    hint = "put the goal that binds it before this one"
    raise GroundingError("call-mode", message, span=call.span, hint=hint)


TABLE: dict[Indicator, Builtin] = dict((entry("$closed", 2, _one_closed),))
