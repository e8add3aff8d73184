"""A run put together: stories, model, training on short ones, and what is judged on long ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any, final

import numpy as np
import torch
from rich.console import Console
from torch import Tensor

import nesy
from benchmarks.kinship.data import ANSWERS, AnyLength, Stories, any_length, make_stories, same_length
from benchmarks.kinship.networks import Reader
from benchmarks.kinship.sentences import PHRASES, Part, Vocabulary
from benchmarks.learning.judging import Judged, judge
from benchmarks.learning.running import WATCHED, RunOptions, begin, fit_watched, run_figures
from benchmarks.learning.train import Training

RULES = Path(__file__).with_name("rules.nesy")
"""Basic relations and how they compose."""

JUDGED = 200
"""Stories of each length that judge a run."""


@final
@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is, in full. stories: to learn from. lengths: of those that it is judged by.

    validate: judge by paraphrases that are neither learnt from nor tested, and stories of their own.
    """

    stories: int
    train_lengths: tuple[int, ...]
    lengths: tuple[int, ...]
    validate: bool
    run: RunOptions


@final
@dataclass(frozen=True, eq=False)
class Outcome:
    """What a run gave. model: that of the longest stories. judged: for each length."""

    settings: Settings
    model: nesy.Model
    compile_seconds: float
    training: Training
    judged: dict[int, Judged]


def run_experiment(settings: Settings, console: Console) -> Outcome:
    """Make the stories, train on the short ones, and judge on the long ones."""
    options = settings.run
    train_seed, judged_seed = np.random.SeedSequence(options.seed).spawn(2)
    learnt = _stories(settings, np.random.default_rng(train_seed))
    vocabulary = Vocabulary([text for part in learnt for one in part.sentences for text in one])
    begin(options)
    reader = Reader(len(vocabulary))
    training = _trained(settings, reader, any_length(learnt, vocabulary), console)
    start = time.perf_counter()
    models = {steps: story_model(reader, steps, options.engine) for steps in settings.lengths}
    compile_seconds = time.perf_counter() - start
    rng = np.random.default_rng(judged_seed)
    part: Part = "held-out" if settings.validate else "test"
    judged = {}
    for steps, model in models.items():
        stories = make_stories(JUDGED, steps, part, rng)
        judged[steps] = judge(model, same_length(stories, vocabulary, model.outputs[0].domain))
    return Outcome(settings, models[max(models)], compile_seconds, training, judged)


def _stories(settings: Settings, rng: np.random.Generator) -> list[Stories]:
    each = settings.stories // len(settings.train_lengths)
    return [make_stories(each, steps, "train", rng) for steps in settings.train_lengths]


def story_model(reader: torch.nn.Module, steps: int, engine: str = "exact") -> nesy.Model:
    """The model of stories of one length. Cost: a circuit of about 40 nodes for each sentence."""
    networks = {"reader": nesy.logits(reader)}
    return nesy.Model(nesy.load(RULES), networks, f"story({steps}, R)", "R", engine)


def _trained(settings: Settings, reader: Reader, examples: AnyLength, console: Console) -> Training:
    model = nesy.SequenceModel(
        nesy.load(RULES),
        {"reader": nesy.logits(reader)},
        "story(N, R)",
        "R",
        settings.run.engine,
        lengths={"N": "s"},
        prepare=settings.train_lengths,
    )
    return fit_watched(model, examples, settings.run, console, _watcher(model, examples), _objective(model))


def _objective(model: nesy.SequenceModel) -> Callable[..., Tensor]:
    def loss(targets: Tensor, **inputs: Any) -> Tensor:
        return model.loss(_names(targets), **inputs)

    return loss


def _watcher(model: nesy.SequenceModel, examples: AnyLength) -> Callable[[], float]:
    every = range(0, len(examples), max(1, len(examples) // WATCHED))
    chosen = torch.tensor(list(every))
    inputs, names = examples.inputs(chosen), _names(examples.targets[chosen])

    def accuracy() -> float:
        guess = model.predict(**inputs)
        return fmean(found == wanted for (found,), wanted in zip(guess, names, strict=True))

    return accuracy


def _names(targets: Tensor) -> list[str]:
    return [ANSWERS[number] for number in targets.flatten().tolist()]


def figures(outcome: Outcome) -> dict[str, Any]:
    """The task's figures, as they are recorded: means over the lengths, and accuracies of each."""
    judged = outcome.judged
    of_each = {
        f"{kind}_accuracy_of_{steps}": getattr(found, f"{kind}_accuracy")
        for kind in ("task", "concept")
        for steps, found in judged.items()
    }
    return {
        "train_stories": outcome.settings.stories,
        "judged_stories": sum(found.examples for found in judged.values()),
        "task_accuracy": _mean(judged, "task_accuracy"),
        "concept_accuracy": _mean(judged, "concept_accuracy"),
        "task_calibration_error": _mean(judged, "task_calibration_error"),
        "concept_calibration_error": _mean(judged, "concept_calibration_error"),
        **of_each,
        **run_figures(outcome.model, outcome.training, outcome.compile_seconds),
    }


def _mean(judged: dict[int, Judged], figure: str) -> float:
    return fmean(found.figures()[figure] for found in judged.values())


def protocol(outcome: Outcome) -> str:
    """In words, what was learnt from and what was judged."""
    settings = outcome.settings
    kind: Part = "held-out" if settings.validate else "test"
    return (
        f"{settings.stories:,} generated stories of {_listed(settings.train_lengths)} sentences in"
        f" {len(PHRASES['train'])} paraphrases, drawn with seed {settings.run.seed}; supervised by what the"
        " last person is to the first only: no sentence's relation is used; judged on"
        f" {JUDGED} {kind} stories of each of {_listed(settings.lengths)} sentences, in {len(PHRASES[kind])}"
        " other paraphrases, none of which training has seen; figures are means over these lengths, circuits"
        " those of the longest"
    )


def _listed(lengths: Sequence[int]) -> str:
    return ", ".join(map(str, lengths))
