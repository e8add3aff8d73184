"""The option `--algebra` of `nesy run`, and what does not go with it."""

from __future__ import annotations

import typer

from nesy.cli.completions import algebras

ALGEBRA = typer.Option(
    "--algebra",
    help="Print each query's value in an algebra instead: tropical, counting, top-3, godel, ...",
    metavar="NAME",
    autocompletion=algebras,
)


def check_algebra_options(algebra: str | None, engine: str, task: object) -> None:
    """Raise `typer.BadParameter` where `--algebra` stands beside an engine or a task."""
    if algebra is None:
        return
    if engine != "exact":
        raise typer.BadParameter("--algebra needs the exact engine", param_hint="--algebra")
    if task is not None:
        raise typer.BadParameter("--algebra and --task exclude each other", param_hint="--algebra")
