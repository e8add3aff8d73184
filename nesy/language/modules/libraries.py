"""The libraries that `:- use_module(library(name)).` may name. Most need no import."""

from __future__ import annotations

from importlib.resources import files

from nesy.errors import Source

LIBRARIES: dict[str, str] = {
    "aggregate": "counts, sums, averages over the answers of a goal",
    "apply": "maplist, foldl and their kin",
    "assert": "clauses added while the program is read",
    "builtin": "what every program has",
    "collect": "findall and its kin",
    "control": "once, ignore, forall and their kin",
    "cut": "rules of which the first that applies counts",
    "db": "facts from CSV files and SQLite databases",
    "lists": "member, append and their kin",
    "scope": "programs within programs",
    "string": "texts taken apart and put together",
}
"""Each library, and what it holds in one line."""

WITH_RULES = frozenset({"scope"})
"""Libraries that add rules to a program that names them."""


def library_rules(name: str) -> Source:
    """The rules that a library adds."""
    text = (files(__package__) / "rules" / f"{name}.nesy").read_text(encoding="utf-8")
    return Source(f"library({name})", text)
