"""The rule files, as programs."""

from __future__ import annotations

from pathlib import Path

import nesy
from nesy.language.syntax import Program

SIZES = (4, 9)
"""The sizes of board that there are rule files for."""

DEMANDED = ":- \\+ valid.\n"
"""What makes a board's validity a condition, and no longer a question."""


def question(size: int) -> Program:
    """A board of any digits, which may be asked whether it is valid."""
    return nesy.load(_file(size))


def solution(size: int) -> Program:
    """A board that is known to be valid, whatever its cells are believed to hold."""
    path = _file(size)
    return nesy.parse(path.read_text(encoding="utf-8") + DEMANDED, path.name, base=path)


def _file(size: int) -> Path:
    return Path(__file__).with_name(f"board_{size}.nesy")
