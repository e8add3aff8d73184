"""The built-in predicates that are solved at once, one file for each group of them.

They are deterministic, or have finitely many answers; none has a probability of its own. Predicates
that call goals of the program are rules, in `nesy.grounding.library`.
"""

from __future__ import annotations

from nesy.grounding.builtins import (
    construction,
    counted,
    guards,
    identity,
    kinds,
    list_items,
    list_numbers,
    list_parts,
    list_sets,
    numbers,
    output,
    sorting,
    text_parts,
    texts,
)
from nesy.grounding.rules import Builtin
from nesy.language.syntax import Indicator

GROUPS = (
    identity,
    kinds,
    numbers,
    construction,
    list_items,
    list_parts,
    list_sets,
    list_numbers,
    sorting,
    texts,
    text_parts,
    output,
    guards,
    counted,
)

BUILTINS: dict[Indicator, Builtin] = {key: run for group in GROUPS for key, run in group.TABLE.items()}
"""Every built-in, by name and arity."""
