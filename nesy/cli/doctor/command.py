"""`nesy doctor`: what is installed, which kernels run where, and whether their code is compiled."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from nesy.cli.doctor import optional_parts
from nesy.cli.reporting import fail, print_json
from nesy.errors import NesyError
from nesy.kernels import backends
from nesy.version import __version__

NEEDED = ("numpy", "torch", "numba", "python-sat", "networkx", "pyparsing", "typer", "rich", "prompt_toolkit")
OPTIONAL = tuple(dict.fromkeys(name for part in optional_parts.PARTS for name in part.packages))


def command(
    warm: Annotated[
        bool,
        typer.Option(
            "--warm", help="Compile the code that is compiled on first use now: about a minute, once."
        ),
    ] = False,
    machine: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Print versions, what is missing, devices, kernels, threads, and where compiled code is kept.

    Example: nesy doctor --warm
    """
    try:
        circuits, added = _circuits(), _added()
    except NesyError as error:
        fail(error, machine=machine)
    report: dict[str, Any] = {
        "versions": _versions(),
        "parts": _parts(),
        "added": added,
        "devices": _devices(),
        "backends": _backends(),
        "threads": _threads(),
        "code": _code(warm),
        "circuits": circuits,
    }
    if machine:
        print_json(report)
    else:
        typer.echo(_text(report))


def _versions() -> dict[str, str | None]:
    """Of each package its version, or null where it is not installed."""
    own: dict[str, str | None] = {"nesy": __version__, "python": platform.python_version()}
    return own | {name: optional_parts.installed(name) for name in (*NEEDED, *OPTIONAL)}


def _parts() -> list[dict[str, Any]]:
    """Of each optional part what it is for, what of it is missing, and how to get that."""
    return [
        {"part": part.purpose, "missing": list(part.missing()), "install": part.remedy}
        for part in optional_parts.PARTS
    ]


def _added() -> dict[str, list[str]]:
    """Of each kind the names that other packages have added. Raises `EngineError` (duplicate-KIND)."""
    from nesy.algebra.registry import INSTALLED  # noqa: PLC0415 - whoever asks for help need not wait
    from nesy.compile.backends.registry import COMPILERS  # noqa: PLC0415
    from nesy.engines.registry import ENGINES  # noqa: PLC0415

    return {
        "engines": [name for name in ENGINES.names() if name not in ENGINES.built_in],
        "algebras": INSTALLED.names(),
        "compilers": [name for name in COMPILERS.names() if name not in COMPILERS.built_in],
    }


def _devices() -> list[dict[str, Any]]:
    # This loads torch, which whoever asks what it sees can wait for.
    from nesy.kernels.torch_devices import accelerators  # noqa: PLC0415

    return [{"device": "cpu", "name": _processor(), "cores": _cores()}, *map(asdict, accelerators())]


def _processor() -> str:
    """The processor as Linux names it, or as the platform does."""
    listed = Path("/proc/cpuinfo")
    if listed.is_file():
        for line in listed.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _backends() -> list[dict[str, str]]:
    """For each kind of inputs, the backend that is chosen, and why."""
    choices = [("numpy arrays", *_for_arrays()), ("tensors on cpu", *_for_tensors())]
    choices.append(("tensors on cuda", *_for_cuda()))
    choices.append(("tensors elsewhere", "torch", "it runs wherever torch does"))
    return [{"inputs": inputs, "backend": name, "why": why} for inputs, name, why in choices]


def _for_arrays() -> tuple[str, str]:
    if not backends.has_numba():
        return "reference", "numba is not installed"
    edges = f"{backends.WORTH_LOADING:,} edges"
    return "numba", f"from {edges} ({backends.WORTH_CALLING:,} where it is loaded), else reference"


def _for_tensors() -> tuple[str, str]:
    if not backends.has_numba():
        return "torch", "numba is not installed"
    return "numba", f"from {backends.WORTH_TRAINING:,} edges, else torch"


def _for_cuda() -> tuple[str, str]:
    from nesy.kernels.torch_devices import accelerators  # noqa: PLC0415

    cuda = any(found.device.startswith("cuda") for found in accelerators())
    seen = "" if cuda else "; no such device is seen here"
    if backends.has_triton():
        return "triton", f"triton is installed{seen}"
    return "torch", f"triton is not installed{seen}"


def _threads() -> dict[str, int | str | None]:
    from nesy.kernels.threads import allowed  # noqa: PLC0415
    from nesy.kernels.torch_devices import thread_count  # noqa: PLC0415

    return {
        "torch": thread_count(),
        "numba kernels": allowed(),
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS"),
    }


