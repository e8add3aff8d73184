"""What a run leaves behind: one JSON object on a line of its own, with what is needed to judge it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, final

from benchmarks.environment import hardware, versions
from nesy.errors import DataError


@final
@dataclass(frozen=True, slots=True)
class Result:
    """What a benchmark reports.

    options: every option with the value it had, defaults written out.
    data: the name of the data; protocol: in words, how it was used.
    figures: the task's own figures, by name; they become top-level keys of the record.
    """

    engine: str
    options: Mapping[str, Any]
    data: str
    protocol: str
    seed: int
    figures: Mapping[str, Any]


def written(settings: Any, **instead: Any) -> dict[str, Any]:
    """The options of a run as they are recorded, from its settings: a dataclass, in which others may stand.

    Their fields lie side by side; paths are texts and tuples lists. Engine and seed are left out: a record
    has places of its own for them. instead: what stands for fields that are not recorded as they are.
    """
    found: dict[str, Any] = {}
    for name in (field.name for field in fields(settings)):
        value = instead.get(name, getattr(settings, name))
        if is_dataclass(value):
            found |= written(value)
        elif name not in ("engine", "seed"):
            found[name] = _plain(value)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def record(benchmark: str, result: Result, seconds: float) -> dict[str, Any]:
    """The JSON object of a run. seconds: wall time of all of it, loading and evaluation included."""
    about: dict[str, Any] = {
        "benchmark": benchmark,
        "engine": result.engine,
        "options": dict(result.options),
        "seconds": round(seconds, 3),
        "data": result.data,
        "protocol": result.protocol,
        "seed": result.seed,
        "hardware": hardware(),
        "versions": versions(),
    }
    shadowed = about.keys() & result.figures.keys()
    if shadowed:
        raise ValueError(f"figures may not be called {sorted(shadowed)}")
    return {**about, **result.figures}


def check_destination(path: Path) -> None:
    """Refuse, before any work is done, a path that no record or picture can be written to.

    Raises `DataError` (unwritable-output).
    """
    folder = path.absolute().parent
    if not folder.is_dir():
        raise _unwritable(path, f"the folder {folder} does not exist", "create the folder")
    if path.is_dir():
        raise _unwritable(path, "it is a folder", "name a file in it")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise _unwritable(path, "permission denied", "choose another file")


def append_line(path: Path, content: Mapping[str, Any]) -> None:
    """Append an object to a file of JSON lines, by one write: a reader never sees half a line.

    Raises `DataError` (unwritable-output).
    """
    line = json.dumps(content, allow_nan=False) + "\n"
    try:
        # Unbuffered and in append mode, so that runs writing at the same time do not mix their lines.
        with path.open("ab", buffering=0) as file:
            file.write(line.encode())
    except OSError as reason:
        raise _unwritable(path, str(reason), "choose another file") from None


def _unwritable(path: Path, reason: str, hint: str) -> DataError:
    return DataError("unwritable-output", f"cannot append a record to {path}: {reason}", hint=hint)
