"""The rule files, as programs, and the model of a board's cells."""

from __future__ import annotations

from pathlib import Path

from torch import nn

import nesy
from nesy.engines.inference import Engine
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


def cells_model(network: nn.Module, size: int, engine: str | Engine) -> nesy.Model:
    """The model of what each cell of a valid board holds."""
    networks = {"digit_net": nesy.logits(network)}
    return nesy.Model(solution(size), networks, query="cell(R, C, D)", output="D", engine=engine)


def _file(size: int) -> Path:
    return Path(__file__).with_name(f"board_{size}.nesy")
