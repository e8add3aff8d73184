"""Every task against the list of all worlds, on random programs, beliefs and observations."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

import nesy
from nesy.engines.tasks.tasks import Tasks
from tests.unit.engines.tasks.posterior import Posterior, random_beliefs, random_question

QUESTIONS = 300
TOLERANCE = 1e-9
"""Sums of at most a few hundred products in float64 err by far less than this."""


def close(value: object) -> object:
    return pytest.approx(value, abs=TOLERANCE)


@pytest.mark.parametrize("seed", range(QUESTIONS))
def test_all_tasks(seed: int) -> None:
    rng, program, beliefs, observed = random_question(seed)
    tasks, truth = Tasks(program), Posterior(program, beliefs, observed)
    if truth.total == 0:
        for ask in (tasks.marginals, tasks.mpe, tasks.count, tasks.entropy, tasks.marginal_map):
            with pytest.raises(nesy.NesyError) as caught:
                ask(observed=observed, beliefs=beliefs)
            assert caught.value.code in ("inconsistent-evidence", "impossible-observation")
        return
    check_marginals(tasks, truth, beliefs, observed)
    check_worlds(tasks, truth, beliefs, observed)
    check_outputs(tasks, truth, beliefs, observed)
    other = random_beliefs(rng, program, impossible=seed % 2 == 0)
    check_divergence(tasks, truth, Posterior(program, other, observed), (beliefs, other, observed))


def check_marginals(tasks, truth, beliefs, observed) -> None:
    found = tasks.marginals(observed=observed, beliefs=beliefs)
    assert found.probability == close(truth.total)
    for number, symbol in enumerate(tasks.program.symbols):
        assert list(found.symbols[symbol.name].values()) == close(truth.symbol(number))
    for output, rows in zip(tasks.program.outputs, truth.truths, strict=True):
        assert list(found.outputs[output.name].values()) == close((rows @ truth.weights).tolist())
    assert tasks.entropy(observed=observed, beliefs=beliefs) == close(truth.entropy())


def check_worlds(tasks, truth, beliefs, observed) -> None:
    assert tasks.count(observed=observed, beliefs=beliefs) == len(truth.worlds)
    best = tasks.mpe(observed=observed, beliefs=beliefs)
    assert best.probability == close(truth.weights.max())
    assert_described(tasks, truth, best)
    for k in (1, 3, len(truth.worlds) + 1):
        listed = tasks.top(k, observed=observed, beliefs=beliefs)
        assert [indices(tasks, w) for w in listed] == truth.ranked()[:k]
        for world in listed:
            assert_described(tasks, truth, world)


def indices(tasks, world) -> tuple[int, ...]:
    return tuple(s.values.index(world.symbols[s.name]) for s in tasks.program.symbols)


def assert_described(tasks, truth, world) -> None:
    """The world is possible, its probability right, and its outputs what the rules make of it."""
    place = truth.worlds.tolist().index(list(indices(tasks, world)))
    assert world.probability == close(truth.weights[place])
    for output, rows in zip(tasks.program.outputs, truth.truths, strict=True):
        values = [v for v, row in zip(output.domain, rows, strict=True) if row[place]]
        found = world.outputs[output.name]
        assert found == (values[0] if len(values) == 1 else tuple(values))


def check_outputs(tasks, truth, beliefs, observed) -> None:
    options = [
        [o.domain.index(observed[o.name])] if o.name in observed else range(len(o.domain))
        for o in tasks.program.outputs
    ]
    weights = {
        choice: float(
            truth.weights @ np.all([t[v] for t, v in zip(truth.truths, choice, strict=True)], axis=0)
        )
        for choice in product(*options)
    }
    if max(weights.values()) == 0:
        with pytest.raises(nesy.NesyError) as caught:
            tasks.marginal_map(observed=observed, beliefs=beliefs)
        assert caught.value.code == "no-joint-value"
    else:
        check_best_outputs(tasks, weights, tasks.marginal_map(observed=observed, beliefs=beliefs))
    for number, output in enumerate(tasks.program.outputs):
        check_one_output(tasks, truth, (beliefs, observed), number, output)


def check_best_outputs(tasks, weights, found) -> None:
    assert found.probability == close(max(weights.values()))
    chosen = tuple(o.domain.index(found.outputs[o.name]) for o in tasks.program.outputs)
    assert weights[chosen] == close(max(weights.values()))


def check_one_output(tasks, truth, given, number, output) -> None:
    beliefs, observed = given
    symbol = tasks.program.symbols[0].name
    if not truth.functional(number):
        with pytest.raises(nesy.NesyError) as caught:
            tasks.mutual_information(output.name, symbol, observed=observed, beliefs=beliefs)
        assert caught.value.code == "not-functional"
        return
    found = tasks.mutual_information(output.name, symbol, observed=observed, beliefs=beliefs)
    assert found == close(truth.information(number, 0))
    if isinstance(output.domain[0], int):
        mean = tasks.expected(output.name, observed=observed, beliefs=beliefs)
        assert mean == close(float(np.array(output.domain) @ truth.truths[number] @ truth.weights))


def check_divergence(tasks, truth, other, asked) -> None:
    beliefs, second, observed = asked
    if other.total == 0:
        return
    weights = dict(zip(map(tuple, other.worlds.tolist()), other.weights.tolist(), strict=True))
    expected = 0.0
    for world, weight in zip(truth.worlds.tolist(), truth.weights.tolist(), strict=True):
        against = weights.get(tuple(world), 0.0)
        expected += weight * np.log(weight / against) if against else np.inf
    assert tasks.kl(second, beliefs=beliefs, observed=observed) == close(expected)
