"""Training from a configuration: checkpoints, logs, figures and predictions.

    from nesy.nn.training import train
    trained = train("config.toml")

A configuration is a TOML file (`read_config`) or a `Config` made in Python. `train` writes its run into a
folder, and goes on where one was cut short; `restored` is its model, to be judged (`figures`) or asked
(`write_predictions`).
"""

from nesy.nn.training.configuration.config import (
    Config,
    Imported,
    LossConfig,
    Named,
    NetworkConfig,
    ScheduleConfig,
    TemplateConfig,
    WriteConfig,
)
from nesy.nn.training.configuration.reading import read_config
from nesy.nn.training.data import Examples
from nesy.nn.training.evaluation import Figures, figures
from nesy.nn.training.history import Epoch
from nesy.nn.training.loop import Trained, train
from nesy.nn.training.predictions import write_predictions
from nesy.nn.training.restoring import checkpoint_to_use, restored
from nesy.nn.training.run import Interrupted
from nesy.nn.training.task import Task, prepare
from nesy.nn.training.watching import Lines, Watcher, watcher_for

__all__ = [
    "Config",
    "Epoch",
    "Examples",
    "Figures",
    "Imported",
    "Interrupted",
    "Lines",
    "LossConfig",
    "Named",
    "NetworkConfig",
    "ScheduleConfig",
    "Task",
    "TemplateConfig",
    "Trained",
    "Watcher",
    "WriteConfig",
    "checkpoint_to_use",
    "figures",
    "prepare",
    "read_config",
    "restored",
    "train",
    "watcher_for",
    "write_predictions",
]
