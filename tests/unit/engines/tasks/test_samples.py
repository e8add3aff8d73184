"""Samples: as often as they should be, the same for the same seed, and never impossible."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from nesy.engines.tasks import sampling
from nesy.engines.tasks.tasks import Tasks
from tests.unit.engines.tasks.posterior import Posterior, random_question

DRAWN = 20_000


def statistic(truth: Posterior, worlds: np.ndarray) -> tuple[float, int]:
    """Pearson's chi-square and its degrees of freedom, worlds that are rarely expected taken together."""
    seen = Counter(map(tuple, worlds.tolist()))
    expected = dict(zip(map(tuple, truth.worlds.tolist()), truth.weights * len(worlds), strict=True))
    assert set(seen) <= set(expected), "an impossible world"
    cells = [(seen[w], e) for w, e in expected.items() if e >= 5]
    rest = [(seen[w], e) for w, e in expected.items() if e < 5]
    if rest:
        cells.append((sum(o for o, _ in rest), sum(e for _, e in rest)))
    return sum((o - e) ** 2 / max(e, 1.0) for o, e in cells), len(cells) - 1


@pytest.mark.parametrize("seed", range(30))
def test_worlds_are_as_frequent_as_they_are_probable(seed: int) -> None:
    _, program, beliefs, observed = random_question(f"samples {seed}")
    truth = Posterior(program, beliefs, observed)
    if truth.total == 0:
        return
    drawn = Tasks(program).sample(DRAWN, seed=seed, beliefs=beliefs, observed=observed)
    value, freedom = statistic(truth, drawn.worlds)
    # Six standard deviations and a margin for few degrees: by chance once in millions.
    assert value <= freedom + 6 * np.sqrt(2 * freedom) + 12
    for output, rows in zip(program.outputs, truth.truths, strict=True):
        expected = rows @ truth.weights
        assert drawn.holds(output.name).mean(axis=0) == pytest.approx(expected, abs=6 / np.sqrt(DRAWN))


def test_the_statistic_notices_wrong_frequencies() -> None:
    _, program, beliefs, _ = random_question("samples 38")
    truth = Posterior(program, beliefs, {})
    assert len(truth.worlds) > 2
    uniform = truth.worlds[np.random.default_rng(0).integers(len(truth.worlds), size=DRAWN)]
    value, freedom = statistic(truth, uniform)
    assert value > freedom + 6 * np.sqrt(2 * freedom) + 12


def test_equal_seeds_give_equal_worlds(monkeypatch: pytest.MonkeyPatch) -> None:
    _, program, beliefs, _ = random_question("samples 38")
    tasks = Tasks(program)
    first, second, third = (tasks.sample(50, seed=s, beliefs=beliefs).worlds for s in (1, 1, 2))
    assert (first == second).all()
    assert (first != third).any()
    monkeypatch.setattr(sampling, "CHUNK", 7 * len(program.symbols))
    assert tasks.sample(50, seed=1, beliefs=beliefs).worlds.shape == first.shape


def test_samples_by_name() -> None:
    _, program, beliefs, _ = random_question("samples 38")
    drawn = Tasks(program).sample(20, beliefs=beliefs)
    rows = list(drawn.rows())
    assert len(drawn) == len(rows) == 20
    for number, symbol in enumerate(program.symbols):
        values = [symbol.values[v] for v in drawn.worlds[:, number]]
        assert drawn.symbol(symbol.name).tolist() == values
        assert [r["symbols"][symbol.name] for r in rows] == values
    shares = drawn.frequencies()
    for output in program.outputs:
        assert list(shares[output.name].values()) == drawn.holds(output.name).mean(axis=0).tolist()
    assert len(Tasks(program).sample(0, beliefs=beliefs)) == 0
