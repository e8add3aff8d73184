"""Circuits kept on disk from one run to the next, by the content of what they were compiled from.

An entry is a circuit file under the hash of its program. It is written whole or not at all, under a name
that says what is in it, so processes may use one folder at the same time without locks: at worst two
compile the same circuit. What is damaged, foreign or from another version is compiled again.
A folder that cannot be used is as good as none: nothing but time is lost.

`NESY_CACHE` names the folder, or is `off`; `NESY_CACHE_SIZE` bounds it (`500M`, `2G`; 1G if nothing is said).
"""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from nesy.circuit.circuit import Circuit
from nesy.errors import CompilationError, DataError
from nesy.logic.program import GroundProgram

SMALL = 64
"""Nodes of a program whose compiling no disk can beat. Hard ones begin not far above."""

WORTH_KEEPING = 0.5
"""Seconds of compiling from which a circuit is kept."""

DEFAULT_SIZE = 1 << 30
"""Bytes of the folder where nothing else is said."""

ABANDONED = 3600.0
"""Seconds after which an unfinished file belongs to nobody."""

SUFFIX = ".nesyc"

_log = logging.getLogger("nesy.cache")
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


def cached(program: GroundProgram, task: str, compiler: str, build: Callable[[], Circuit]) -> Circuit:
    """The circuit of a program, from the folder if it is there, else built, and kept if that took long.

    task: what is compiled of the program. compiler: the name of who does it.
    Programs of fewer than `SMALL` nodes touch no disk. Raises what `build` raises, and `CompilationError`
    (malformed-cache-size). Cost: hashing the program, and reading the circuit.
    """
    folder = cache_folder() if len(program.graph) >= SMALL else None
    if folder is None:
        return build()
    # Small programs, which are most, load none of this.
    from nesy.compile.cache_key import cache_key  # noqa: PLC0415

    limit = cache_size()
    entry = folder / (cache_key(program, task, compiler) + SUFFIX)
    found = _recalled(entry)
    if found is not None:
        return found
    start = time.perf_counter()
    circuit = build()
    if time.perf_counter() - start >= WORTH_KEEPING:
        _keep(circuit, entry, limit)
    return circuit


def cache_folder() -> Path | None:
    """Where circuits are kept: `NESY_CACHE`, or the user's cache folder; None where it is `off`."""
    named = os.environ.get("NESY_CACHE", "").strip()
    if named.lower() == "off":
        return None
    if named:
        return Path(named)
    from platformdirs import user_cache_path  # noqa: PLC0415 - only large programs come here

    return user_cache_path("nesy", appauthor=False) / "circuits"


def cache_size() -> int:
    """How many bytes the folder may hold. Raises `CompilationError` (malformed-cache-size)."""
    text = os.environ.get("NESY_CACHE_SIZE", "").strip()
    if not text:
        return DEFAULT_SIZE
    found = re.fullmatch(r"(\d{1,15})([KMG]?)", text.upper())
    if found is None:
        raise CompilationError(
            "malformed-cache-size",
            f"NESY_CACHE_SIZE is {text!r}, and not a size",
            hint="write bytes, as in 500M or 2G; NESY_CACHE=off keeps nothing",
        )
    return int(found[1]) * _UNITS[found[2]]


def _recalled(entry: Path) -> Circuit | None:
    """A kept circuit, or None; a damaged one is removed."""
    if not entry.exists():
        return None
    from nesy.circuit.formats.native import load  # noqa: PLC0415

    try:
        circuit = load(entry)
    except DataError as error:
        if error.code != "file-not-found":
            _log.info("compiling again: %s", error.message)
            with suppress(OSError):
                entry.unlink()
        return None
    with suppress(OSError):
        # What was used last is thrown away last.
        os.utime(entry)
    return circuit


def _keep(circuit: Circuit, entry: Path, limit: int) -> None:
    from nesy.circuit.formats.native import save  # noqa: PLC0415

    try:
        entry.parent.mkdir(parents=True, exist_ok=True)
        save(circuit, entry)
        _shrink(entry.parent, limit)
    except (OSError, DataError) as error:
        _log.info("a circuit could not be kept: %s", error)


def _shrink(folder: Path, limit: int) -> None:
    """Remove what was used longest ago, until the rest fits; and what crashed processes left."""
    kept: list[tuple[float, int, str]] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            # Another process may remove it meanwhile.
            with suppress(FileNotFoundError):
                stat = entry.stat(follow_symlinks=False)
                if entry.name.endswith(SUFFIX):
                    kept.append((stat.st_mtime, stat.st_size, entry.path))
                elif f"{SUFFIX}." in entry.name and time.time() - stat.st_mtime > ABANDONED:
                    os.unlink(entry.path)
    total = sum(size for _, size, _ in kept)
    for _, size, path in sorted(kept):
        if total <= limit:
            break
        with suppress(FileNotFoundError):
            os.unlink(path)
        total -= size
