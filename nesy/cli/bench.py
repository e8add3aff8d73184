"""`nesy bench`: how long the rules of a file take to be read, grounded, compiled and evaluated."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nesy.cli.completions import engines
from nesy.cli.permissions import ALLOW_FILE, ALLOW_PYTHON, BUDGET
from nesy.cli.progress import working
from nesy.cli.reporting import fail, print_json
from nesy.errors import NesyError
from nesy.grounding import Template
from nesy.grounding.budget import Budget
from nesy.language import load

if TYPE_CHECKING:
    from nesy.engines.timing import Measurement, TimingProtocol

TRAINED_AT_ONCE = 128
"""Examples of a batch where nothing else is said and networks give the beliefs."""


def command(  # noqa: PLR0913, PLR0917 - one for each option
    file: Annotated[Path, typer.Argument(help="The rule file.", metavar="FILE")],
    query: Annotated[
        str | None,
        typer.Option("--query", "-q", help="What a model asks, such as 'addition(a,b,S)'.", metavar="ATOM"),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", help="The variable of it that is the output.", metavar="VARIABLE"),
    ] = None,
    engine: Annotated[
        str, typer.Option("--engine", "-e", help="What answers.", metavar="NAME", autocompletion=engines)
    ] = "exact",
    batch: Annotated[
        int | None,
        typer.Option(
            "--batch",
            help=f"Examples evaluated at once; {TRAINED_AT_ONCE} by default with --query, else 1.",
            min=1,
            metavar="N",
        ),
    ] = None,
    training: Annotated[
        bool, typer.Option("--train", help="Time a loss and its gradient too, by torch.")
    ] = False,
    repeat: Annotated[
        int, typer.Option("--repeat", help="Repetitions of each stage.", min=1, metavar="N")
    ] = 5,
    seconds: Annotated[
        float, typer.Option("--seconds", help="A stage that has taken so long is not repeated.", min=0.0)
    ] = 10.0,
    machine: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
    budget: Annotated[str | None, BUDGET] = None,
    allow_file: Annotated[list[Path] | None, ALLOW_FILE] = None,
    allow_python: Annotated[bool, ALLOW_PYTHON] = False,
) -> None:
    """Print how long each stage takes, from text to answers, and how large what it makes is.

    Nothing is taken from the cache of circuits. The project's own benchmarks are `python -m benchmarks`.

    Example: nesy bench burglary.nesy --repeat 3
    """
    if output is not None and query is None:
        raise typer.BadParameter("it is a variable of --query", param_hint="--output")
    # Whoever asks for help need not wait for the kernels.
    from nesy.engines.registry import resolve  # noqa: PLC0415
    from nesy.engines.timing import TimingProtocol, measure  # noqa: PLC0415

    read = partial(load, file, allow_files=allow_file or (), allow_python=allow_python)
    try:
        how = TimingProtocol(
            engine=resolve(engine),
            template=None if query is None else Template.parse(query, output),
            batch=batch or (1 if query is None else TRAINED_AT_ONCE),
            repeat=repeat,
            seconds=seconds,
            training=training,
            budget=None if budget is None else Budget.parse(budget),
        )
        with working("bench") as saying:
            found = measure(read, how, lambda stage, turn: saying(f"{stage}, {turn} of {repeat}"))
    except NesyError as error:
        fail(error, machine=machine)
    if machine:
        print_json(_document(file, how, found))
    else:
        typer.echo("\n".join([*_stages(found), "", *_sizes(how, found)]))


def _document(file: Path, how: TimingProtocol, found: Measurement) -> dict[str, object]:
    return {
        "file": str(file),
        "engine": how.engine.name,
        "batch": how.batch,
        "stages": [{"stage": s.name, "median": s.median, "seconds": list(s.seconds)} for s in found.stages],
        "symbols": found.symbols,
        "outputs": found.outputs,
        "ground_nodes": found.ground_nodes,
        "circuit": None if found.circuit is None else asdict(found.circuit),
        "peak_memory": found.peak_memory,
    }


def _stages(found: Measurement) -> list[str]:
    rows = [("stage", "median", "least", "most", "repetitions")]
    for stage in found.stages:
        middle, least, most = map(_time, (stage.median, min(stage.seconds), max(stage.seconds)))
        rows.append((stage.name, middle, least, most, str(len(stage.seconds))))
    return [f"{name:9}{middle:>10}{least:>10}{most:>10}{n:>13}" for name, middle, least, most, n in rows]


def _sizes(how: TimingProtocol, found: Measurement) -> list[str]:
    lines = [
        f"ground program: {found.symbols:,} symbols, {found.ground_nodes:,} nodes, {found.outputs:,} outputs"
    ]
    evaluated = next(s.median for s in found.stages if s.name == "evaluate")
    if found.circuit is not None:
        circuit = found.circuit
        moved = f"{_size(circuit.bytes_moved)}, {_size(circuit.bytes_moved / evaluated)}/s"
        lines.append(
            f"circuit: {circuit.nodes:,} nodes, {circuit.edges:,} edges, {_size(circuit.bytes)}; "
            f"an evaluation moves {moved}"
        )
    lines.append(f"batch: {how.batch}, {how.batch / evaluated:,.0f} examples/s")
    if found.peak_memory is not None:
        lines.append(f"memory: {_size(found.peak_memory)}, the most this process held")
    return lines


def _time(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} us"


def _size(count: float) -> str:
    """Bytes as people read them."""
    for unit in ("B", "KiB", "MiB"):
        if count < 1024:
            return f"{count:.0f} {unit}"
        count /= 1024
    return f"{count:.1f} GiB"
