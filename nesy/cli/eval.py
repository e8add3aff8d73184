"""`nesy eval`: how good a trained model is on its test examples."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nesy.cli.progress import working
from nesy.cli.reporting import fail, print_json
from nesy.errors import NesyError

if TYPE_CHECKING:
    from nesy.nn.training import Figures

CHECKPOINT = typer.Option(
    "--checkpoint", help="The checkpoint to take, in place of the run's best.", metavar="FILE"
)


def command(
    config: Annotated[Path, typer.Argument(help="The configuration, a TOML file.", metavar="CONFIG")],
    checkpoint: Annotated[Path | None, CHECKPOINT] = None,
    machine: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Print the figures of a trained model on the test examples of its data.

    Example: nesy eval config.toml --json
    """
    # torch takes longer to load than most commands take.
    from nesy.nn.training import checkpoint_to_use, figures, read_config, restored  # noqa: PLC0415

    try:
        wanted = read_config(config)
        path = checkpoint_to_use(wanted) if checkpoint is None else checkpoint
        with working("evaluating"):
            task = restored(wanted, path)
            found = figures(task, task.part("test"))
    except NesyError as error:
        fail(error, machine=machine)
    if machine:
        print_json({"checkpoint": str(path), **found.as_json()})
    else:
        typer.echo("\n".join(_lines(path, found)))


def _lines(path: Path, found: Figures) -> list[str]:
    lines = [
        f"checkpoint: {path}",
        f"examples: {found.examples}",
        f"accuracy: {_shown(found.accuracy)}",
        f"negative log-likelihood: {found.negative_log_likelihood:.6g}",
        f"calibration error: {_shown(found.calibration_error)}",
    ]
    if found.concept_accuracy is not None:
        lines.append(f"concept accuracy: {_shown(found.concept_accuracy)}")
    return [*lines, *_each("accuracy", found.per_output), *_each("concept accuracy", found.per_concept)]


def _each(what: str, found: Mapping[str, float]) -> list[str]:
    return [f"{what} of {name}: {_shown(value)}" for name, value in found.items()]


def _shown(value: float | None) -> str:
    return "none are observed" if value is None else f"{value:.4f}"
