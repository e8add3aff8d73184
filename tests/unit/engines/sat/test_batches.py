"""Batches over processes, threads and a cluster give what one process gives."""

from __future__ import annotations

import sys

import joblib
import numpy as np
import pytest

from nesy.engines.sat import Sat, batches, progress
from nesy.errors import EngineError
from tests.unit.engines.problems import carry_chain
from tests.unit.engines.sat.problems import permutation, random_rows

PROGRAM = carry_chain(2)
ROWS = random_rows(PROGRAM, 20, 0, sharpness=2.0)
TARGETS = np.array([[i % 10, -1, i % 2] for i in range(20)])


def answers(jobs: int | None) -> list[np.ndarray]:
    inference = Sat(jobs=jobs).prepare(PROGRAM)
    worlds = inference.best_worlds(ROWS, TARGETS, k=2)
    logs = inference.log_prob(ROWS, TARGETS)
    return [worlds.values, worlds.scores, worlds.bound, logs, inference.predict(ROWS)]


def assert_the_same(jobs: int | None) -> None:
    for found, expected in zip(answers(jobs), answers(1), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_two_processes() -> None:
    with joblib.parallel_config(backend="loky"):
        assert_the_same(2)


def test_threads_each_have_a_solver_of_their_own() -> None:
    with joblib.parallel_config(backend="threading", n_jobs=3):
        assert_the_same(None)


def test_a_dask_cluster() -> None:
    distributed = pytest.importorskip("distributed", reason="distributed, of the extra dev, is not installed")
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": False, "dashboard_address": None}
    with distributed.Client(**options), joblib.parallel_config(backend="dask", wait_for_workers_timeout=20):
        assert_the_same(None)


def test_a_worker_loads_a_program_once(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = []
    make = batches.Search
    monkeypatch.setattr(batches, "Search", lambda encoded: loaded.append(encoded.key) or make(encoded))
    monkeypatch.setattr(batches, "_SEARCHES_KEPT", 1)
    batches._kept.__dict__.clear()
    with joblib.parallel_config(backend="sequential"):
        first, other = (Sat(jobs=2).prepare(p) for p in (PROGRAM, permutation(3)))
        for _ in range(3):
            first.predict(ROWS)
        assert len(loaded) == 1
        other.predict(random_rows(permutation(3), 3, 0))
        first.predict(ROWS)
    assert len(loaded) == 3
    assert len(set(loaded)) == 2
    batches._kept.__dict__.clear()


def test_an_error_names_the_example_of_the_whole_batch() -> None:
    inference = Sat(jobs=2).prepare(PROGRAM)
    targets = TARGETS.copy()
    targets[17] = [9, 9, 1]  # 99 + 99 is 198
    with joblib.parallel_config(backend="threading"), pytest.raises(EngineError) as caught:
        inference.loss(ROWS, targets)
    assert caught.value.code == "impossible-target"
    assert "example 17 " in caught.value.message


def test_without_joblib_several_jobs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "joblib", None)
    with pytest.raises(EngineError) as caught:
        Sat(jobs=2).prepare(PROGRAM)
    assert caught.value.code == "missing-package"
    assert caught.value.hint is not None
    assert "nesy[parallel]" in caught.value.hint
    assert Sat().prepare(PROGRAM).predict(ROWS).shape == (20, 3)


class Terminal:
    """Standard error as a terminal that remembers."""

    def __init__(self) -> None:
        self.text = ""
        self.encoding = "utf-8"

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        pass


@pytest.mark.parametrize(
    ("patience", "terminal", "shown"), [(0.0, True, True), (9.0, True, False), (0.0, False, False)]
)
def test_a_bar_is_shown_on_a_terminal_once_a_call_takes_long(
    monkeypatch: pytest.MonkeyPatch, patience: float, terminal: bool, shown: bool
) -> None:
    stream = Terminal()
    stream.isatty = lambda: terminal  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(progress, "_PATIENCE", patience)
    monkeypatch.setenv("TERM", "xterm")
    inference = Sat().prepare(PROGRAM)
    inference.predict(ROWS)
    assert ("solving" in stream.text) == shown
    stream.text = ""
    inference.loss(ROWS, TARGETS)
    assert stream.text == "", "a training loop has a display of its own"
