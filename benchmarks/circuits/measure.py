"""What is measured: a pass forward and backward, and how fast this machine copies memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import numpy as np
import torch

from nesy.kernels.numba_plan import Plan

Work = Callable[[], Any]

SHORT = 0.02
"""Seconds; a work that takes less is run in blocks."""

BLOCK = 5

COPIED = 2**28
"""Bytes that are copied to measure bandwidth: beyond any cache."""


def best_each(works: Sequence[Work], times: int, seconds: float) -> list[float]:
    """The least seconds of each work, in turns, at most `times`, until about `seconds` have gone.

    Short works run a few times in each turn: the first run after another work starts with a cold cache.
    """
    start = time.perf_counter()
    best = [_seconds(work) for work in works]
    blocks = [BLOCK if taken < SHORT else 1 for taken in best]
    for _ in range(times):
        if time.perf_counter() - start > seconds:
            break
        for i, (work, block) in enumerate(zip(works, blocks, strict=True)):
            best[i] = min(best[i], *(_seconds(work) for _ in range(block)))
    return best


def _seconds(work: Work) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


@contextmanager
def threads(count: int) -> Iterator[None]:
    """torch, and what follows it, on so many threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def copy_bandwidth(workers: int) -> float:
    """Bytes read plus bytes written in a second, by as many threads, each copying a part; the best of 7."""
    source = np.zeros(COPIED // 8)
    target = np.ones_like(source)
    cuts = [len(source) * i // workers for i in range(workers + 1)]
    parts = [slice(a, b) for a, b in pairwise(cuts)]

    def copy(part: slice) -> None:
        np.copyto(target[part], source[part])

    with ThreadPoolExecutor(workers) as pool:
        (seconds,) = best_each([lambda: list(pool.map(copy, parts))], 7, 10.0)
    return 2 * source.nbytes / seconds


def forward_bytes(plan: Plan, batch: int) -> int:
    """Bytes of values that the forward pass reads and writes: a number per factor, and one per row."""
    return 8 * batch * (plan.work + plan.rows)


def backward_bytes(plan: Plan, batch: int) -> int:
    """Bytes of the backward pass: the forward pass again; then each factor is read, and its gradient read and
    written; each row's value and gradient are read, and the gradient was set to zero before.
    """
    return forward_bytes(plan, batch) + 8 * batch * (3 * plan.work + 3 * plan.rows)
