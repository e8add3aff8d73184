"""What a long computation is at: stages that whoever waits for it may look at from another thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True, slots=True)
class Stage:
    """A stage that is under way. done: how far it is, in words; it may be asked at any moment."""

    name: str
    done: Callable[[], str] | None = None

    def __str__(self) -> str:
        return self.name if self.done is None else f"{self.name}, {self.done()}"


_UNDER_WAY: ContextVar[list[Stage] | None] = ContextVar("under_way", default=None)


@contextmanager
def watched(stages: list[Stage]) -> Iterator[None]:
    """While the block runs: keep in a list what is under way, the innermost stage last."""
    before = _UNDER_WAY.set(stages)
    try:
        yield
    finally:
        _UNDER_WAY.reset(before)


@contextmanager
def stage(name: str, done: Callable[[], str] | None = None) -> Iterator[None]:
    """The block is a stage of what is under way. Where nobody watches it costs nothing."""
    stages = _UNDER_WAY.get()
    if stages is None:
        yield
        return
    stages.append(Stage(name, done))
    try:
        yield
    finally:
        stages.pop()
