"""Our own circuit files (`.nesyc`): a zip of plain arrays and a header; documented in docs/formats.md.

The archive is not compressed, so a file's size bounds what reading it allocates; integers take as few
bytes as their values need. Nothing in a file is ever run.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nesy.circuit.circuit import Circuit
from nesy.circuit.formats.names import Names
from nesy.circuit.formats.native_header import FORMAT, VERSION, Header, misread, read_header
from nesy.circuit.formats.whole_files import whole_file
from nesy.circuit.wellformed import fault
from nesy.errors import DataError

ARRAYS = ("kinds", "columns", "offsets", "children", "roots", "domains")
"""The arrays of a circuit, an entry of the archive each."""

HEADER = "header.json"
"""The entry that says what the others are."""

_DATE = (1980, 1, 1, 0, 0, 0)
"""Equal circuits give equal files."""

_TYPES = ("<i1", "<i2", "<i4", "<i8")

_BROKEN = (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError)
"""What the zip reader raises at damaged archives: each in its own place, for none checks them first."""


def save(circuit: Circuit, path: str | os.PathLike[str], names: Names | None = None) -> None:
    """Write a circuit to a file, whole or not at all.

    names: kept with it, for `load_named`. Raises `DataError` (file-not-writable); `ValueError` where
    names do not fit the circuit. Cost: O(nodes and edges).
    """
    misfit = None if names is None else names.misfit(circuit)
    if misfit is not None:
        raise ValueError(f"the names do not fit the circuit: {misfit}")
    content = {name: _narrow(getattr(circuit, name)) for name in ARRAYS}
    header: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "arrays": {
            name: {"type": a.dtype.str.replace("|", "<"), "length": len(a), "sha256": _digest(a.tobytes())}
            for name, a in content.items()
        },
        "names": None
        if names is None
        else {"variables": names.variables, "values": names.values, "roots": names.roots},
    }
    with whole_file(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(HEADER, _DATE), json.dumps(header, ensure_ascii=False, indent=1))
        for name, array in content.items():
            archive.writestr(zipfile.ZipInfo(name, _DATE), array.tobytes())


def load(path: str | os.PathLike[str]) -> Circuit:
    """The circuit of a file that `save` wrote.

    Raises `DataError`: file-not-found, file-not-readable, not-a-circuit, newer-circuit, corrupt-circuit.
    Cost: linear in the file's size, memory included, whatever is in it.
    """
    return load_named(path)[0]


def load_named(path: str | os.PathLike[str]) -> tuple[Circuit, Names | None]:
    """The circuit of a file, and the names that were kept with it. Raises as `load` does.

    Cost: as `load`, and O(names).
    """
    name = os.fspath(path)
    try:
        content = Path(name).read_bytes()
    except FileNotFoundError:
        raise DataError("file-not-found", f"there is no file `{name}`") from None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise DataError("file-not-readable", f"`{name}` cannot be read: {reason}") from None
    if not content.startswith(b"PK\x03\x04"):
        raise DataError(
            "not-a-circuit",
            f"`{name}` is not a circuit file of nesy",
            hint="`nesy compile FILE --out circuit.nesyc` writes one",
        )
    entries = _entries(content, name)
    if HEADER not in entries:
        raise DataError("not-a-circuit", f"`{name}` is an archive, but not a circuit file of nesy")
    header = read_header(entries.pop(HEADER), name)
    circuit = Circuit(**{key: _array(header, entries, key, name) for key in ARRAYS})
    wrong = fault(circuit) or (header.names.misfit(circuit) if header.names is not None else None)
    if wrong is not None:
        raise misread(name, wrong)
    return circuit, header.names


def _entries(content: bytes, name: str) -> dict[str, bytes]:
    """The entries of an archive; one whose entries claim more than the file holds is not read."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            infos = archive.infolist()
            if any(i.compress_type != zipfile.ZIP_STORED for i in infos):
                raise DataError("not-a-circuit", f"`{name}` is an archive, but not a circuit file of nesy")
            if sum(i.file_size for i in infos) > len(content):
                raise misread(name, "its entries claim to be larger than the file")
            return {i.filename: archive.read(i) for i in infos}
    except _BROKEN as error:
        raise misread(name, f"it is truncated or damaged ({error})") from None


def _array(header: Header, entries: dict[str, bytes], key: str, name: str) -> NDArray[Any]:
    described, content = header.arrays.get(key), entries.get(key)
    if described is None or content is None:
        raise misread(name, f"its array {key!r} is missing")
    if described.type not in _TYPES or len(content) != described.length * np.dtype(described.type).itemsize:
        raise misread(name, f"its array {key!r} is not as its header says")
    if _digest(content) != described.sha256:
        raise misread(name, f"the checksum of its array {key!r} does not hold")
    wanted = np.int8 if key == "kinds" else np.int64
    return np.frombuffer(content, dtype=described.type).astype(wanted)


def _narrow(array: NDArray[Any]) -> NDArray[Any]:
    """The same integers in as few bytes as they all fit in."""
    low, high = (int(array.min()), int(array.max())) if len(array) else (0, 0)
    for name in _TYPES:
        limits = np.iinfo(name)
        if limits.min <= low and high <= limits.max:
            return array.astype(name)
    return array.astype(_TYPES[-1])


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
