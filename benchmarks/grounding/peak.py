"""A grounding in a process of its own, so that its peak memory is its own."""

from __future__ import annotations

import resource
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from benchmarks.grounding.measure import grounded


def peak_of(text: str) -> tuple[float, float, dict[str, Any]]:
    """Seconds to ground a program, the process's peak memory in GiB, and the sizes of the graph."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_run, text).result()


def _run(text: str) -> tuple[float, float, dict[str, Any]]:
    measured = grounded(text, 1)
    # Linux counts kibibytes, macOS bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**30
    return measured.seconds, peak, measured.figures