def _code(warm: bool) -> list[dict[str, Any]]:
    """What is compiled on first use: where it is kept, whether it is there, and what warming took."""
    report: list[dict[str, Any]] = []
    if backends.has_triton():
        # Whether it is there is known on a device only.
        folder = os.environ.get("TRITON_CACHE_DIR") or str(Path.home() / ".triton" / "cache")
        size = _filled(Path(folder), "**/*")
        report.append({"part": "cuda kernels", "warm": None, "folder": folder, "bytes": size})
    if not backends.has_numba():
        return report
    from nesy.kernels.warming import compiled_parts  # noqa: PLC0415

    for part in compiled_parts():
        took = {"seconds": round(part.warm(), 2)} if warm else {}
        folder = part.folder()
        size = _filled(Path(folder), "*.nb[ic]")
        report.append({"part": part.name, "warm": part.is_warm(), "folder": folder, "bytes": size, **took})
    return report


def _filled(folder: Path, pattern: str) -> int:
    """The bytes of some files of a folder; 0 where there is no such folder."""
    return sum(_sizes(folder, pattern))


def _sizes(folder: Path, pattern: str) -> Iterator[int]:
    for path in folder.glob(pattern):
        with suppress(FileNotFoundError):  # another process may remove it meanwhile
            yield path.stat().st_size


def _circuits() -> dict[str, Any]:
    """The cache of compiled circuits."""
    from nesy.compile.cache import SUFFIX, cache_folder, cache_size  # noqa: PLC0415

    folder = cache_folder()
    if folder is None:
        return {"folder": None, "limit": cache_size(), "entries": 0, "bytes": 0}
    sizes = list(_sizes(folder, f"*{SUFFIX}"))
    return {"folder": str(folder), "limit": cache_size(), "entries": len(sizes), "bytes": sum(sizes)}


def _text(report: dict[str, Any]) -> str:
    return "\n\n".join(
        f"{title}\n" + "\n".join(f"  {line}" for line in lines) for title, lines in _sections(report)
    )


def _sections(report: dict[str, Any]) -> list[tuple[str, list[str]]]:
    threads, circuits = report["threads"], report["circuits"]
    filled = f"{circuits['entries']} circuits, {_size(circuits['bytes'])} of {_size(circuits['limit'])}"
    kept = f"{filled}: {circuits['folder']}"
    return [
        ("versions", _columns([(n, v or "not installed") for n, v in report["versions"].items()])),
        ("optional parts", _columns([_optional(part) for part in report["parts"]])),
        ("added by packages", _columns([(k, ", ".join(v) or "none") for k, v in report["added"].items()])),
        ("devices", _columns([_device(device) for device in report["devices"]])),
        ("kernels", _columns([(b["inputs"], f"{b['backend']}: {b['why']}") for b in report["backends"]])),
        ("threads", _columns([(n, "not set" if t is None else str(t)) for n, t in threads.items()])),
        ("compiled code", _columns([_part(part) for part in report["code"]]) or ["none"]),
        ("compiled circuits", ["kept nowhere: NESY_CACHE is off" if circuits["folder"] is None else kept]),
    ]


def _columns(rows: list[tuple[str, str]]) -> list[str]:
    width = max((len(name) for name, _ in rows), default=0)
    return [f"{name:{width}}  {value}" for name, value in rows]


def _optional(part: dict[str, Any]) -> tuple[str, str]:
    missing = part["missing"]
    return part["part"], f"without {', '.join(missing)}: {part['install']}" if missing else "installed"


def _device(device: dict[str, Any]) -> tuple[str, str]:
    extent = f"{device['cores']} cores" if "cores" in device else _size(device["memory"])
    return device["device"], f"{device['name']}, {extent}"


def _part(part: dict[str, Any]) -> tuple[str, str]:
    states = {None: "compiled on first use", True: "on disk", False: "not yet (nesy doctor --warm)"}
    state = states[part["warm"]]
    took = f", {part['seconds']} s" if "seconds" in part else ""
    filled = f", {_size(part['bytes'])}" if part["bytes"] else ""
    return part["part"], f"{state}{filled}{took}: {part['folder']}"


def _size(count: int) -> str:
    """Bytes as people read them."""
    size = float(count)
    for unit in ("B", "KiB", "MiB"):
        if size < 1024:
            return f"{size:.0f} {unit}"
        size /= 1024
    return f"{size:.1f} GiB"
