"""The hash that a compiled circuit is kept under: of all that it depends on, and of nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import accumulate, chain
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from nesy.logic.flat import FlatGraph
from nesy.logic.graph import Graph
from nesy.logic.program import GroundProgram
from nesy.version import __version__


def cache_key(program: GroundProgram, task: str, compiler: str) -> str:
    """The sha256, as hexadecimal text, of a program as compilers see it, the task and the compiler.

    Names and priors are no part of it: they do not change a circuit. The version of nesy is, and the source
    files of its compiler and of the file format. Cost: O(nodes and edges).
    """
    digest = hashlib.sha256()
    for part in (__version__, _sources(), task, compiler):
        _add(digest, part.encode())
    for array in _arrays(program):
        _add(digest, np.ascontiguousarray(array, dtype="<i8").tobytes())
    return digest.hexdigest()


def _add(digest: Any, content: bytes) -> None:
    """Add a part under its length, so that no two lists of parts are the same bytes."""
    digest.update(len(content).to_bytes(8, "little"))
    digest.update(content)


def _arrays(program: GroundProgram) -> Iterator[NDArray[Any]]:
    graph = cast("Graph | FlatGraph", program.graph)
    if isinstance(graph, FlatGraph):
        yield from (graph.tags, graph.offsets, graph.literals)
    else:
        yield np.fromiter(graph.kinds, np.int64, len(graph))
        yield from _rows(graph.args)
    yield _integers(len(s.values) for s in program.symbols)
    yield from _rows([o.literals for o in program.outputs])
    yield _integers(program.condition)
    yield from _rows(program.families)


def _rows(rows: Iterable[tuple[int, ...]]) -> Iterator[NDArray[Any]]:
    listed = list(rows)
    yield _integers(accumulate(map(len, listed), initial=0))
    yield _integers(chain.from_iterable(listed))


def _integers(values: Iterable[int]) -> NDArray[Any]:
    return np.fromiter(values, np.int64)


@cache
def _sources() -> str:
    """The state of the compiler's and the format's files: who works on them gets no circuit of the past."""
    package = Path(__file__).parents[1]
    folders = (package / "compile", package / "circuit" / "formats")
    files = sorted(file for folder in folders for file in folder.rglob("*.py"))
    stats = [(f.name, f.stat().st_size, f.stat().st_mtime_ns) for f in files]
    return hashlib.sha256(repr(stats).encode()).hexdigest()
