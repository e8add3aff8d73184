"""What `nesy viz` can draw of a file: by its kind, the pictures there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import final

import typer

from nesy.cli.permissions import Permissions
from nesy.cli.viz.options import What
from nesy.grounding.budget import Budget
from nesy.viz import Picture

CIRCUITS = (".nesyc", ".nnf", ".sdd", ".cnf", ".wcnf", ".dimacs")


RULES = (What.PREDICATES, What.GROUND, What.CIRCUIT)
MODEL = (What.CURVES, What.CONFUSION, What.CALIBRATION)


@final
@dataclass(frozen=True, slots=True)
class Asked:
    """What the command was given beside the file."""

    what: Sequence[What]
    queries: Sequence[str]
    compiler: str
    budget: Budget | None
    allowed: Permissions
    several: bool


def offered(file: Path) -> tuple[What, ...]:
    """The pictures that there are of a file."""
    if file.is_dir() or file.suffix == ".csv":
        return (What.CURVES,)
    if file.suffix == ".toml":
        return MODEL
    return (What.CIRCUIT,) if file.suffix in CIRCUITS else RULES


def check_what(file: Path, asked: Asked) -> None:
    """Raise `typer.BadParameter` for pictures that there are not of such a file."""
    there = offered(file)
    for what in asked.what:
        if what not in there:
            names = ", ".join(one.value for one in there)
            raise typer.BadParameter(f"of {file} there are: {names}", param_hint="--what")
    if asked.queries and there != RULES:
        raise typer.BadParameter("only rule files are asked queries", param_hint="--query")


def pictures(file: Path, asked: Asked) -> list[Picture]:
    """The pictures asked for; without a choice, the first there is, and in a page all that there are.

    Raises `NesyError`.
    """
    draw: dict[tuple[What, ...], Callable[[Path, Asked], list[Picture]]] = {
        RULES: _of_rules,
        MODEL: _of_model,
        (What.CURVES,): _of_log,
        (What.CIRCUIT,): _of_circuit,
    }
    return draw[offered(file)](file, asked)


def _of_rules(file: Path, asked: Asked) -> list[Picture]:
    from nesy import viz  # noqa: PLC0415 - as all that follow: each picture loads what it needs
    from nesy.language import load  # noqa: PLC0415

    program = load(file, allow_files=asked.allowed.files, allow_python=asked.allowed.python)
    wanted = asked.what
    if not wanted:
        wanted = RULES if asked.several and (program.queries or asked.queries) else RULES[:1]
    found = []
    for what in wanted:
        if what is What.PREDICATES:
            found.append(viz.predicates(program, asked.queries))
        elif what is What.GROUND:
            found.append(viz.ground(program, asked.queries, budget=asked.budget))
        else:
            budget, compiler = asked.budget, asked.compiler
            found.append(viz.circuit(program, asked.queries, compiler=compiler, budget=budget))
    return found


def _of_circuit(file: Path, asked: Asked) -> list[Picture]:
    from nesy import viz  # noqa: PLC0415
    from nesy.cli.compile.circuit_files import read_circuit  # noqa: PLC0415

    return [viz.circuit_of_file(*read_circuit(file, asked.compiler, asked.allowed))]


def _of_log(file: Path, asked: Asked) -> list[Picture]:
    from nesy import viz  # noqa: PLC0415

    return [viz.training(file)]


def _of_model(file: Path, asked: Asked) -> list[Picture]:
    """The curves of a configuration's run, and what its best checkpoint makes of the test examples."""
    from nesy import viz  # noqa: PLC0415
    from nesy.nn.training import read_config, restored  # noqa: PLC0415
    from nesy.nn.training.judgement import judgement  # noqa: PLC0415

    config = read_config(file)
    wanted = asked.what or (MODEL if asked.several else MODEL[:1])
    found = [viz.training(config.run_folder)] if What.CURVES in wanted else []
    if set(wanted) > {What.CURVES} or What.CURVES not in wanted:
        task = restored(config)
        judged = judgement(task, task.part("test"))
        if What.CONFUSION in wanted:
            found += [viz.confusion(one) for one in judged.confusions]
        if What.CALIBRATION in wanted:
            found.append(viz.reliability(judged.outputs, "outputs"))
            if judged.concepts.right:
                found.append(viz.reliability(judged.concepts, "concepts"))
    return found
