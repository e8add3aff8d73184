"""Cells of the tables that benchmarks print while they run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def cell(row: Mapping[str, Any], key: str, width: int, form: str) -> str:
    """A figure of a row, formatted and right-aligned; a dash where the row has none."""
    return f"{row[key]:>{width}{form}}" if key in row else f"{'-':>{width}}"
