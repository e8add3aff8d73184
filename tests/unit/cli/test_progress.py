"""The line of what is being done: on a terminal, after a second, on standard error, and gone in the end."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import nesy
from nesy.cli import progress

pty = pytest.importorskip("pty", reason="there are pseudo-terminals on POSIX systems only")

ROOT = Path(nesy.__file__).parents[1]
WORKING = """
import sys, time
from nesy.cli import progress
from nesy.logic.under_way import stage
progress.PATIENCE = 0.05
with progress.working("counting [sheep]") as saying:
    end, counted = time.monotonic() + float(sys.argv[1]), 0
    with stage("in the meadow", lambda: f"{counted} so far"):
        while time.monotonic() < end:
            time.sleep(0.01)
            counted += 1
    saying("counting goats")
    print("an answer")
    time.sleep(float(sys.argv[1]) / 2)
"""


def on_a_terminal(seconds: float) -> tuple[str, str]:
    """What the code writes on standard output, and on a terminal that is its standard error."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "80"}
    command = [sys.executable, "-W", "error", "-c", WORKING, str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, env=environment) as process:
        os.close(theirs)
        parts = []
        while part := _read(ours):
            parts.append(part)
        out, _ = process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == 0
    return out.decode(), b"".join(parts).decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # how Linux says that nobody writes any more
        return b""


def test_what_takes_long_is_shown_and_taken_away() -> None:
    out, shown = on_a_terminal(1.5)
    assert out == "an answer\n"
    assert "counting [sheep]" in shown
    assert "counting goats" in shown
    so_far = [int(count) for count in re.findall(r"counting \[sheep\]: in the meadow, (\d+) so far", shown)]
    assert len(so_far) > 2
    assert so_far == sorted(so_far)
    assert so_far[0] < so_far[-1]
    assert "counting goats: in the meadow" not in shown
    assert "an answer" not in shown
    erased = shown.rstrip().rpartition("\x1b[2K")
    assert erased[1], "the line is erased"
    assert "counting" not in erased[2]


def test_what_is_short_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nesy.cli.progress.PATIENCE", 3600.0)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    before = threading.active_count()
    with progress.working("counting"):
        assert threading.active_count() == before + 1
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join(10)
    assert threading.active_count() == before


def test_nothing_is_shown_where_nobody_looks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("nesy.cli.progress.PATIENCE", 0.0)
    before = threading.active_count()
    with progress.working("counting") as saying:
        assert threading.active_count() == before
        saying("counting on")
    assert capsys.readouterr() == ("", "")


def test_what_is_over_is_not_begun() -> None:
    saying = progress.Saying("counting")
    saying.stop()
    saying.start()
    assert saying._line is None
