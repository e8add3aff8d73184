"""Approximate counts of models by hashing, with ApproxMC."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import final

from nesy.engines.reasoning.clauses import Clauses
from nesy.errors import EngineError

WORKER = Path(__file__).parent / "workers" / "run_approxmc.py"


@final
@dataclass(frozen=True, slots=True)
class Hashing:
    """How approximate counting counts: within a factor of 1 + tolerance, with a probability of confidence.

    Raises `EngineError` (invalid-option).
    """

    tolerance: float = 0.8
    confidence: float = 0.8
    seed: int = 1

    def __post_init__(self) -> None:
        if not self.tolerance > 0:
            raise EngineError(
                "invalid-option", f"tolerance is {self.tolerance}", hint="give a number above 0"
            )
        if not 0 < self.confidence < 1:
            raise EngineError(
                "invalid-option", f"confidence is {self.confidence}", hint="give a number between 0 and 1"
            )


def hashed(clauses: Clauses, projection: Iterable[int], hashing: Hashing) -> tuple[int, bool]:
    """About how many combinations of truths some variables, at least one, have in models; whether exactly.

    It runs in a process of its own, so that it can be interrupted.
    Raises `EngineError`: missing-package, counter-failed.
    """
    if find_spec("pyapproxmc") is None:
        raise EngineError(
            "missing-package",
            "approximate counting needs the package pyapproxmc, which is not installed",
            hint="pip install 'nesy[counting]'",
        )
    asked = {
        "clauses": clauses,
        "projection": sorted({abs(x) for x in projection}),
        "seed": hashing.seed,
        "epsilon": hashing.tolerance,
        "delta": 1 - hashing.confidence,
    }
    done = subprocess.run(
        [sys.executable, str(WORKER)], input=json.dumps(asked), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        raise EngineError(
            "counter-failed",
            f"ApproxMC ended with code {done.returncode}: {said[0]}",
            hint='count by method="exact"',
        )
    cells, hashes = json.loads(done.stdout)
    # Where nothing was split it has met every model.
    return cells * 2**hashes, hashes == 0
