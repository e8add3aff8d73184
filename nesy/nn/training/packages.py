"""Packages that training uses where they are installed and asked for."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from nesy.errors import ConfigError, Span


def needed(module: str, purpose: str, extra: str, span: Span | None = None) -> ModuleType:
    """A module of a package that nesy does without. Raises `ConfigError` (missing-package)."""
    try:
        return import_module(module)
    except ImportError as reason:
        raise ConfigError(
            "missing-package",
            f"{module.partition('.')[0]} is needed {purpose}, and cannot be imported: {reason}",
            span=span,
            hint=f"pip install 'nesy[{extra}]'",
        ) from reason
