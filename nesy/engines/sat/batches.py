"""Many questions at once: over processes, and with a bar where they take long."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, final

from nesy.engines.sat.costs import Costs
from nesy.engines.sat.encoded import Encoded
from nesy.engines.sat.progress import Bar
from nesy.engines.sat.search import Found, Question, Search
from nesy.errors import EngineError

Asked = tuple[int, Question]
"""A row of the costs, and what is asked of it."""

_CHUNKS_PER_JOB = 4
"""So that jobs whose questions are easy take over from others."""

_SEARCHES_KEPT = 4
"""How many programs a worker keeps loaded."""

_kept = threading.local()


def answered(search: Search, costs: Costs, asked: Sequence[Asked], *, shown: bool) -> list[Found]:
    """The answers, one after the other."""
    with Bar(len(asked), shown=shown) as bar:
        found = []
        for row, question in asked:
            found.append(search.answer(costs, row, question))
            bar.advance(1)
        return found


@final
class Workers:
    """Other processes, or machines, that answer questions about one program.

    jobs: as for joblib. Each worker loads the program when it first meets it, and keeps it.
    Raises `EngineError` (missing-package) without joblib.
    """

    def __init__(self, encoded: Encoded, jobs: int | None) -> None:
        self._encoded = encoded
        self._jobs = jobs
        try:
            self._joblib = import_module("joblib")
        except ImportError as reason:
            raise EngineError(
                "missing-package",
                f"joblib is needed to share a batch between processes, and cannot be imported: {reason}",
                hint="pip install 'nesy[parallel]', or leave jobs at 1",
            ) from reason

    def answered(self, costs: Costs, asked: Sequence[Asked], *, shown: bool) -> list[Found]:
        """The answers, in the order asked. The fewest questions there is work to send for are two."""
        parallel = self._joblib.Parallel(n_jobs=self._jobs, return_as="generator")
        chunks = list(_chunks(asked, _CHUNKS_PER_JOB * self._joblib.effective_n_jobs(self._jobs)))
        tasks = (self._joblib.delayed(_work)(self._encoded, *_packed(costs, chunk)) for chunk in chunks)
        found: list[Found] = []
        with Bar(len(asked), shown=shown) as bar:
            for part in parallel(tasks):
                found += part
                bar.advance(len(part))
        return found


def _chunks(asked: Sequence[Asked], count: int) -> Iterator[Sequence[Asked]]:
    size = -(-len(asked) // count)
    for start in range(0, len(asked), size):
        yield asked[start : start + size]


def _packed(costs: Costs, chunk: Sequence[Asked]) -> tuple[Costs, list[Asked]]:
    """The rows that a chunk is about, and its questions about them."""
    rows = sorted({row for row, _ in chunk})
    places = {row: place for place, row in enumerate(rows)}
    return costs.rows(rows), [(places[row], question) for row, question in chunk]


def _work(encoded: Encoded, costs: Costs, asked: Sequence[Asked]) -> list[Found]:
    """What a worker does."""
    search = _loaded(encoded)
    return [search.answer(costs, row, question) for row, question in asked]


def _loaded(encoded: Encoded) -> Search:
    """The solver that this thread has for a program; the last few are kept."""
    # A solver serves one thread at a time, and some backends work in threads.
    kept: OrderedDict[str, Any] = _kept.__dict__.setdefault("searches", OrderedDict())
    search = kept.pop(encoded.key, None) or Search(encoded)
    kept[encoded.key] = search
    while len(kept) > _SEARCHES_KEPT:
        kept.popitem(last=False)
    return search
