"""The page of built-ins lists every predicate and every arithmetic function, as the tables describe them."""

from __future__ import annotations

import re

from nesy.grounding.functions import CONSTANTS, FUNCTIONS
from nesy.language.builtins import BUILTINS, META
from nesy.language.library import LIBRARY
from tests.unit.pages import page

PAGE = page("builtins")
LISTED = set(re.findall(r"^- (`.+?`: .+)$", PAGE.partition("\n## What differs")[0], re.MULTILINE))


def test_every_predicate_is_listed_and_no_other() -> None:
    described = {}
    for text in (BUILTINS | LIBRARY | META).values():
        signature, _, meaning = text.partition(": ")
        described[f"`{signature}`: {meaning}"] = signature
    assert described.keys() == LISTED
    assert len(LISTED) > 150


def test_every_arithmetic_function_is_listed() -> None:
    arithmetic = PAGE.partition("\n## Arithmetic\n")[2]
    missing = [name for name in {*(n for n, _ in FUNCTIONS), *CONSTANTS} if f"`{name}`" not in arithmetic]
    assert not missing
