"""Entry points of packages that are not installed."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import EntryPoint
from pkgutil import resolve_name

import pytest

from nesy import registry


def install(monkeypatch: pytest.MonkeyPatch, table: str, *entries: tuple[str, str]) -> None:
    """Until the test ends, these and no others are what packages add to a table, such as `module:ENGINES`.

    entries: names, and `module:attribute` each.
    """
    monkeypatch.setattr(
        registry, "entry_points", lambda *, group: [EntryPoint(name, place, group) for name, place in entries]
    )
    module, _, name = table.partition(":")
    # A copy has read no packages yet.
    monkeypatch.setattr(resolve_name(module), name, replace(resolve_name(table)))
