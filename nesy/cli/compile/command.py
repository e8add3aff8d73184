"""`nesy compile`: a rule file, clauses or a circuit of another compiler as a circuit in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nesy.cli.completions import compilers
from nesy.cli.permissions import ALLOW_FILE, ALLOW_PYTHON, Permissions
from nesy.cli.progress import working
from nesy.cli.reporting import fail, print_json
from nesy.errors import NesyError

WRITTEN = (".nesyc", ".nnf", ".dot")
"""Endings of what can be written."""


def command(
    file: Annotated[
        Path, typer.Argument(help="Rules, clauses (.cnf) or a circuit (.nnf, .sdd, .nesyc).", metavar="FILE")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Ends in .nesyc, .nnf or .dot.", metavar="PATH")],
    root: Annotated[
        int | None, typer.Option("--root", help="The one root to write, by number.", metavar="NUMBER")
    ] = None,
    compiler: Annotated[
        str, typer.Option("--compiler", help="native, d4 or pysdd.", metavar="NAME", autocompletion=compilers)
    ] = "native",
    machine: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
    allow_file: Annotated[list[Path] | None, ALLOW_FILE] = None,
    allow_python: Annotated[bool, ALLOW_PYTHON] = False,
) -> None:
    """Write the circuit of a file, with a root for each value of each query, and last the evidence.

    Example: nesy compile burglary.nesy --out burglary.dot
    """
    if out.suffix not in WRITTEN:
        raise typer.BadParameter(f"its name ends in {', '.join(WRITTEN)}", param_hint="--out")
    # Whoever runs rules need not wait for the formats.
    from nesy.cli.compile.circuit_files import read_circuit, write_circuit  # noqa: PLC0415

    allowed = Permissions(tuple(allow_file or ()), allow_python)
    try:
        with working(f"compiling {file}"):
            circuit, names = read_circuit(file, compiler, allowed)
            write_circuit(circuit, names, out, root)
    except NesyError as error:
        fail(error, machine=machine)
    figures = {"nodes": circuit.size, "edges": circuit.edges, "roots": len(circuit.roots)}
    if machine:
        print_json({"file": str(out), **figures})
    else:
        typer.echo(f"{out}: {', '.join(f'{count:,} {what}' for what, count in figures.items())}")
