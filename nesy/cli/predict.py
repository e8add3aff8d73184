"""`nesy predict`: what a trained model answers for examples, as a CSV file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nesy.cli.eval import CHECKPOINT
from nesy.cli.reporting import fail
from nesy.errors import NesyError


def command(
    config: Annotated[Path, typer.Argument(help="The configuration, a TOML file.", metavar="CONFIG")],
    out: Annotated[Path, typer.Option("--out", help="The CSV file to write.", metavar="FILE")],
    checkpoint: Annotated[Path | None, CHECKPOINT] = None,
) -> None:
    """Write the predictions of a trained model, with probabilities, for its data's part `predict`, or `test`.

    Example: nesy predict config.toml --out predictions.csv
    """
    # torch takes longer to load than most commands take.
    from nesy.nn.training import restored, write_predictions  # noqa: PLC0415

    try:
        task = restored(config, checkpoint)
        count = write_predictions(task, task.part("predict", "test"), out)
    except NesyError as error:
        fail(error, machine=False)
    typer.echo(f"{count} predictions: {out}")
