"""Whoever waits for code to be made is told what for; programs that read standard error are not."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable

import pytest
from numba import njit

from nesy.logic import announcing


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def increment(module: str) -> Callable[[int], int]:
    def one_more(x: int) -> int:
        return x + 1

    one_more.__module__ = module
    compiled: Callable[[int], int] = njit(one_more)
    return compiled


@pytest.fixture
def _announcing() -> None:
    announcing.announce_compiling()
    announcing.announce_compiling()
    announcing._say.cache_clear()


@pytest.mark.usefixtures("_announcing")
def test_a_terminal_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    increment("somebody.else")(1)
    assert terminal.getvalue() == ""
    increment("nesy.module")(1)
    increment("nesy.module")(1)
    assert terminal.getvalue() == announcing.NOTICE + "\n"


@pytest.mark.usefixtures("_announcing")
def test_what_is_no_terminal_is_told_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    increment("nesy.module")(1)
    assert capsys.readouterr().err == ""
