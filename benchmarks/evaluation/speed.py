"""Worlds a second: by the bit, by array operations, in plain numpy, and what the gates alone would allow."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.evaluation.programs import plainly, random_beliefs, random_worlds, rules_of
from nesy.engines.sampling.counting import Counter
from nesy.engines.sampling.program import SampledProgram
from nesy.kernels.worlds.bits import TILE, WORD, fill_gates
from nesy.kernels.worlds.levels import LevelEvaluator
from nesy.kernels.worlds.outputs import OutputEvaluator
from nesy.logic.program import GroundProgram

FEW = 4096
"""Worlds for what is slow."""


def speed(name: str, program: GroundProgram, worlds: int, repeat: int) -> dict[str, Any]:
    """The figures of one program. Raises `AssertionError` where answers differ.

    Processor time of one thread, the best of `repeat` turns; nanoseconds are per world.
    """
    given = random_worlds(program, worlds, 1)
    evaluator = OutputEvaluator(program)
    few = given[:FEW]
    np.testing.assert_array_equal(evaluator.evaluate(given[None]).values[0, :FEW], plainly(program, few))
    sampled = SampledProgram(program)
    literals = [x for output in program.outputs for x in output.literals]
    levels = LevelEvaluator(program.graph, literals)
    tile = np.zeros((sampled.plan.rows, TILE), np.uint64)
    counter, beliefs = Counter(sampled, worlds), _probabilities(program)
    seeds = np.zeros(1, np.uint64)
    times = {
        "nanoseconds": best(lambda: evaluator.evaluate(given[None]), repeat) / worlds,
        "array_nanoseconds": best(lambda: levels.evaluate(few), 3) / FEW,
        "plain_nanoseconds": best(lambda: plainly(program, few), 3) / FEW,
        "gate_nanoseconds": best(lambda: fill_gates(sampled.plan.layout, tile), 20 * repeat) / (TILE * WORD),
        "drawn_nanoseconds": best(lambda: counter.values(beliefs, seeds), repeat) / counter.worlds,
    }
    times = {key: 1e9 * seconds for key, seconds in times.items()}
    rules, edges, each = rules_of(program), sampled.plan.edges, times["nanoseconds"]
    return {
        "program": name,
        "symbols": len(program.symbols),
        "rules": rules,
        "edges": edges,
        "worlds": worlds,
        **{key: round(value, 2) for key, value in times.items()},
        "rule_worlds_per_second": round(1e9 * rules / each),
        "edge_worlds_per_second": round(1e9 * edges / each),
        "plain_rule_worlds_per_second": round(1e9 * rules / times["plain_nanoseconds"]),
        "over_plain": round(times["plain_nanoseconds"] / each, 1),
        "over_gates": round(each / times["gate_nanoseconds"], 2),
    }


def best(work: Callable[[], Any], repeat: int) -> float:
    """The least processor time of several turns, in seconds, after one that does not count."""
    work()
    times = []
    for _ in range(repeat):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return max(min(times), 1e-9)


def _probabilities(program: GroundProgram) -> NDArray[np.float64]:
    scores = np.exp(random_beliefs(program, 1, 2))
    totals = np.add.reduceat(scores, program.offsets[:-1], axis=1)
    found: NDArray[np.float64] = scores / np.repeat(totals, np.diff(program.offsets), axis=1)
    return found
