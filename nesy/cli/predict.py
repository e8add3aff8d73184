"""`nesy predict`: what a trained model answers for examples, as a CSV file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nesy.cli.eval import CHECKPOINT
from nesy.cli.progress import working
from nesy.cli.reporting import fail, print_json
from nesy.errors import NesyError


def command(
    config: Annotated[Path, typer.Argument(help="The configuration, a TOML file.", metavar="CONFIG")],
    out: Annotated[Path, typer.Option("--out", help="The CSV file to write.", metavar="FILE")],
    checkpoint: Annotated[Path | None, CHECKPOINT] = None,
    machine: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Write the predictions of a trained model, with probabilities, for its data's part `predict`, or `test`.

    Example: nesy predict config.toml --out predictions.csv
    """
    # torch takes longer to load than most commands take.
    from nesy.nn.training import restored, write_predictions  # noqa: PLC0415

    try:
        with working("predicting"):
            task = restored(config, checkpoint)
            count = write_predictions(task, task.part("predict", "test"), out)
    except NesyError as error:
        fail(error, machine=machine)
    if machine:
        print_json({"file": str(out), "predictions": count})
    else:
        typer.echo(f"{count} predictions: {out}")
