"""What other people's Python code raises, turned into an error of ours."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import final

from nesy.errors import NesyError


@final
class Reporting:
    """A context in which whatever goes wrong becomes a `NesyError`, with the cause behind it.

    error: makes it of the type and text of what was raised. A `NesyError` passes through as it is, and
    so does what asks the program to end.
    """

    def __init__(self, error: Callable[[str], NesyError]) -> None:
        self._error = error

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Code that is not ours may raise anything: there is no shorter list to catch.
        if isinstance(raised, Exception) and not isinstance(raised, NesyError):
            text = str(raised)
            raise self._error(
                f"{type(raised).__name__}: {text}" if text else type(raised).__name__
            ) from raised
