"""Compilers of clauses at work on programs: each root as clauses, what comes back as one circuit.

Symbols are one-hot and nodes of the graph have variables of their own (`nesy.logic.cnf`). The symbols fix
those, so that every world is one model; in the circuit they are left out, and of a symbol's values only
the one that holds is kept. What is decomposable and deterministic over the clauses' variables is so over
the symbols, because every part of such a circuit is consistent with exactly one value.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from nesy.circuit.circuit import Circuit, NodeKind
from nesy.circuit.formats.nnf_reading import literal_column
from nesy.circuit.passes.pipeline import STANDARD, run_passes
from nesy.circuit.writer import CircuitWriter
from nesy.compile.backends.questions import Questions
from nesy.errors import CompilationError, EngineError
from nesy.logic.cnf import Encoding, encode
from nesy.logic.dimacs import to_dimacs

Reader = Callable[[Path, int], Circuit]
"""The circuit in the file that a compiler has written, over so many Boolean variables."""

WORKERS = Path(__file__).parent / "workers"
"""Programs that run one compiler each, in a process of their own."""


def require(package: str, compiler: str) -> None:
    """Raise `EngineError` (missing-compiler) unless a package is installed."""
    if find_spec(package) is None:
        raise EngineError(
            "missing-compiler",
            f"the compiler {compiler!r} needs the package {package}, which is not installed",
            hint="pip install 'nesy[compilers]'",
        )


def compile_questions(questions: Questions, worker: str, read: Reader) -> Circuit:
    """One circuit of all roots: each compiled from clauses, in one process, and equal parts shared.

    In a process of its own a compiler may print, crash or be interrupted as it likes.
    Raises `CompilationError` (compiler-failed). Cost: that of the compiler for each root.
    """
    program = questions.program
    sizes = [len(s.values) for s in program.symbols]
    encodings = [encode(program, literals, both_ways=True) for literals in questions.roots]
    parts = [_constant(encoding, sizes) for encoding in encodings]
    with TemporaryDirectory(prefix="nesy-") as folder:
        files = {number: Path(folder) / f"{number}.cnf" for number, part in enumerate(parts) if part is None}
        for number, file in files.items():
            text = to_dimacs(encodings[number], program, questions.roots[number])
            file.write_text(text, encoding="utf-8")
        if files:
            _run(worker, list(files.values()))
        for number, file in files.items():
            found = read(file, encodings[number].variables)
            parts[number] = over_symbols(found, encodings[number], sizes)
    return run_passes(side_by_side([part for part in parts if part is not None]), STANDARD)


def _constant(encoding: Encoding, sizes: list[int]) -> Circuit | None:
    """The circuit of clauses that say all or nothing, on which some compilers fail; else None."""
    if encoding.variables and () not in encoding.clauses:
        return None
    writer = CircuitWriter()
    return writer.circuit([writer.node(NodeKind.ZERO if encoding.clauses else NodeKind.ONE)], sizes)


def _run(worker: str, files: list[Path]) -> None:
    done = subprocess.run(
        [sys.executable, str(WORKERS / worker), *map(str, files)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        raise CompilationError(
            "compiler-failed",
            f"{worker} ended with code {done.returncode}: {said[0]}",
            hint="compile with another compiler: native needs no other package",
        )


def over_symbols(circuit: Circuit, encoding: Encoding, sizes: list[int]) -> Circuit:
    """A circuit over the variables of an encoding as one over the symbols; other literals become ONE."""
    starts = [0, *accumulate(sizes)]
    column = np.full(2 * encoding.variables, -1, dtype=np.int64)
    for symbol, literals in encoding.values.items():
        for value, literal in enumerate(literals):
            column[literal_column(literal)] = starts[symbol] + value
    inputs = circuit.kinds == NodeKind.INPUT
    columns = np.full(circuit.size, -1, dtype=np.int64)
    columns[inputs] = column[circuit.columns[inputs]]
    kinds = np.where(inputs & (columns < 0), NodeKind.ONE, circuit.kinds).astype(np.int8)
    return Circuit(
        kinds, columns, circuit.offsets, circuit.children, circuit.roots, np.array(sizes, np.int64)
    )


def side_by_side(circuits: list[Circuit]) -> Circuit:
    """Circuits over the same variables as one, with all their roots."""
    nodes = [0, *accumulate(c.size for c in circuits)]
    edges = [0, *accumulate(c.edges for c in circuits)]
    ends = [c.offsets[1:] + edges[i] for i, c in enumerate(circuits)]
    return Circuit(
        kinds=np.concatenate([c.kinds for c in circuits]),
        columns=np.concatenate([c.columns for c in circuits]),
        offsets=np.concatenate([np.zeros(1, np.int64), *ends]),
        children=np.concatenate([c.children + nodes[i] for i, c in enumerate(circuits)]),
        roots=np.concatenate([c.roots + nodes[i] for i, c in enumerate(circuits)]),
        domains=circuits[0].domains,
    )
