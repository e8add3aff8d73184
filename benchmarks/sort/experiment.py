"""The parts of a run put together: lists, model, training, and the filled sketch on longer lists."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import numpy as np
from rich.console import Console
from torch import Tensor, nn

import nesy
from benchmarks.learning.judging import Judged, judge
from benchmarks.learning.running import RunOptions, begin, fit, run_figures
from benchmarks.learning.train import Training
from benchmarks.sort.data import Lists, random_lists
from benchmarks.sort.networks import SwapNetwork

LEARNT = Path(__file__).with_name("learnt.nesy")
"""The sketch, its hole filled by a network."""

DECIDED = Path(__file__).with_name("decided.nesy")
"""The sketch, its hole filled by decisions that are made."""


@final
@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is, in full.

    length: of the lists that are learnt from. longer: of those that are tested on.
    examples, tested: how many lists there are of both.
    """

    length: int
    longer: tuple[int, ...]
    examples: int
    tested: int
    run: RunOptions


@final
@dataclass(frozen=True, eq=False)
class Outcome:
    """What a run gave. judged: on new lists as long as those learnt from, by the model.

    longer: of each length the share of lists that the filled sketch sorts. decisions: the share of the 90
    pairs of different digits on which the network decides right.
    """

    model: nesy.Model
    training: Training
    compile_seconds: float
    judged: Judged
    longer: Mapping[int, float]
    decisions: float


def run_experiment(settings: Settings, console: Console) -> Outcome:
    """Train the hole on short lists, then sort longer ones by what it has learnt."""
    begin(settings.run)
    rngs = [np.random.default_rng(s) for s in np.random.SeedSequence(settings.run.seed).spawn(2)]
    learnt = random_lists(settings.examples, settings.length, rngs[0])
    network = SwapNetwork()
    start = time.perf_counter()
    model = build_model(network, settings.length, settings.run.engine)
    compile_seconds = time.perf_counter() - start
    training = fit(model, learnt, settings.run, console)
    judged = judge(model, random_lists(settings.tested, settings.length, rngs[1]))
    decisions = network.decisions()
    longer = {
        length: share_sorted(decisions, random_lists(settings.tested, length, rngs[1]))
        for length in settings.longer
    }
    return Outcome(model, training, compile_seconds, judged, longer, share_right(decisions))


def build_model(network: nn.Module, length: int, engine: str) -> nesy.Model:
    """The sketch for lists of a length: an output for each place, over the items."""
    items = ",".join(f"x({i})" for i in range(length))
    return nesy.Model(
        nesy.load(LEARNT),
        {"swap_net": nesy.logits(network)},
        query=f"place([{items}], P, X)",
        output="X",
        engine=engine,
    )


def sort_by(decisions: Tensor, lists: Lists) -> list[list[int]]:
    """What the sketch makes of lists when its hole is filled by decisions (10, 10).

    Cost: quadratic in the length of a list, for nothing is uncertain any more.
    """
    swapped, digits = decisions.tolist(), lists.digits.tolist()

    @nesy.foreign("+int", "+int")
    def decided(first: int, second: int) -> bool:
        return bool(swapped[first][second])

    @nesy.foreign("-int", "-list")
    def given() -> Iterator[tuple[int, list[int]]]:
        yield from enumerate(digits)

    solution = nesy.solve(nesy.load(DECIDED, foreign=[decided, given]))
    found: dict[int, list[int]] = {}
    for atom in solution:  # sorted(3,[0,1,1])
        number, made = json.loads(f"[{str(atom)[len('sorted(') : -1]}]")
        found[number] = made
    return [found[number] for number in range(len(digits))]


def share_sorted(decisions: Tensor, lists: Lists) -> float:
    """The share of lists that are sorted from end to end."""
    right = [made == sorted(made) for made in sort_by(decisions, lists)]
    return float(np.mean(right))


def share_right(decisions: Tensor) -> float:
    """The share of the 90 pairs of different digits that are swapped exactly where the first is greater."""
    pairs = [(a, b) for a in range(10) for b in range(10) if a != b]
    return float(np.mean([bool(decisions[a, b]) == (a > b) for a, b in pairs]))


def figures(settings: Settings, outcome: Outcome) -> dict[str, Any]:
    """What is recorded: accuracies are fractions, times in seconds, memory in bytes."""
    judged = outcome.judged.figures()
    return {
        "test_examples": judged.pop("examples") * (1 + len(outcome.longer)),
        **judged,
        f"accuracy_of_length_{settings.length}": outcome.judged.task_accuracy,
        **{f"accuracy_of_length_{length}": share for length, share in outcome.longer.items()},
        "decision_accuracy": outcome.decisions,
        **run_figures(outcome.model, outcome.training, outcome.compile_seconds),
        "train_examples": settings.examples,
    }


def protocol(settings: Settings) -> str:
    """How the data were made, in words."""
    lengths = ", ".join(map(str, settings.longer))
    return (
        f"{settings.examples:,} random lists of {settings.length} digits to learn from, supervised by which"
        f" item stands where in the sorted list, and by nothing where items are equal; {settings.tested:,}"
        f" other random lists of that length (some may be among those learnt from) to judge the model by, and"
        f" {settings.tested:,} each of lengths {lengths}, sorted by the same rules with the more probable"
        f" decision for each two digits; drawn with seed {settings.run.seed}; no decision is ever given"
    )
