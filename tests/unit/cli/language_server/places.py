"""Texts with the place of a cursor in them."""

from __future__ import annotations

from pathlib import Path

from nesy.cli.language_server.analysis import Analysis

CURSOR = "^"
"""Stands in a text where the cursor is, and is no part of it."""


def at_cursor(text: str, path: Path | None = None) -> tuple[Analysis, int]:
    """The text without its cursor, read, and the place of the cursor."""
    assert text.count(CURSOR) == 1
    return Analysis(text.replace(CURSOR, ""), path), text.index(CURSOR)
