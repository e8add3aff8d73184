"""The `nesy` command itself, some of it as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner

import nesy
from nesy.cli.main import app
from tests.unit.cli.rule_files import BURGLARY, CONTRADICTION, MALFORMED

COMMAND = "from nesy.cli.main import main; main()"
ROOT = Path(nesy.__file__).parents[1]


def process(*arguments: str, code: str = COMMAND, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_version() -> None:
    result = CliRunner().invoke(app, ["--version"])
    assert (result.exit_code, result.stdout) == (0, f"nesy {nesy.__version__}\n")


def test_help_names_the_commands() -> None:
    result = CliRunner().invoke(app, ["--help"])
    assert result.exit_code == 0
    for name in ("run", "check"):
        assert f"\n  {name} " in result.stdout
        shown = CliRunner().invoke(app, [name, "--help"])
        assert shown.exit_code == 0
        assert f"Example: nesy {name} burglary.nesy" in shown.stdout


def test_wrong_usage() -> None:
    for arguments in (["frob"], ["--frob"], []):
        assert CliRunner().invoke(app, arguments).exit_code == 2


def test_as_a_process(tmp_path: Path) -> None:
    (tmp_path / "burglary.nesy").write_text(BURGLARY)
    done = process("run", "burglary.nesy", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "alarm: 0.28\nburglary: 0.1\n", "")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["burglary.nesy"], "nothing is left behind"


def test_failing_as_a_process(tmp_path: Path) -> None:
    for name, text, code in (
        ("malformed.nesy", MALFORMED, "missing-dot"),
        ("contradiction.nesy", CONTRADICTION, "inconsistent-evidence"),
    ):
        (tmp_path / name).write_text(text)
        done = process("run", name, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith(f"error[{code}]: ")
        assert "Traceback" not in done.stderr


def test_a_plain_program_runs_without_torch(tmp_path: Path) -> None:
    (tmp_path / "burglary.nesy").write_text(BURGLARY)
    code = (
        "import sys\nfrom nesy.cli.main import app\n"
        "try:\n    app()\nexcept SystemExit as stop:\n    print(stop.code, 'torch' in sys.modules)"
    )
    done = process("run", "burglary.nesy", code=code, cwd=tmp_path)
    assert done.stdout == "alarm: 0.28\nburglary: 0.1\n0 False\n"
    sampled = process("run", "burglary.nesy", "-e", "sampling", code=code, cwd=tmp_path)
    assert sampled.stdout.endswith("0 True\n"), "a loaded torch would be seen"
