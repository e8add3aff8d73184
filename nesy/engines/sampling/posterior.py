"""Outputs given a condition that random worlds seldom meet: from guided draws of worlds that do."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nesy.engines.sampling.counting import Counter, Seeds
from nesy.engines.sampling.estimates import FloatArray
from nesy.kernels.worlds.evaluator import WorldEvaluator
from nesy.kernels.worlds.guided import Guided, fill_rest
from nesy.kernels.worlds.particles import UNREAD


def shares_given(
    counter: Counter, values: WorldEvaluator, probabilities: FloatArray, seeds: Seeds
) -> tuple[FloatArray, FloatArray, NDArray[np.bool_]]:
    """(B, K) and (B, K): the probability of each literal given the condition, and its standard error.

    values: decides the literals. And (B,) bool, whether any world met the condition.
    Cost: that of guided draws of the condition, and O(edges * S) for each example.
    """
    program = counter.program
    events = [program.condition] * len(probabilities)
    found = counter.guided(probabilities, events, np.arange(len(probabilities)), seeds)
    rows = []
    for guided, own, seed in zip(found, probabilities, seeds, strict=True):
        worlds = _completed(counter, guided, own, seed)
        rows.append(_weighed(guided, values.evaluate(worlds.T)))
    shares = np.array([row[0] for row in rows]).reshape(len(rows), -1)
    errors = np.array([row[1] for row in rows]).reshape(len(rows), -1)
    alive = np.array([(g.log_probability > -np.inf).any() for g in found], dtype=np.bool_)
    return shares, errors, alive


def _completed(
    counter: Counter, guided: Guided, probabilities: FloatArray, seed: np.uint64
) -> NDArray[np.int32]:
    """(n, particles): the worlds, with those symbols that the condition left unread."""
    program, own = counter.program, guided.worlds.shape[1] // len(guided.log_probability)
    worlds = np.full((len(program.starts), guided.worlds.shape[1]), UNREAD, np.int32)
    worlds[program.stages(program.condition).symbols] = guided.worlds
    other = np.array([seed + np.uint64(1 << 41)], dtype=np.uint64)
    fill_rest(program.plan.layout, probabilities, other, own, worlds)
    return worlds


def _weighed(guided: Guided, holds: NDArray[np.bool_]) -> tuple[FloatArray, FloatArray]:
    """(K,) and (K,): the share of each literal among particles, by weight, and its standard error."""
    logs = guided.log_probability
    if np.isneginf(logs).all():
        return np.zeros(len(holds)), np.ones(len(holds))
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    each = (holds * guided.weights).reshape(len(holds), len(logs), -1).mean(axis=2)
    share = each @ weights
    # What filters differ by; and never less than what so few independent worlds would be off by.
    spread = np.sqrt((((each - share[:, None]) * weights) ** 2).sum(axis=1))
    effective = float((weights @ guided.effective) / (weights**2).sum())
    smoothed = (share * effective + 1) / (effective + 2)
    return np.minimum(share, 1.0), np.maximum(spread, np.sqrt(smoothed * (1 - smoothed) / (effective + 2)))
