"""What needs no network loads no torch: a fresh interpreter tells."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.modules import ROOT

STARTS = {
    "import nesy": "import nesy",
    "parse": "import nesy; nesy.parse('0.5::a. query(a).')",
    "solve": (
        "import nesy; s = nesy.solve(nesy.parse('0.5::a. b :- a. b :- \\\\+a. query(b).'), engine='exact');"
        " assert abs(s['b'].probability - 1) < 1e-9"
    ),
    "tasks": "import nesy; assert nesy.prepare(nesy.parse('0.5::a. query(a).')).mpe().probability == 0.5",
    "command": "import nesy.cli.main",
}


def modules_after(code: str) -> set[str]:
    """The top-level modules that an interpreter has loaded after running the code."""
    script = f"import sys\n{code}\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return {name.split(".")[0] for name in done.stdout.split()}


@pytest.mark.parametrize("code", STARTS.values(), ids=STARTS.keys())
def test_no_torch_is_loaded(code: str) -> None:
    loaded = modules_after(code)
    assert "nesy" in loaded
    assert "torch" not in loaded


def test_a_loaded_torch_would_be_seen() -> None:
    assert "torch" in modules_after("import sys, types; sys.modules['torch'] = types.ModuleType('torch')")
