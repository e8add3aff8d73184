"""A TOML file as values and the places of its keys."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from types import ModuleType

from nesy.errors import ConfigError, Source, Span
from nesy.language.files import read_text
from nesy.nn.training.configuration.places import Places, find_places
from nesy.nn.training.packages import needed

PLACE = re.compile(r" \(at line (\d+), column (\d+)\)$| \(at end of document\)$")


def read_toml(path: str | os.PathLike[str]) -> tuple[Mapping[str, object], Places]:
    """What a file says, and where.

    Raises `LanguageError` for a file that cannot be read, `ConfigError`: malformed-config with the place,
    missing-package for Python 3.10 without tomli.
    """
    parser = _parser()
    source = Source(os.fspath(path), read_text(path))
    try:
        values: Mapping[str, object] = parser.loads(source.text)
    except parser.TOMLDecodeError as error:
        raise _malformed(source, str(error)) from None
    return values, find_places(source, lambda text: str(parser.loads(f"key = {text}")["key"]))


def _parser() -> ModuleType:
    return needed("tomllib" if sys.version_info >= (3, 11) else "tomli", "to read TOML", "train")


def _malformed(source: Source, message: str) -> ConfigError:
    found = PLACE.search(message)
    offset = len(source.text)
    if found is not None and found.group(1) is not None:
        offset = source.offset(int(found.group(1))) + int(found.group(2)) - 1
    said = PLACE.sub("", message)
    return ConfigError(
        "malformed-config",
        f"this is no TOML: {said[:1].lower()}{said[1:]}",
        span=Span(source, offset, offset),
        hint='a line is key = value, with text in quotes: rules = "rules.nesy"',
    )
