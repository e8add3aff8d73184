"""A trained model, as a checkpoint has it."""

from __future__ import annotations

import os
from pathlib import Path

from nesy.nn.training.checkpoints import load_checkpoint
from nesy.nn.training.configuration.config import Config
from nesy.nn.training.configuration.identity import check_same
from nesy.nn.training.configuration.reading import read_config
from nesy.nn.training.loop import checkpoints_of
from nesy.nn.training.run import load_model
from nesy.nn.training.task import Task, prepare


def restored(
    config: Config | str | os.PathLike[str], checkpoint: str | os.PathLike[str] | None = None
) -> Task:
    """A configuration's task with the parameters of a checkpoint: without one, of `checkpoint_to_use`.

    Raises `NesyError`: what `prepare` raises; no-checkpoint, file-not-found, corrupt-checkpoint,
    changed-config where the rules, the networks, the template or the engine are others, checkpoint-mismatch.
    """
    found = config if isinstance(config, Config) else read_config(config)
    path = checkpoint_to_use(found) if checkpoint is None else Path(checkpoint)
    state = load_checkpoint(path)
    task = prepare(found)
    check_same(state["config"], task, f"`{path}`", model_only=True)
    load_model(task, state, path)
    return task


def checkpoint_to_use(config: Config) -> Path:
    """The best checkpoint of a run by its held-out examples; the newest where there are none.

    Raises `DataError` (no-checkpoint).
    """
    return checkpoints_of(config).to_use()
