"""The parts of a run put together: images, formulas, model, training, judgement."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import numpy as np
import torch
from rich.console import Console
from torch import Tensor

import nesy
from benchmarks.datasets.images import Images, ImageSet
from benchmarks.datasets.operators import OperatorImages
from benchmarks.datasets.split import final_split, held_out_split
from benchmarks.formulas.data import LENGTHS, Formulas, form_formulas
from benchmarks.formulas.judging import judge_formulas
from benchmarks.formulas.networks import operator_network
from benchmarks.learning.networks import digit_network
from benchmarks.learning.running import RunOptions, begin, fit_watched, training_figures
from benchmarks.learning.train import Training
from nesy.engines.exact import ExactInference
from nesy.nn.sequences.structure import Structure

RULES = Path(__file__).with_name("rules.nesy")
"""The rules, for formulas of any length."""

APART = 0.2
"""The share of each operator's drawings that are never learnt from."""

TEST_SEED, HELD_OUT_SEED = 141_421, 173_205
"""They fix which drawings are tested on and held out: the same in every run, whatever its seed."""

HELD_OUT_DIGITS = 5_000
"""How many training images of digits a validating run holds out."""

WATCHED = 40
"""On how many training formulas a run looks at its own accuracy."""


@final
@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is, in full.

    longest: no formula is longer. each, judged: how many formulas of each length there are to learn from,
    and to judge by. validate: judge by training images held out, and leave the test images alone.
    """

    longest: int
    each: int
    judged: int
    data_dir: Path | None
    operators_dir: Path | None
    validate: bool
    run: RunOptions

    @property
    def lengths(self) -> tuple[int, ...]:
        """The lengths of formulas."""
        return tuple(length for length in LENGTHS if length <= self.longest)


@final
@dataclass(frozen=True, eq=False)
class Pictures:
    """The images of one part of a run; parts share no image of a digit, and no drawing of an operator."""

    digits: Images
    operators: Images


@final
@dataclass(frozen=True, eq=False)
class Outcome:
    """What a run gave."""

    train: Formulas
    unseen: Formulas
    model: nesy.SequenceModel
    training: Training
    compile_seconds: float
    judged: Mapping[str, Any]


def run_experiment(
    settings: Settings, digits: ImageSet, operators: OperatorImages, console: Console
) -> Outcome:
    """Form formulas, train a model on their values, and judge it on formulas of unseen images."""
    begin(settings.run)
    learnt, unseen = pictures(digits, operators, validate=settings.validate)
    rngs = [np.random.default_rng(s) for s in np.random.SeedSequence(settings.run.seed).spawn(2)]
    training_set = form_formulas(learnt.digits, learnt.operators, settings.each, rngs[0], settings.lengths)
    judging_set = form_formulas(unseen.digits, unseen.operators, settings.judged, rngs[1], settings.lengths)
    model, compile_seconds = build_model(settings)
    training = fit(model, training_set, settings.run, console)
    return Outcome(
        training_set, judging_set, model, training, compile_seconds, judge_formulas(model, judging_set)
    )


def pictures(digits: ImageSet, operators: OperatorImages, *, validate: bool) -> tuple[Pictures, Pictures]:
    """The images to learn from, and those to be judged by; operators are split by drawing."""
    learnt, unseen = operators.split_by_drawing(APART, TEST_SEED)
    split = final_split(digits)
    if validate:
        learnt, unseen = learnt.split_by_drawing(APART, HELD_OUT_SEED)
        split = held_out_split(digits, HELD_OUT_DIGITS)
    mean, deviation = float(learnt.pixels.mean()), float(learnt.pixels.std())
    seen, new = (
        Images(
            torch.from_numpy(
                (part.pixels[:, None].astype(np.float32) - np.float32(mean)) / np.float32(deviation)
            ),
            torch.from_numpy(part.kinds),
        )
        for part in (learnt, unseen)
    )
    return Pictures(split.train, seen), Pictures(split.unseen, new)


def build_model(settings: Settings) -> tuple[nesy.SequenceModel, float]:
    """The model, ready for all lengths, and the seconds that took."""
    networks = {"digit_net": nesy.logits(digit_network(28)), "operator_net": nesy.logits(operator_network())}
    start = time.perf_counter()
    model = nesy.SequenceModel(
        nesy.load(RULES),
        networks,
        query="value(Length, V)",
        output="V",
        engine=settings.run.engine,
        lengths={"Length": "image"},
        prepare=settings.lengths,
    )
    return model, time.perf_counter() - start


def fit(model: nesy.SequenceModel, formulas: Formulas, options: RunOptions, console: Console) -> Training:
    """Train a model on the values of formulas, and show how it goes."""

    def loss(targets: Tensor, **inputs: list[Tensor]) -> Tensor:
        return model.loss(formulas.values_of(targets), **inputs)

    watched = slice(0, WATCHED)
    wanted = formulas.values_of(formulas.targets[watched])

    def accuracy() -> float:
        model.eval()
        found = [values[0] for values in model.predict(**formulas.inputs(watched))]
        model.train()
        return float(np.mean([a == b for a, b in zip(found, wanted, strict=True)]))

    return fit_watched(model, formulas, options, console, accuracy, loss)


def figures(settings: Settings, outcome: Outcome) -> dict[str, Any]:
    """What is recorded: accuracies are fractions, times in seconds, memory in bytes."""
    sizes = circuit_sizes(outcome.model)
    return {
        **outcome.judged,
        **training_figures(outcome.training, outcome.compile_seconds),
        "train_formulas": len(outcome.train),
        "held_out_formulas" if settings.validate else "test_formulas": len(outcome.unseen),
        "values_by_length": {n: len(outcome.model.outputs(n)[0].domain) for n in settings.lengths},
        "circuit_nodes_by_length": {n: sizes[n][0] for n in settings.lengths if n in sizes},
        "circuit_edges_by_length": {n: sizes[n][1] for n in settings.lengths if n in sizes},
        "circuit_nodes": sum(nodes for nodes, _ in sizes.values()) if sizes else None,
        "circuit_edges": sum(edges for _, edges in sizes.values()) if sizes else None,
    }


def circuit_sizes(model: nesy.SequenceModel) -> dict[int, tuple[int, int]]:
    """For each length its circuits' nodes and edges; nothing of engines that compile none."""
    found = {}
    for module in model.modules():
        if isinstance(module, Structure) and isinstance(module.prepared.inference, ExactInference):
            circuits = module.prepared.inference.circuits
            name = module.prepared.outputs[0].name  # value(7)
            length = int(name[name.index("(") + 1 : -1])
            found[length] = (sum(c.size for c in circuits), sum(c.edges for c in circuits))
    return found


def protocol(settings: Settings, outcome: Outcome) -> str:
    """How the data were used, in words."""
    kind = "held-out training" if settings.validate else "test"
    return (
        f"{len(outcome.train):,} training formulas, {settings.each:,} of each of the lengths"
        f" {', '.join(map(str, settings.lengths))}, of MNIST training images, each used at most once; digits"
        " as they come, operators drawn evenly, their images used again when all of a kind have been;"
        f" {len(outcome.unseen):,} formulas likewise of {kind} images of digits, and of drawings of"
        " operators of which no image is learnt from (images are of one drawing where a turn or a reflection"
        " makes them equal; two people drew them, and either may have drawn for both parts); shuffled with"
        f" seed {settings.run.seed}; supervised by the value of the formula only; no label of a digit or an"
        " operator is used in training; not the HWF data set"
        + ("; test images not used" if settings.validate else "")
    )
