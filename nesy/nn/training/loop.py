"""Training: from a configuration to a model, its log and its checkpoints."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import final

from nesy.errors import ConfigError
from nesy.nn.model import Model
from nesy.nn.training.checkpoints import Checkpoints
from nesy.nn.training.configuration.config import Config
from nesy.nn.training.configuration.reading import read_config
from nesy.nn.training.history import Epoch
from nesy.nn.training.logs import clear_logs
from nesy.nn.training.run import Run
from nesy.nn.training.task import prepare
from nesy.nn.training.watching import Watcher

CHECKPOINTS = "checkpoints"
"""The folder of checkpoints within that of a run."""


@final
@dataclass(frozen=True)
class Trained:
    """What training leaves: the model as it ended, the log, and the checkpoint to use.

    checkpoint: the best by the held-out examples; the last where there are none.
    """

    model: Model
    history: list[Epoch]
    checkpoint: Path


def train(
    config: Config | str | os.PathLike[str],
    *,
    resume: bool = False,
    restart: bool = False,
    watcher: Watcher | None = None,
) -> Trained:
    """Train what a configuration, or the TOML file of one, describes, and write the run into its folder.

    resume: go on from the newest checkpoint, if there is one, as if nothing had happened.
    restart: remove what an earlier run has left in the folder.
    It sets the random numbers of Python, numpy and torch, and `sys.path` to begin with the configuration's
    folder.
    The first interrupt (Ctrl-C) ends the step at hand, writes a checkpoint and raises `Interrupted`, which is
    a `KeyboardInterrupt`; a second one ends at once.

    Raises `NesyError`: what `prepare` raises; run-exists, changed-config, no-usable-checkpoint,
    unknown-optimiser, unknown-schedule, nothing-to-learn, missing-package, diverged.
    """
    found = config if isinstance(config, Config) else read_config(config)
    watcher = Watcher() if watcher is None else watcher
    checkpoints = checkpoints_of(found)
    if checkpoints.names() and not (resume or restart):
        raise ConfigError(
            "run-exists",
            f"`{found.run_folder}` holds a run already",
            span=found.places.of(("write", "folder")),
            hint="go on with it (--resume), start anew (--restart), or write to another folder",
        )
    run = Run(prepare(found), checkpoints, watcher)
    # Not before: a mistake in the configuration would have cost an earlier run.
    if restart:
        checkpoints.clear()
        clear_logs(found.run_folder)
    if resume:
        run.resume()
    run.go_on()
    return Trained(run.task.model, run.history, checkpoints.to_use())


def checkpoints_of(config: Config) -> Checkpoints:
    """Where a configuration's run keeps its checkpoints."""
    return Checkpoints(config.run_folder / CHECKPOINTS, config.write.keep)
