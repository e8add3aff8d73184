"""How much a grounding may spend, for programs whose grounding may be too large or have no end."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import final

from nesy.errors import EngineError

HINT = "write some of nodes=1e6, seconds=10 and memory=2G, with commas between"
_BYTES = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


@final
@dataclass(frozen=True)
class Budget:
    """The most that one grounding may spend; None is no limit.

    nodes: instances of rules, those under way included. seconds: of wall time. memory: bytes by which
    the process may grow. All are looked at now and then, so that a little more may be spent.
    Raises `EngineError` (malformed-budget) where a limit is not a positive number.
    """

    nodes: int | None = None
    seconds: float | None = None
    memory: int | None = None

    def __post_init__(self) -> None:
        for name in ("nodes", "seconds", "memory"):
            limit = getattr(self, name)
            if limit is not None and not limit > 0:
                raise _malformed(f"{name} must be a positive number, not {limit}")

    @staticmethod
    def parse(text: str) -> Budget:
        """A budget as the command line writes it: `nodes=1e6,seconds=10,memory=2G`.

        Raises `EngineError` (malformed-budget).
        Cost: O(length of text).
        """
        limits: dict[str, float] = {}
        for part in text.split(","):
            name, equals, amount = (p.strip() for p in part.partition("="))
            if not equals or name not in ("nodes", "seconds", "memory"):
                raise _malformed(f"{part.strip()!r} is no limit of a budget")
            if name in limits:
                raise _malformed(f"{name} is limited twice")
            limits[name] = _amount(name, amount)
        nodes, memory = limits.get("nodes"), limits.get("memory")
        return Budget(
            None if nodes is None else math.ceil(nodes),
            limits.get("seconds"),
            None if memory is None else math.ceil(memory),
        )


def _amount(name: str, text: str) -> float:
    """A number; one of bytes may end in K, M, G or T, with or without a B."""
    number, factor = text, 1
    if name == "memory":
        number = text.upper().removesuffix("B")
        factor = _BYTES.get(number[-1:], 1)
        number = number.rstrip("KMGT") if factor > 1 else number
    try:
        found = float(number) * factor
    except ValueError:
        raise _malformed(f"{text!r} is no amount of {name}") from None
    if not 0 < found < math.inf:
        raise _malformed(f"{name} must be a positive number, not {text}")
    return found


def _malformed(message: str) -> EngineError:
    return EngineError("malformed-budget", message, hint=HINT)
