"""Circuits from files and to files, by the files' endings: what `nesy compile` does."""

from __future__ import annotations

from pathlib import Path

from nesy.circuit.circuit import Circuit
from nesy.circuit.formats.dot import to_dot
from nesy.circuit.formats.names import Names, names_of_values, numbered
from nesy.circuit.formats.native import load_named, save
from nesy.circuit.formats.nnf_reading import read_nnf
from nesy.circuit.formats.nnf_writing import to_nnf
from nesy.circuit.formats.one_root import only_root
from nesy.circuit.formats.sdd import read_sdd
from nesy.circuit.formats.whole_files import write_text
from nesy.cli.permissions import Permissions
from nesy.compile.backends import compiler_named
from nesy.grounding import ground
from nesy.language import load
from nesy.language.checked import read_text
from nesy.logic.cnf_program import cnf_program
from nesy.logic.program import GroundProgram
from nesy.logic.under_way import stage
from nesy.logic.weighted_cnf import read_cnf

CNF = (".cnf", ".wcnf", ".dimacs")
"""Endings of files of clauses."""


def read_circuit(file: Path, compiler: str, allowed: Permissions) -> tuple[Circuit, Names | None]:
    """The circuit of a file, by its ending; one that ends in nothing known holds rules."""
    match file.suffix:
        case ".nesyc":
            return load_named(file)
        case ".nnf":
            return read_nnf(read_text(file), str(file)), None
        case ".sdd":
            vtree = file.with_suffix(".vtree")
            tree = read_text(vtree) if vtree.exists() else None
            return read_sdd(read_text(file), str(file), vtree=tree), None
        case _:
            program = _program(file, allowed)
            with stage("compiling", lambda: f"{len(program.graph):,} nodes"):
                return compiler_named(compiler).compile_values(program), names_of_values(program)


def _program(file: Path, allowed: Permissions) -> GroundProgram:
    if file.suffix in CNF:
        return cnf_program(read_cnf(read_text(file), str(file))).program
    return ground(load(file, allow_files=allowed.files, allow_python=allowed.python))


def write_circuit(circuit: Circuit, names: Names | None, out: Path, root: int | None) -> None:
    """Write a circuit, or one of its roots, in the format that the file's ending names."""
    if out.suffix == ".nnf":
        write_text(out, to_nnf(circuit, root, names))
        return
    if root is not None:
        named = names or numbered(circuit)
        circuit = only_root(circuit, root, names)
        names = Names(named.variables, named.values, named.roots[root : root + 1])
    if out.suffix == ".dot":
        write_text(out, to_dot(circuit, names))
    else:
        save(circuit, out, names)
