"""A run put together: sequences, model, training on last states, and what is judged."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, final

import torch
from rich.console import Console
from torch import Tensor

import nesy
from benchmarks.datasets.images import ImageSet
from benchmarks.hmm.data import SIZES, Data, Sequences, make_data
from benchmarks.hmm.questions import (
    Tables,
    conditional_loss,
    every_state,
    last_state,
    moves,
    states,
    take_moves,
    told,
)
from benchmarks.hmm.tables import MOVES, STATES
from benchmarks.learning.judging import evaluating, judge
from benchmarks.learning.running import RunOptions, begin, fit, run_figures
from benchmarks.learning.train import Training
from benchmarks.shortcuts.networks import reader
from nesy.nn.training.evaluation import calibration_error


@final
@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is, in full. length: pictures of a sequence; test_length: of the long ones.

    validate: judge by sequences of training images held out, and leave the test images alone.
    """

    tables: Tables
    length: int
    test_length: int
    data: Literal["digits", "mnist"]
    data_dir: Path | None
    validate: bool
    run: RunOptions


@final
@dataclass(frozen=True, eq=False)
class Outcome:
    """What a run gave."""

    settings: Settings
    data: Data
    model: nesy.Model
    compile_seconds: float
    training: Training


def run_experiment(settings: Settings, images: ImageSet, console: Console) -> Outcome:
    """Draw the sequences, build the model and train it on the last states."""
    options = settings.run
    data = make_data(images, SIZES[settings.data], settings.length, settings.test_length, options.seed)
    begin(options)
    start = time.perf_counter()
    model = last_state(settings.tables, reader(images.size, STATES), settings.length, options.engine)
    compile_seconds = time.perf_counter() - start
    training = fit(model, data.train, options, console, conditional_loss(model))
    return Outcome(settings, data, model, compile_seconds, training)


def figures(outcome: Outcome) -> dict[str, Any]:
    """The task's figures, as they are recorded."""
    validating = outcome.settings.validate
    judged = outcome.data.held_out if validating else outcome.data.test
    found = {
        "train_sequences": len(outcome.data.train),
        "held_out_sequences" if validating else "test_sequences": len(judged),
        **judge(outcome.model, judged).figures(),
        **_last_states(outcome.model, judged),
        "move_error": _move_error(outcome),
    }
    if not validating:
        found |= _on_long(outcome)
    return found | run_figures(outcome.model, outcome.training, outcome.compile_seconds)


def _last_states(model: nesy.Model, judged: Sequences) -> dict[str, Any]:
    """What `judge` says of outputs as they are, said of last states given the pictures."""
    every, truth = slice(None), judged.targets
    with evaluating(model):
        beliefs = model.beliefs(**judged.inputs(every))
        found = states(model, beliefs)
        known = states(model, told(model, beliefs, judged.concepts(every)))
    sure, guess = found.max(dim=2)
    return {
        "task_accuracy_digits_known": _right(known, truth),
        "task_calibration_error": calibration_error(sure.exp().flatten(), (guess == truth).flatten()),
        "negative_log_likelihood": float(-found.gather(2, truth[:, :, None]).double().mean()),
    }


def _move_error(outcome: Outcome) -> float | None:
    """The mean distance of the learnt chances of moves from those of the chain; None if they were known."""
    if outcome.settings.tables == "known":
        return None
    return float((moves(outcome.model) - torch.from_numpy(MOVES)).abs().mean())


def _on_long(outcome: Outcome) -> dict[str, Any]:
    """How many states of long sequences are found: from each picture alone, filtering, and smoothing."""
    settings, long = outcome.settings, outcome.data.long
    every = slice(None)
    found: dict[str, Any] = {"long_sequences": len(long)}
    for question in ("filtered", "smoothed"):
        start = time.perf_counter()
        model = every_state(settings.tables, _network(outcome.model), long.length, question)
        found[f"{question}_compile_seconds"] = round(time.perf_counter() - start, 4)
        take_moves(model, outcome.model)
        with evaluating(model):
            beliefs = model.beliefs(**long.inputs(every))
            known = told(model, beliefs, long.concepts(every))
            found[f"{question}_accuracy"] = _right(states(model, beliefs), long.states)
            found[f"{question}_accuracy_digits_known"] = _right(states(model, known), long.states)
            read = _network(model)(long.inputs(every)["x"].flatten(0, 1)).reshape(*long.states.shape, STATES)
            found["picture_alone_accuracy"] = _right(read, long.states)
    return found


def _network(model: nesy.Model) -> torch.nn.Module:
    found = model.networks["digit_net"]
    assert isinstance(found, torch.nn.Module)
    return found


def _right(scores: Tensor, truth: Tensor) -> float:
    return float((scores.argmax(dim=-1) == truth).double().mean())


def protocol(outcome: Outcome) -> str:
    """In words, what was learnt from and what was judged."""
    data, settings = outcome.data, outcome.settings
    told_moves = "the tables of the chain are known" if settings.tables == "known" else "moves are learnt"
    formed = (
        f"{len(data.train):,} training sequences of {settings.length} pictures drawn from the chain with seed"
        f" {settings.run.seed}, of training images used once; supervised by each sequence's last state only:"
        f" no digit's label and no other state is used; {told_moves}"
    )
    if settings.validate:
        return (
            f"{formed}; judged on {len(data.held_out):,} sequences of other training images;"
            " test images not used"
        )
    return (
        f"{formed}; judged on {len(data.test):,} sequences of test images used once; filtering and smoothing"
        f" on {len(data.long):,} of {settings.test_length} pictures, of test images that come again only when"
        " all have been shown"
    )
