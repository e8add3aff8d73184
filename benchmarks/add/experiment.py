"""The parts of a run put together: sums, model, training, judgement on longer numbers."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import numpy as np
from rich.console import Console

import nesy
from benchmarks.add.data import Sums, random_sums
from benchmarks.add.networks import ColumnNetwork
from benchmarks.learning.judging import Judged, judge
from benchmarks.learning.running import RunOptions, begin, fit, run_figures
from benchmarks.learning.train import Training
from nesy.nn.network import Network

RULES = Path(__file__).with_name("rules.nesy")
"""The sketch, for any number of digits."""


@final
@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is, in full.

    digits: of the numbers that are learnt from. longer: of those that are tested on.
    examples, tested: how many pairs there are of both.
    """

    digits: int
    longer: tuple[int, ...]
    examples: int
    tested: int
    run: RunOptions


@final
@dataclass(frozen=True, eq=False)
class Outcome:
    """What a run gave. judged: by the number of digits."""

    train: Sums
    model: nesy.Model
    training: Training
    compile_seconds: float
    judged: Mapping[int, Judged]


def run_experiment(settings: Settings, console: Console) -> Outcome:
    """Train the holes on sums of short numbers, and judge the sketch on longer ones."""
    begin(settings.run)
    rngs = [np.random.default_rng(s) for s in np.random.SeedSequence(settings.run.seed).spawn(2)]
    learnt = random_sums(settings.examples, settings.digits, rngs[0])
    networks = {"result_net": nesy.logits(ColumnNetwork(10)), "carry_net": nesy.logits(ColumnNetwork(2))}
    start = time.perf_counter()
    model = sketch(networks, settings.digits, settings.run.engine)
    compile_seconds = time.perf_counter() - start
    training = fit(model, learnt, settings.run, console)
    judged = {}
    for digits in sorted({settings.digits, *settings.longer}):
        unseen = random_sums(settings.tested, digits, rngs[1])
        judged[digits] = judge(sketch(networks, digits, settings.run.engine), unseen)
    return Outcome(learnt, model, training, compile_seconds, judged)


def sketch(networks: Mapping[str, Network], digits: int, engine: str) -> nesy.Model:
    """The sketch for numbers of so many digits; models of one mapping share its networks."""
    return nesy.Model(nesy.load(RULES), networks, query=f"sum({digits}, I, D)", output="D", engine=engine)


def figures(settings: Settings, outcome: Outcome) -> dict[str, Any]:
    """What is recorded: accuracies are fractions, times in seconds, memory in bytes.

    What has no length in its name is of the longest numbers.
    """
    judged = outcome.judged
    longest = judged[max(judged)].figures()
    del longest["examples"]  # under a name that says of which kind they are
    return {
        **longest,
        **{f"accuracy_of_{n}_digits": found.task_accuracy for n, found in judged.items()},
        **run_figures(outcome.model, outcome.training, outcome.compile_seconds),
        "train_examples": len(outcome.train),
        "test_examples": settings.tested * len(judged),
    }


def protocol(settings: Settings) -> str:
    """How the data were made, in words."""
    lengths = ", ".join(map(str, sorted({settings.digits, *settings.longer})))
    return (
        f"{settings.examples:,} random pairs of {settings.digits}-digit numbers to learn from, with known"
        f" digits, supervised by the digits of the sum only; {settings.tested:,} other random pairs each of"
        f" {lengths} digits to test on; drawn with seed {settings.run.seed}; no carry within a sum is ever"
        " given; pairs to test on may be among those learnt from where numbers are short, and columns are"
    )
