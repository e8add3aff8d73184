"""The machine and the software a figure was measured with."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from nesy.version import __version__


def hardware() -> dict[str, Any]:
    """CPU model, the cores this process may use, torch's threads, and the GPU where there is one."""
    import torch  # noqa: PLC0415 - a second to import, and listing the benchmarks does without

    return {
        "cpu": cpu_model(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "threads": torch.get_num_threads(),
        "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else None,
    }


def versions() -> dict[str, str | None]:
    """The versions that figures depend on; None for a package that is not installed."""
    packages = ("torch", "numpy", "numba", "python-sat", "problog", "clingo")
    return {"nesy": __version__, "python": platform.python_version()} | {p: _version(p) for p in packages}


def cpu_model() -> str:
    """The processor's name, as the operating system gives it."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
