"""`nesy repl` as a process: with a pipe, and with a terminal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from select import select

import pytest
from typer.testing import CliRunner

import nesy
from nesy.cli.main import app
from tests.unit.cli.rule_files import BURGLARY

ROOT = Path(nesy.__file__).parents[1]
# Whoever starts the tests may have interrupts ignored, as shells do for what runs in the background.
CODE = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
CODE += "from nesy.cli.main import main; main()"
COMMAND = [sys.executable, "-W", "error", "-c", CODE, "repl"]


def test_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "burglary.nesy").write_text(BURGLARY)
    done = subprocess.run(
        [*COMMAND, "burglary.nesy"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        input="% one\n0.5::noise.\n?- alarm,\n   noise.\n?- alrm.\n:run\n?- noise",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == "alarm, noise: 0.14\nalarm: 0.28\nburglary: 0.1\n"
    assert done.stderr.startswith("error[unknown-predicate]: ")
    assert "error[missing-dot]: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_pipe_without_mistakes_and_a_file_that_cannot_be_read() -> None:
    result = CliRunner().invoke(app, ["repl"], input="0.3::a. ?- a.\n:quit\n?- b.\n")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "a: 0.3\n", "")
    result = CliRunner().invoke(app, ["repl", "none.nesy"])
    assert result.exit_code == 1
    assert result.stderr.startswith("error[file-not-found]")
    assert CliRunner().invoke(app, ["repl", "-e", "none"]).stderr.startswith("error[unknown-engine]")


ENDLESS = "0.5::c(1).\nn(0).\nn(Y) :- n(X), Y is X + 1.\n"


class Terminal:
    """A process that has a terminal of its own, and what it has written there."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        import pty  # noqa: PLC0415 - not on every platform

        pid, self.handle = pty.fork()
        if pid == 0:
            os.chdir(folder)
            environment = {
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "TERM": "dumb",
                "PROMPT_TOOLKIT_NO_CPR": "1",
            }
            environment["XDG_STATE_HOME"] = str(folder / "state")
            os.execve(sys.executable, [*COMMAND, *arguments], environment)
        self.pid = pid
        self.seen = ""
        self.code: int | None = None

    def wait_for(self, text: str, seconds: float = 20.0) -> None:
        """Read until a text has appeared behind what was waited for before."""
        end = time.monotonic() + seconds
        while text not in self.seen:
            ready, _, _ = select([self.handle], [], [], end - time.monotonic())
            assert ready, f"no {text!r} in {self.seen!r}"
            self.seen += os.read(self.handle, 4096).decode("utf-8", "replace")
        self.seen = self.seen.partition(text)[2]

    def type(self, text: str) -> None:
        os.write(self.handle, text.encode())

    def status(self, patience: float = 20.0) -> int | None:
        """The exit code; None where it has not ended."""
        end = time.monotonic() + patience
        while self.code is None and time.monotonic() < end:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                self.code = os.waitstatus_to_exitcode(status)
            time.sleep(0.05)
        return self.code

    def end(self) -> None:
        """End it where it has not ended, and give the terminal back."""
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
            self.status()
        os.close(self.handle)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
def test_ctrl_c_ends_the_question_and_ctrl_d_the_session(tmp_path: Path) -> None:
    (tmp_path / "endless.nesy").write_text(ENDLESS)
    terminal = Terminal(tmp_path, "endless.nesy")
    try:
        converse(terminal)
        assert terminal.status() == 0
    finally:
        terminal.end()
    assert "+?- c(1)." in (tmp_path / "state" / "nesy" / "repl_history").read_text()


def converse(terminal: Terminal) -> None:
    """Ask what has no end, interrupt it, ask something else, and leave."""
    terminal.wait_for(":help says more")
    terminal.wait_for("endless.nesy: 3 statements")
    terminal.wait_for("nesy> ")
    terminal.type("?- n(_).\r")
    time.sleep(0.5)
    terminal.type("\x03")
    terminal.wait_for("interrupted")
    terminal.wait_for("nesy> ")
    terminal.type("?- c(1).\r")
    terminal.wait_for("c(1): 0.5")
    for _ in range(40):
        if terminal.status(patience=0.5) is not None:
            return
        # One that comes before the prompt is there is the terminal's own.
        terminal.type("\x04")
