"""What a search for the best worlds answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from nesy.engines.inference import Array


@final
@dataclass(frozen=True, slots=True)
class BestWorlds:
    """The k most probable worlds of B examples, best first. Arrays are of the kind that beliefs were.

    values: (B, k, n) int64: the index of each symbol's value; -1 for symbols that neither an output
    nor the condition depends on, and throughout where there are fewer worlds.
    scores: (B, k): the log-probability of each world, in nats, summed over the symbols it decides;
    -inf where there is no world.
    optimal: (B, k) bool: whether a world is proven to be the next best, up to the rounding that
    `Sat.scale` states. False where a time limit ended the search, and where there is no world.
    bound: (B,): no world but those marked optimal has a higher score, in nats, rounding allowed for;
    -inf where there is no other world.
    """

    values: Array
    scores: Array
    optimal: Array
    bound: Array
