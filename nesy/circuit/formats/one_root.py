"""The one root that a format has room for."""

from __future__ import annotations

from dataclasses import replace

from nesy.circuit.circuit import Circuit
from nesy.circuit.formats.names import Names
from nesy.circuit.passes.trimming import trimmed
from nesy.errors import DataError

SHOWN = 10
"""Roots that a message lists."""


def only_root(circuit: Circuit, root: int | None, names: Names | None) -> Circuit:
    """The circuit with one of its roots. Raises `DataError`: several-roots, unknown-root."""
    count = len(circuit.roots)
    if root is None and count != 1:
        raise DataError(
            "several-roots",
            f"the circuit has {count} roots, and the format holds one",
            hint=f"choose one: {_listed(names, count)}",
        )
    chosen = root or 0
    if not 0 <= chosen < count:
        raise DataError("unknown-root", f"there is no root {chosen}", hint=f"one of {_listed(names, count)}")
    return trimmed(replace(circuit, roots=circuit.roots[chosen : chosen + 1]))


def _listed(names: Names | None, count: int) -> str:
    shown = [str(i) if names is None else f"{i} ({names.roots[i]})" for i in range(min(count, SHOWN))]
    return ", ".join(shown) + (", ..." if count > SHOWN else "")
