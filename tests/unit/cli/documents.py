"""What `--json` prints: one document on one line, and nothing else."""

from __future__ import annotations

import json
from typing import Any

from typer.testing import Result


def document(result: Result, exit_code: int = 0) -> dict[str, Any]:
    """The document of a command that ended so."""
    assert (result.exit_code, result.stderr, result.stdout.count("\n")) == (exit_code, "", 1)
    found: dict[str, Any] = json.loads(result.stdout)
    return found
