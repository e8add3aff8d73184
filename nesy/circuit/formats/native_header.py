"""The header of our circuit files, read without trust."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

from nesy.circuit.formats.names import Names
from nesy.errors import DataError

FORMAT = "nesy-circuit"
"""What a header says a file is."""

VERSION = 1
"""Grows when files change so that older readers would misread them."""


@final
@dataclass(frozen=True, slots=True)
class ArrayEntry:
    """An array as the header describes it."""

    type: str
    length: int
    sha256: str


@final
@dataclass(frozen=True, slots=True)
class Header:
    """What a header says."""

    arrays: Mapping[str, ArrayEntry]
    names: Names | None


def read_header(content: bytes, file: str) -> Header:
    """The header in an entry of a file. Raises `DataError`: not-a-circuit, newer-circuit, corrupt-circuit."""
    try:
        found: Any = json.loads(content)
    except (ValueError, RecursionError):
        raise misread(file, "its header is not JSON") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise DataError("not-a-circuit", f"`{file}` is an archive, but not a circuit file of nesy")
    version = found.get("version")
    if not isinstance(version, int) or version < 1:
        raise misread(file, "its header names no version")
    if version > VERSION:
        raise DataError(
            "newer-circuit",
            f"`{file}` has version {version} of the circuit format; this nesy reads up to {VERSION}",
            hint="upgrade nesy, or compile the circuit again",
        )
    arrays = found.get("arrays")
    if not isinstance(arrays, dict):
        raise misread(file, "its header lists no arrays")
    return Header({key: _entry(key, value, file) for key, value in arrays.items()}, _names(found, file))


def misread(file: str, what: str) -> DataError:
    """The error of a damaged file."""
    return DataError(
        "corrupt-circuit",
        f"the circuit file `{file}` is corrupt: {what}",
        hint="compile or copy it again",
    )


def _entry(key: str, value: Any, file: str) -> ArrayEntry:
    match value:
        case {"type": str(type_), "length": int(length), "sha256": str(digest)} if length >= 0:
            return ArrayEntry(type_, length, digest)
        case _:
            raise misread(file, f"its header does not describe the array {key!r}")


def _names(found: Mapping[str, Any], file: str) -> Names | None:
    match found.get("names"):
        case None:
            return None
        case {"variables": list(variables), "values": list(values), "roots": list(roots)} if (
            _texts(variables) and _texts(roots) and all(isinstance(v, list) and _texts(v) for v in values)
        ):
            return Names(tuple(variables), tuple(map(tuple, values)), tuple(roots))
        case _:
            raise misread(file, "its header's names are malformed")


def _texts(items: list[Any]) -> bool:
    return all(isinstance(item, str) for item in items)
