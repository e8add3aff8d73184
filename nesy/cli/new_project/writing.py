"""Writing a new project: all of its files or none."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from secrets import token_hex

from nesy.errors import ConfigError

TEMPLATES = {
    "rules.nesy": "rules.nesy",
    "networks.py": "networks.py",
    "data.py": "data.py",
    "config.toml": "config.toml",
    "test_project.py": "test_project.py",
    "README.md": "README.md",
    ".gitignore": "gitignore",
}
"""The files of a project, and the templates they are made of."""

NAMED = frozenset({"README.md"})
"""Files that hold the project's name."""

_NAME = re.compile(r"\w[\w.-]*")


def create(folder: Path) -> tuple[str, ...]:
    """Write a project into a folder that is not there yet; the names of its files.

    Whoever looks meanwhile, or after a failure, finds nothing. Raises `ConfigError`: unusable-name,
    folder-exists, unusable-folder.
    """
    name = folder.name
    if _NAME.fullmatch(name) is None:
        raise ConfigError(
            "unusable-name",
            f"`{folder}` is no name of a project",
            hint="letters, digits, `_`, `-` and dots, as in digit_sums",
        )
    if os.path.lexists(folder):
        raise ConfigError(
            "folder-exists", f"`{folder}` is there already", hint="nothing is overwritten: take another name"
        )
    with _failing(folder), _unfinished(folder) as place:
        for file, template in TEMPLATES.items():
            (place / file).write_text(_content(file, template, name), encoding="utf-8")
        os.rename(place, folder)
    return tuple(TEMPLATES)


def _content(file: str, template: str, name: str) -> str:
    text = (files(__package__) / f"{template}.template").read_text(encoding="utf-8")
    return text.format(name=name) if file in NAMED else text


@contextmanager
def _unfinished(folder: Path) -> Iterator[Path]:
    """A folder beside another, removed at the end unless it has been renamed."""
    place = folder.parent / f".{folder.name}.{token_hex(8)}"
    place.mkdir()
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _failing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise ConfigError("unusable-folder", f"`{folder}` cannot be written: {reason}") from None
