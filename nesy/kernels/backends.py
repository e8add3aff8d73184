"""Which kernel evaluates a circuit, where no choice is made by hand. Free of torch and numba."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec

from nesy.circuit.circuit import Circuit
from nesy.errors import ModelError

BACKENDS = ("reference", "numba", "torch", "triton")
"""Every kernel, by the name it is asked for with."""

WORTH_LOADING = 20_000
"""Edges from which compiled code is worth loading, half a second, for a single evaluation."""

WORTH_CALLING = 500
"""Edges from which compiled code that is loaded is faster than calling numpy for each edge."""

WORTH_TRAINING = 200
"""Edges from which it is for torch's users, who evaluate a circuit many times over.

Compiled code is 4 to 7 times as fast, 0.4 to 1.2 ms a step below 1,000 edges: loading it pays within a
thousand steps. Whether it is loaded must not matter here: the two differ in their last bits, and a run
that is resumed has to be the same.
"""


def for_arrays(circuit: Circuit) -> str:
    """The kernel for numpy arrays: `reference` or `numba`."""
    loaded = "nesy.kernels.numba_log" in sys.modules
    large = circuit.edges >= (WORTH_CALLING if loaded else WORTH_LOADING)
    return "numba" if large and has_numba() else "reference"


def for_cpu_tensors(circuit: Circuit) -> str:
    """The kernel for torch tensors on the CPU: `numba` or `torch`."""
    return "numba" if circuit.edges >= WORTH_TRAINING and has_numba() else "torch"


def for_tensors(circuit: Circuit, device: str, backend: str | None = None) -> str:
    """The kernel for torch tensors on a kind of device: the one that is named, or the one to choose.

    Raises `ModelError` unless the named one exists and takes them: unknown-backend, unusable-backend.
    """
    if backend is not None:
        check_backend(backend, _usable(device), f"tensors on {device}")
        return backend
    if device == "cuda":
        return "triton" if has_triton() else "torch"
    return for_cpu_tensors(circuit) if device == "cpu" else "torch"


def _usable(device: str) -> tuple[str, ...]:
    if device == "cpu":
        return ("torch", "numba", "triton") if interprets_triton() else ("torch", "numba")
    return ("torch", "triton") if device == "cuda" else ("torch",)


def has_numba() -> bool:
    """Whether numba is installed."""
    return _installed("numba")


def has_triton() -> bool:
    """Whether triton is installed."""
    return _installed("triton")


def interprets_triton() -> bool:
    """Whether triton runs its kernels in Python, on any tensors: `TRITON_INTERPRET=1`, for tests."""
    return os.environ.get("TRITON_INTERPRET") == "1"


def _installed(name: str) -> bool:
    return name in sys.modules or find_spec(name) is not None


def check_backend(name: str, usable: tuple[str, ...], kind: str) -> None:
    """Raise `ModelError` unless a backend takes inputs of a kind: unknown-backend, unusable-backend."""
    if name not in BACKENDS:
        raise ModelError(
            "unknown-backend", f"there is no backend {name!r}", hint=f"one of {', '.join(BACKENDS)}"
        )
    if name not in usable:
        raise ModelError(
            "unusable-backend",
            f"the backend {name!r} does not evaluate {kind}",
            hint=f"for these there is {' or '.join(usable)}; or leave the choice out",
        )
    # A backend's name is that of its library.
    if name != "reference" and not _installed(name):
        raise ModelError(
            "unusable-backend",
            f"the backend {name!r} needs {name}, which is not installed",
            hint=f"pip install {name}",
        )
