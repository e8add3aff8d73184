"""Threads for compiled kernels that release the interpreter: as many as torch may use, where it pays.

One pool of threads must own the cores at a time. A kernel runs while torch waits for it, on threads that
sleep when they have nothing to do, so the two do not meet.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache

ENOUGH = 4_000_000
"""Edge-columns that are worth a thread: about a millisecond, twenty times what waking one costs."""

PARTS = 4
"""Parts per thread: a thread whose core is taken by somebody else leaves its parts to the others."""

Worker = Callable[[int, int], None]
"""(first, last): does the items from `first` up to `last`, not included."""


def threads_for(work: int) -> int:
    """How many threads so many edge-columns are worth."""
    return 1 if work < 2 * ENOUGH else min(allowed(), work // ENOUGH)


def in_parts(worker: Callable[[], Worker], count: int, threads: int) -> None:
    """Do `count` items on some threads, the calling one among them, and wait for all.

    worker: called once in each thread; what it returns is called with one part after the other.
    An error in any thread is raised when all have ended.
    """
    if min(threads, count) <= 1:
        worker()(0, count)
        return
    parts = min(count, PARTS * threads)
    claims = iter(range(parts))
    others = [_pool().submit(_work, worker, claims, parts, count) for _ in range(threads - 1)]
    try:
        _work(worker, claims, parts, count)
    finally:
        wait(others)
    for other in others:
        other.result()


def _work(worker: Callable[[], Worker], claims: Iterator[int], parts: int, count: int) -> None:
    run = worker()
    # Taking the next number of an iterator over a range is one step of the interpreter: none is taken twice.
    for part in claims:
        run(count * part // parts, count * (part + 1) // parts)


def allowed() -> int:
    """Torch's own number of threads where it is loaded, else the cores this process may use."""
    torch = sys.modules.get("torch")
    if torch is not None:
        return int(torch.get_num_threads())
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max(1, (os.cpu_count() or 1) - 1), thread_name_prefix="nesy-kernel")


if hasattr(os, "register_at_fork"):
    # A forked process has the pool but not its threads.
    os.register_at_fork(after_in_child=_pool.cache_clear)
