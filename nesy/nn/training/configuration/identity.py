"""What a run is told from another by: all of its configuration that decides its result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass

from nesy.errors import ConfigError
from nesy.language.printer import program_text
from nesy.language.syntax import Program
from nesy.nn.training.configuration.config import Imported
from nesy.nn.training.configuration.places import Keys
from nesy.nn.training.task import Task

Identity = Mapping[str, str]
"""The values of a configuration by their dotted keys, each as JSON."""

APART = ("write", "folder", "places", "rules", "data", "networks", "allow_files", "allow_python")
"""Where a run is written and where its files are decides nothing. The others are written in their own way."""
MODEL = ("rules", "networks", "template", "engine")
"""The keys that decide what a model is, whatever it is trained on."""


def identity(task: Task) -> Identity:
    """All that decides a run's result, but the code of networks and data. Cost: O(length of the rules)."""
    config = task.config
    found = {"rules": json.dumps(_digest(task.program))}
    for field in fields(config):
        if field.name not in APART:
            value: object = getattr(config, field.name)
            plain = asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
            _flatten(field.name, plain, found)
    if config.schedule is None:
        # Only a schedule asks how long training will be: without one it may be made longer.
        del found["epochs"]
    _flatten("data", _as_written("function", config.data), found)
    for name, network in config.networks.items():
        written = _as_written("class", network.build)
        _flatten(f"networks.{name}", {**written, "returns": network.returns}, found)
    return found


def _digest(program: Program) -> str:
    """What tells one program from another: its statements, of all its files, and its tables of facts."""
    found = hashlib.sha256(program_text(program).encode())
    for table in program.facts:
        found.update(table.name.encode())
        for column in table.arrays():
            found.update(repr(column.tolist()).encode() if column.dtype == object else column.tobytes())
    return found.hexdigest()[:16]


def _as_written(key: str, imported: Imported) -> dict[str, object]:
    """The keys that a configuration's file has."""
    return {key: imported.path, "options": imported.options}


def _flatten(key: str, value: object, into: dict[str, str]) -> None:
    # As deep as a configuration is: no deeper than somebody has written.
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            _flatten(f"{key}.{name}", inner, into)
    elif value not in (None, {}):
        into[key] = json.dumps(value, default=str)


def fingerprint(of: Identity) -> str:
    """A short text that differs where identities differ."""
    return hashlib.sha256(json.dumps(dict(sorted(of.items()))).encode()).hexdigest()[:16]


def check_same(kept: Identity, task: Task, what: str, *, model_only: bool = False) -> None:
    """Raise `ConfigError` (changed-config) where a configuration is not the one a checkpoint is of.

    what: the checkpoint, as messages name it. model_only: the keys that make the model are enough.
    """
    now = identity(task)
    keys = [k for k in sorted({*kept, *now}) if not model_only or k.partition(".")[0] in MODEL]
    changed = [key for key in keys if kept.get(key) != now.get(key)]
    if not changed:
        return
    shown = "; ".join(_difference(key, kept.get(key), now.get(key)) for key in changed)
    place: Keys = tuple(changed[0].split("."))
    hint = (
        "take the checkpoint's configuration" if model_only else "undo the change, or start anew (--restart)"
    )
    raise ConfigError(
        "changed-config",
        f"{what} is of another configuration: {shown}",
        span=task.config.places.of(place),
        hint=f"{hint}, or write to another folder",
    )


def _difference(key: str, before: str | None, now: str | None) -> str:
    if key == "rules":
        return "the rules have changed"
    absent = "absent"
    return f"{key} was {before or absent}, and is {now or absent}"
