"""A measurement in a process of its own, ended when it takes too long."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

Figures = dict[str, Any]


def isolated(measure: Callable[..., Figures], *arguments: Any, limit: float) -> Figures:
    """What `measure` returns; {"failed": reason} where it takes more than `limit` seconds or breaks down.

    It writes nothing to standard output: some systems' reports there cannot be turned off.
    """
    context = get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(there, measure, arguments), daemon=True)
    process.start()
    there.close()
    try:
        if not here.poll(limit):
            return {"failed": f"over {limit:g} s"}
        figures: Figures = here.recv()
    except EOFError:
        return {"failed": "broke down"}
    finally:
        # Systems start programs of their own, which would go on.
        if process.pid is not None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.join()
    return figures


def _run(results: Connection, measure: Callable[..., Figures], arguments: tuple[Any, ...]) -> None:
    os.setsid()
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    results.send(measure(*arguments))
